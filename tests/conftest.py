"""The databases that the tests run on: SQLite always, PostgreSQL where one can be reached."""

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from worker.storage.database import Database

POSTGRES_URL = (
    os.environ.get("DYADWATCH_TEST_DATABASE_URL")
    or "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)


def _why_no_postgres() -> str | None:
    try:
        engine = create_engine(POSTGRES_URL, connect_args={"connect_timeout": 3})
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
        engine.dispose()
    except (SQLAlchemyError, ImportError, TypeError, ValueError) as error:
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    return None


WHY_NO_POSTGRES = _why_no_postgres()
BACKENDS = ["sqlite"] if WHY_NO_POSTGRES else ["sqlite", "postgresql"]


def pytest_configure() -> None:
    # What runs in the background of a shell has these ignored, and so would have all that is
    # started by tests, some of which are about being stopped.
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, default)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if WHY_NO_POSTGRES:
        terminalreporter.write_line(
            f"NOT RUN on PostgreSQL, SQLite alone was tested: {WHY_NO_POSTGRES}. "
            "Name a server with DYADWATCH_TEST_DATABASE_URL.",
            yellow=True,
        )


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of this test's own: a file, or a schema in PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'dyadwatch.db'}"
        return
    if request.param not in BACKENDS:
        pytest.skip(f"no PostgreSQL: {WHY_NO_POSTGRES}")
    schema = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f"CREATE SCHEMA {schema}"))
    own = make_url(POSTGRES_URL).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.connect() as conn:
            conn.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with today's schema, once on SQLite and once on PostgreSQL."""
    db = Database(database_url)
    db.upgrade()
    yield db
    db.dispose()
