"""Keeps a crawl's leases alive while it runs: when it is killed, its hosts are free soon after."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from worker import clock
from worker.storage.database import Database
from worker.storage.hosts import renew_leases

log = logging.getLogger(__name__)

#: How long a lease lasts, and how often it is renewed.
LASTS = timedelta(seconds=30)
BEAT_SECONDS = 10.0


def new_holder() -> str:
    """An identifier for one crawl, under which it holds its hosts."""
    return uuid4().hex


@contextmanager
def kept_alive(database: Database, holder: str, every: float = BEAT_SECONDS) -> Iterator[None]:
    """While the block runs, what the holder has stays its own: it is renewed `every` so many
    seconds."""
    done = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(database, holder, every, done), name="leases", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(database: Database, holder: str, every: float, done: threading.Event) -> None:
    while not done.wait(every):
        now = clock.now()
        try:
            renew_leases(database, holder, now + LASTS, now)
        except Exception as error:  # noqa: BLE001  the next beat may be luckier, and comes in time
            log.warning("The leases of a crawl could not be renewed: %s", error)
