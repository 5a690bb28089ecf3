"""A walk through the past of real local sites: what is stored, what is left alone, and again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harness.services import services, settings
from harness.site import Site
from storage_samples import article

from crawler.ports import PageOutcome
from crawler.source import Source
from worker import clock, ingest
from worker.app import BULK
from worker.history_crawl import Walk
from worker.history_desk import HistoryDesk
from worker.history_plan import plan_history
from worker.ingest import InboxSink
from worker.storage import archive, page_tasks
from worker.storage.database import Database
from worker.storage.spans import backfilled_spans

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def path(days: float) -> str:
    """An address that looks like an article's of so many days ago."""
    return (
        f"/{NOW - days * DAY:%Y/%m/%d}/crews-of-the-port-tell-what-they-saw-{int(days * 10)}.html"
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.robots("User-agent: *", f"Sitemap: {site.url}/sitemap.xml")
        site.sitemap("/sitemap.xml", *((path(n), NOW - n * DAY) for n in (0, 2, 3, 30)))
        for n in (0, 2, 3, 30):
            site.page(path(n), NOW - n * DAY)
        yield site


def walk(database: Database, home: Path, site: Site, **given: Any) -> tuple[Walk, HistoryDesk]:
    source = Source("paper", "feed", f"{site.url}/rss", "Paper", "paper", "AZ")
    allowed = settings(home, ALLOWED_PRIVATE_HOSTS=site.authority)
    works = replace(services(database, home, sources=[source]), settings=allowed)
    sink = InboxSink(works, "backfill")
    desk = HistoryDesk(database, sink, NOW - 7 * DAY, clock.now, lambda outcome: None, **given)
    return Walk(works, desk, list(plan_history([source]).walks), lambda sentence: None), desk


def test_a_walk_stores_the_days_that_were_asked_for_as_history(
    database: Database, tmp_path: Path, site: Site
) -> None:
    walking, desk = walk(database, tmp_path, site)
    walking.go()
    assert desk.eras == {"kept": 2, "fresh": 1}
    assert path(30) not in site.asked, "what is older than asked for is not even read"
    works = walking.services
    ingest.process(works, desk.inbox.taken)
    stored = list(archive.articles(database))
    assert [one.newsroom for one in stored] == ["paper", "paper"]
    assert [one.first_seen > NOW - DAY for one in stored] == [True, True]
    with database.read() as conn:
        (span,) = backfilled_spans(conn)
    assert (span.since, span.until) == (NOW - 3 * DAY, NOW - 2 * DAY)


def test_nothing_of_it_is_left_for_the_service_to_take_for_news(
    database: Database, tmp_path: Path, site: Site
) -> None:
    walking, desk = walk(database, tmp_path, site)
    walking.go()
    assert page_tasks.hosts_with_pages(database) == {}
    fresh = f"{site.url}{path(0)}"
    assert desk.novelty("other", {fresh: "x"}) == {}, "once a walk"
    _, desk = walk(database, tmp_path, site)
    assert desk.novelty("paper", {fresh: "x"}) == {fresh: "new"}, "still new to the live crawl"


def test_a_second_walk_goes_on_where_the_first_stopped(
    database: Database, tmp_path: Path, site: Site
) -> None:
    first, desk = walk(database, tmp_path, site, most_pages=2)
    first.go()
    assert desk.eras == {"kept": 1, "fresh": 1} and desk.beyond == 1
    site.asked.clear()
    second, desk = walk(database, tmp_path, site)
    second.go()
    assert desk.eras["kept"] == 1
    assert path(2) not in site.asked and path(3) in site.asked


def test_a_page_that_cannot_be_read_is_tried_twice_and_told(
    database: Database, tmp_path: Path, site: Site
) -> None:
    _, desk = walk(database, tmp_path, site)
    listed = desk.inbox.services.profile.sources[0]
    waiting = article(1, source=listed.id, stage="feed")
    desk.put([waiting])
    ill = PageOutcome("paper", waiting.canonical_url, "failed", "the server answers an error")
    desk.page_read(ill)
    assert list(desk.pending) == [waiting.canonical_url] and desk.failed == 0
    desk.page_read(ill)
    assert desk.pending == {} and desk.failed == 1


def test_a_page_that_two_hosts_send_to_each_other_is_given_up(
    database: Database, tmp_path: Path, site: Site
) -> None:
    _, desk = walk(database, tmp_path, site)
    waiting = article(1, source="paper", stage="feed")
    desk.put([waiting])
    here, there = waiting.url, "https://elsewhere.example/1"
    moved = PageOutcome("paper", waiting.canonical_url, "moved")
    for where in (there, here, there):
        desk.page_read(replace(moved, moved_to=where))
        assert desk.pending[waiting.canonical_url].url == where
    desk.page_read(replace(moved, moved_to=here))
    assert desk.pending == {} and desk.failed == 1


def test_pages_that_come_together_are_one_task(
    database: Database, tmp_path: Path, site: Site
) -> None:
    _, desk = walk(database, tmp_path, site)
    app = desk.inbox.services.celery
    with app.connection_for_write() as broker, broker.SimpleQueue(BULK) as queue:
        queue.clear()
        desk.put([article(n, published=NOW - 2 * DAY) for n in range(3)])
        assert (len(desk.inbox.taken), queue.qsize()) == (3, 1)
    urls = {article(n).canonical_url: "x" for n in range(3)}
    assert desk.novelty("paper", urls) == {}, "read, so not to be read again"
