"""From the inbox into the tables: what is stored, what is tried again, and who is to blame."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from harness.services import services
from sqlalchemy import Connection, update
from storage_samples import article

from worker import ingest
from worker.ingest import InboxSink
from worker.storage import archive, inbox
from worker.storage.database import Database, DatabaseBusy
from worker.storage.tables import inbox as rows

T = TypeVar("T")


class BusyDatabase(Database):
    """A database that other writers keep busy at the calls that are numbered here."""

    calls = 0
    busy_at: frozenset[int] = frozenset()

    def retrying(self, work: Callable[[Connection], T]) -> T:
        self.calls += 1
        if self.calls in self.busy_at:
            raise DatabaseBusy("Other writers kept the database busy.")
        return super().retrying(work)


def attempts(db: Database) -> list[int]:
    with db.read() as conn:
        return list(conn.execute(rows.select().order_by(rows.c.id)).columns("attempts").scalars())


def test_what_is_put_is_stored_once_however_often_its_task_runs(
    database: Database, tmp_path: Path
) -> None:
    works = services(database, tmp_path)
    sink = InboxSink(works, "ingest")
    sink.put([article(1), article(2)])
    assert ingest.process(works, sink.taken).inserted == 2
    assert ingest.process(works, sink.taken).inserted == 0
    assert len(list(archive.articles(database))) == 2
    assert inbox.counts(database).pending == 0


def test_one_article_that_cannot_be_read_does_not_keep_the_others(
    database: Database, tmp_path: Path
) -> None:
    works = services(database, tmp_path)
    sink = InboxSink(works, "ingest")
    sink.put([article(n) for n in range(4)])
    broken = update(rows).where(rows.c.id == sink.taken[2]).values(payload="{}")
    database.retrying(lambda conn: conn.execute(broken) and None)
    assert ingest.process(works, sink.taken).inserted == 3
    for _ in range(2):
        ingest.process(works, [sink.taken[2]])
    (given_up,) = inbox.quarantined(database)
    assert given_up.id == sink.taken[2] and "lacks url" in given_up.reason


def test_a_database_that_is_busy_is_held_against_no_article(
    database_url: str, tmp_path: Path
) -> None:
    database = BusyDatabase(database_url)
    database.upgrade()
    works = services(database, tmp_path)
    sink = InboxSink(works, "ingest")
    sink.put([article(1), article(2)])
    database.busy_at = frozenset({database.calls + 2})  # the attempt is noted, then nothing goes
    with pytest.raises(DatabaseBusy):
        ingest.process(works, sink.taken)
    assert attempts(database) == [0, 0]
    assert ingest.process(works, sink.taken).inserted == 2
    database.dispose()
