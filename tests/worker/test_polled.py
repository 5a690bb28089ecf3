"""What a person is told of a crawl that they asked for."""

from pathlib import Path

import pytest
from harness.services import services
from storage_samples import NOW

from crawler.ports import PollOutcome
from crawler.source import Source
from worker import clock
from worker.commands.polled import tell_failures
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.hosts import lease_hosts, rest_host
from worker.timing import LATENESS


def source(id: str) -> Source:
    return Source(id, "feed", f"https://{id}.example/rss", id, id)


def test_who_was_not_polled_is_told_why(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    works, started = services(database, tmp_path), clock.now()
    until = started + LATENESS
    with database.write() as conn:
        rest_host(conn, "resting.example", until, started)
    lease_hosts(database, ["busy.example"], "another", until, started)
    memory = SqlFeedMemory(database, clock.now)
    memory.polled(PollOutcome("fine", started, started, 200, entries=3, new=1))
    memory.polled(PollOutcome("old", NOW, NOW, 500, error="the server is busy"))
    chosen = [source(id) for id in ("resting", "busy", "fine", "old")]
    assert tell_failures(works, chosen, started) == 3
    told = capsys.readouterr().err
    assert (
        f"resting: not polled; resting.example asked to be left alone until {until:%Y-%m-%d}"
        in told
    )
    assert "busy: not polled; another crawl is at busy.example: try again in a minute." in told
    assert "old: not polled; " in told and "the server is busy" not in told
    assert "fine" not in told
