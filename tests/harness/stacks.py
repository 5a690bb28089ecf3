"""The parts that the service may stand on: the embedded default, and what a cluster would use."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kombu import Connection
from sqlalchemy import create_engine, make_url, text

from worker.app import BULK, TASKS

POSTGRES = os.environ.get(
    "DYADWATCH_TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)
BROKERS = {
    "redis": os.environ.get("DYADWATCH_TEST_BROKER_URL", "redis://127.0.0.1:6379/5"),
    "rabbitmq": "amqp://guest:guest@127.0.0.1:5672//",
}


@dataclass(frozen=True)
class Stack:
    """A name, and the settings that choose it."""

    name: str
    environ: dict[str, str] = field(default_factory=dict)


def why_unreachable(name: str) -> str | None:
    """Why a stack cannot be used here, in a few words; None when it can."""
    if name == "embedded":
        return None
    try:
        create_engine(POSTGRES, connect_args={"connect_timeout": 3}).connect().close()
        with Connection(BROKERS[name], connect_timeout=3) as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:  # noqa: BLE001  every driver has errors of its own
        return str(error).splitlines()[0]
    return None


@contextmanager
def stack(name: str) -> Iterator[Stack]:
    """The stack of this name, with a database and queues of its own that vanish afterwards."""
    if name == "embedded":
        yield Stack(name)
        return
    database = f"dyadwatch_{uuid.uuid4().hex[:12]}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {database}"))
    _purge(BROKERS[name])
    url = make_url(POSTGRES).set(database=database).render_as_string(hide_password=False)
    try:
        yield Stack(name, {"DYADWATCH_DATABASE_URL": url, "DYADWATCH_BROKER_URL": BROKERS[name]})
    finally:
        _purge(BROKERS[name])
        with admin.connect() as conn:
            conn.execute(text(f"DROP DATABASE {database} WITH (FORCE)"))
        admin.dispose()


def _purge(url: str) -> None:
    with Connection(url) as broker:
        for queue in sorted({*TASKS.values(), BULK}):
            simple = broker.SimpleQueue(queue)
            simple.clear()
            simple.close()
