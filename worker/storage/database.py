"""One database, SQLite or PostgreSQL, with the settings under which many processes may write.

DatabaseError
├── DatabaseUnavailable   it cannot be reached or used; the message says what to do
└── DatabaseBusy          five attempts met other writers; try again later
"""

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from worker.trouble import Trouble

ATTEMPTS = 5
SQLITE_TIMEOUT_SECONDS = 30
POSTGRES_LIMITS = "-c lock_timeout=3s -c statement_timeout=30s -c timezone=UTC"

#: Deadlock, serialisation failure, lock not available: the transaction may simply run again.
_TRANSIENT = frozenset({"40P01", "40001", "55P03"})
_WRITES = "dyadwatch_writes"

T = TypeVar("T")


class DatabaseError(Trouble):
    """Anything of this module; the message is a sentence for people."""


class DatabaseUnavailable(DatabaseError):
    """The database cannot be reached or used; the message names it and the remedy."""


class DatabaseBusy(DatabaseError):
    """Other writers were in the way five times running; the same call may work later."""


class Database:
    """Connections to one database. Safe to carry into forked children: each makes its own.

    A wrong `url` is a `DatabaseUnavailable`; nothing is connected before the first use.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._url = _checked(url)
        self._engine = _build_engine(self._url)
        self._pid = os.getpid()

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @property
    def name(self) -> str:
        """The URL without its password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._url.get_backend_name()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that reads; keep it short, an open reader lets SQLite's log grow."""
        with self._connect(writes=False) as conn, conn.begin():
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back on an exception.

        On SQLite it holds the write lock from its start, so what it reads it may rely on.
        """
        with self._connect(writes=True) as conn, conn.begin():
            yield conn

    def retrying(self, work: Callable[[Connection], T]) -> T:
        """The outcome of `work` in a write transaction, run again when another writer was in the
        way or the connection was lost (at most 5 times, then `DatabaseBusy`). `work` must have no
        other effect, and bear to be run again after a commit of which the answer was lost."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.write() as conn:
                    return work(conn)
            except DBAPIError as error:
                if not is_transient(error):
                    raise
                if attempt == ATTEMPTS:
                    raise DatabaseBusy(
                        f"Other writers kept {self.name} busy for {ATTEMPTS} attempts; "
                        "run this again, and use PostgreSQL if it happens often."
                    ) from error
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311  jitter, no secret
        raise AssertionError("unreachable")

    def upgrade(self) -> None:
        """Bring the schema to the newest version; several processes may do so at once."""
        from worker.storage.migrate import upgrade  # alembic is slow to import

        upgrade(self)

    def check(self) -> str | None:
        """What keeps this database from working, as a sentence; None when nothing does."""
        from worker.storage.migrate import pending

        try:
            if pending(self):
                return f"{self.name} has no current schema; `dyadwatch run` brings it up to date."
            with self.write() as conn:
                conn.exec_driver_sql("SELECT 1")
        except DatabaseError as error:
            return str(error)
        except DBAPIError as error:
            return f"{self.name} does not work: {_first_line(error)}."
        return None

    def exists(self) -> bool:
        """Whether there is anything to connect to: false for a file that is not there yet."""
        return self.dialect != "sqlite" or Path(self._url.database or "").exists()

    def dispose(self) -> None:
        """Close this process's connections; in a forked child, forget the parent's instead."""
        self._engine.dispose(close=self._pid == os.getpid())
        self._pid = os.getpid()

    @contextmanager
    def _connect(self, *, writes: bool) -> Iterator[Connection]:
        if self._pid != os.getpid():
            self.dispose()
        try:
            conn = self._engine.connect()
        except (DBAPIError, sqlite3.Error) as error:
            raise DatabaseUnavailable(_unavailable(self._url, error)) from error
        with conn:
            yield conn.execution_options(**{_WRITES: writes})


def is_transient(error: DBAPIError) -> bool:
    """Whether the same transaction, run again, may succeed."""
    if error.connection_invalidated:  # the server was restarted; the next connection is a new one
        return True
    if getattr(error.orig, "sqlstate", None) in _TRANSIENT:
        return True
    return isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise DatabaseUnavailable(_WRITE_INSTEAD) from None
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise DatabaseUnavailable(f"{parsed.drivername} is not supported. {_WRITE_INSTEAD}")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUnavailable("SQLite needs a file that all processes share: sqlite:///PATH.")
    return parsed


_WRITE_INSTEAD = (
    "The database URL must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME."
)


def _build_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": SQLITE_TIMEOUT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = " ".join(filter(None, [POSTGRES_LIMITS, _option(url)]))
    return create_engine(
        url.difference_update_query(["options"]),
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 10},
    )


def _option(url: URL) -> str:
    given = url.query.get("options", "")
    return given if isinstance(given, str) else " ".join(given)


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin too late, on the first write; `_begin_sqlite` does it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own lower() knows A to Z only.
    connection.create_function("casefold", 1, _casefold, deterministic=True)


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _begin_sqlite(conn: Connection) -> None:
    # A transaction that reads first and writes later loses against another writer, and its
    # time-out does not help: the write lock must be taken at the start.
    writes = conn.get_execution_options().get(_WRITES, True)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _unavailable(url: URL, error: Exception) -> str:
    name = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").absolute().parent
        remedy = f"check that the directory {folder} exists and that the file is ours to write"
    else:
        remedy = "check that PostgreSQL runs there, and that the user, password and name are right"
    return f"The database {name} cannot be opened ({_first_line(error)}): {remedy}."


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
