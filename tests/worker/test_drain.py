"""Waiting until what was taken in is stored."""

from pathlib import Path

import pytest
from harness.services import services
from storage_samples import NOW, article

from worker import drain
from worker.storage import inbox
from worker.storage.database import Database


@pytest.mark.timeout(20)
def test_what_a_running_service_takes_in_meanwhile_is_not_waited_for(
    database: Database, tmp_path: Path
) -> None:
    works = services(database, tmp_path)
    pending = inbox.put(database, [article(0)], NOW, "crawl")
    numbers = iter(range(1, 1_000))

    def the_service_goes_on() -> None:
        pending.extend(inbox.put(database, [article(next(numbers))], NOW, "crawl"))
        with database.write() as conn:
            inbox.done(conn, [pending.pop(0)])

    assert drain.wait(works, None, the_service_goes_on) == 0
    assert inbox.counts(database).pending >= 1
