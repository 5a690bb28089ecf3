"""Which crawl polls what: hosts kept whole, paces kept apart, and nobody left behind."""

import socket
from datetime import timedelta
from pathlib import Path

from harness.services import services, settings
from storage_samples import NOW, article

from crawler.ports import PollOutcome
from crawler.source import Source
from worker import crawling
from worker.app import build_app
from worker.bootstrap import Services
from worker.crawling import BUDGETS, HOSTS_A_CRAWL, brisk_hosts, plan
from worker.storage import inbox
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory, due_sources
from worker.storage.hosts import lease_hosts, leased_hosts

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def source(id: str, host: str, every: timedelta | None = None) -> Source:
    return Source(id, "feed", f"https://{host}/{id}", id, id, every=every)


def test_sources_of_one_host_are_polled_by_one_crawl() -> None:
    due = [source("a", "x.example"), source("b", "y.example"), source("c", "x.example")]
    (order,) = plan("calm", due, (), frozenset())
    assert order.sources == ("a", "b", "c")
    assert order.hosts == ("x.example", "y.example")
    assert order.budget == BUDGETS["calm"]


def test_a_brisk_source_takes_its_whole_host_to_the_brisk_crawls() -> None:
    often, seldom = source("often", "x.example", 5 * SECOND), source("seldom", "x.example")
    other = source("other", "y.example", timedelta(hours=1))
    brisk = brisk_hosts([often, seldom, other])
    assert brisk == {"x.example"}
    (order,) = plan("brisk", [seldom, often, other], (), brisk)
    assert order.sources == ("seldom", "often") and order.budget == BUDGETS["brisk"]
    (order,) = plan("calm", [seldom, often, other], (), brisk)
    assert order.sources == ("other",)


def test_a_host_without_a_due_source_is_visited_for_its_pages() -> None:
    (order,) = plan("calm", (), ["pages.example"], frozenset())
    assert order.sources == () and order.hosts == ("pages.example",)
    assert plan("brisk", (), ["pages.example"], frozenset()) == []
    assert plan("calm", (), (), frozenset()) == []


def test_many_hosts_are_shared_out_and_the_longest_overdue_go_first() -> None:
    due = [source(f"s{n}", f"h{200 - n}.example") for n in range(HOSTS_A_CRAWL + 5)]
    first, second = plan("calm", due, ["a.example"], frozenset())
    assert first.sources == tuple(one.id for one in due[:HOSTS_A_CRAWL])
    assert second.sources == tuple(one.id for one in due[HOSTS_A_CRAWL:])
    assert second.hosts[-1] == "a.example"
    assert not set(first.hosts) & set(second.hosts)


def test_a_source_that_no_crawl_had_time_for_is_first_in_the_next(database: Database) -> None:
    sources = [source("a", "x.example"), source("b", "x.example")]
    memory = SqlFeedMemory(database, lambda: NOW)
    memory.polled(PollOutcome("a", NOW, NOW, 200))
    # Of b, whose turn did not come, the memory hears nothing.
    (order,) = plan("calm", due_sources(database, sources, NOW + MINUTE), (), frozenset())
    assert order.sources == ("b",)


def test_what_is_scheduled_is_leased_and_nobody_else_gets_it(
    database: Database, tmp_path: Path
) -> None:
    sources = [source("a", "x.example"), source("b", "y.example")]
    works = services(database, tmp_path, sources=sources)
    lease_hosts(database, ["y.example"], "another", NOW + MINUTE, NOW)
    assert crawling.schedule(works, "calm", NOW) == 1
    assert leased_hosts(database, NOW) == {"x.example", "y.example"}
    assert crawling.schedule(works, "calm", NOW) == 0
    # A request that nobody took gives nothing back: its lease ends by itself.
    assert crawling.schedule(works, "calm", NOW + MINUTE) == 1


def test_a_crawl_that_the_broker_did_not_take_gives_its_hosts_back(
    database: Database, tmp_path: Path
) -> None:
    works = services(database, tmp_path, sources=[source("a", "x.example")])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = probe.getsockname()[1]
    away = Services(
        works.settings,
        works.profile,
        database,
        build_app(settings(tmp_path, BROKER_URL=f"redis://127.0.0.1:{nobody}/0")),
    )
    assert crawling.schedule(away, "calm", NOW) == 0
    assert leased_hosts(database, NOW) == frozenset()
    assert crawling.schedule(works, "calm", NOW) == 1


def test_a_host_with_nothing_but_pages_is_scheduled(database: Database, tmp_path: Path) -> None:
    works = services(database, tmp_path)
    inbox.put(database, [article(1, stage="feed")], NOW, "crawl")
    assert crawling.schedule(works, "brisk", NOW) == 0
    assert crawling.schedule(works, "calm", NOW) == 1
    assert leased_hosts(database, NOW) == {"news.example"}
