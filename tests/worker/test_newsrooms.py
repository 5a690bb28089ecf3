"""Whose article it is, by its address: domains that one newsroom has, and those that many share."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from harness.services import bundled_services, services
from storage_samples import article

from crawler.ports import PageOutcome
from crawler.source import Source
from worker import ingest
from worker.ingest import InboxSink
from worker.left_out import MemoryWithout
from worker.newsrooms import (
    PLATFORMS,
    Publisher,
    domains_of,
    left_out_domains,
    publishers_by_domain,
    with_publisher,
)
from worker.storage import archive, inbox
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory

NOW = datetime(2025, 6, 28, 12, tzinfo=UTC)


def source(id: str, url: str, newsroom: str, country: str | None = "AZ", **rest: Any) -> Source:
    return Source(id, "feed", url, id, newsroom, country, **rest)


TREND = source("trend", "https://www.trend.az/rss", "trend")
DAY = source("day", "https://news.day.az/", "trend")
BBC = source("bbc", "https://feeds.bbci.co.uk/rss", "bbc", "GB", domains=("bbc.com",))
SEARCH = source("gn", "https://news.google.com/rss/search?q=x", "google-news", None)
CHANNEL = source("tg", "https://t.me/s/trend", "trend")


def test_every_domain_of_a_house_is_its_own() -> None:
    found = publishers_by_domain([TREND, DAY, BBC, SEARCH, CHANNEL])
    assert found == {
        "trend.az": Publisher("trend", "AZ"),
        "day.az": Publisher("trend", "AZ"),
        "bbci.co.uk": Publisher("bbc", "GB"),
        "bbc.com": Publisher("bbc", "GB"),
    }


def test_a_domain_of_two_newsrooms_is_nobodys() -> None:
    press = source("press", "https://press.europa.eu/", "press")
    court = source("court", "https://court.europa.eu/", "court")
    assert publishers_by_domain([press, court]) == {}


def test_a_house_with_two_countries_has_none() -> None:
    abroad = replace(DAY, country="US")
    assert publishers_by_domain([TREND, abroad])["trend.az"] == Publisher("trend", None)


def test_no_platform_becomes_a_newsroom_of_the_bundled_profile() -> None:
    profile = bundled_services().profile
    found = publishers_by_domain(profile.sources)
    assert not PLATFORMS & set(found)
    assert found["trend.az"].newsroom == found["day.az"].newsroom == "trend"
    assert found["bbc.co.uk"] == found["bbc.com"] == Publisher("bbc", "GB")
    assert found["ria.ru"].newsroom == found["sputniknews.ru"].newsroom == "rossiya-segodnya"
    assert found["carnegieendowment.org"].newsroom == "carnegie"
    assert "gov.ru" not in found and "europa.eu" not in found


def test_what_a_search_found_gets_its_publishers_newsroom_and_country() -> None:
    found = replace(article(1), newsroom="day.az", country="US")
    publishers = publishers_by_domain([TREND, DAY])
    assert with_publisher(found, publishers, crawled=True).newsroom == "trend"
    assert with_publisher(found, publishers, crawled=True).country == "AZ"
    unknown = replace(found, newsroom="elsewhere.example")
    assert with_publisher(unknown, publishers, crawled=True) == unknown


def test_what_is_said_of_an_article_that_is_handed_in_stands() -> None:
    publishers = publishers_by_domain([TREND])
    said = replace(article(1), newsroom="trend.az", country="GE")
    assert with_publisher(said, publishers, crawled=False).country == "GE"
    silent = replace(said, country=None)
    assert with_publisher(silent, publishers, crawled=False).country == "AZ"


@pytest.mark.parametrize("origin", ["crawl", "ingest", "backfill"])
def test_the_archive_knows_the_newsroom_however_the_article_came(
    database: Database, tmp_path: Path, origin: Any
) -> None:
    works = services(database, tmp_path, sources=[TREND, DAY])
    sink = InboxSink(works, origin)
    sink.put([replace(article(1), newsroom="day.az"), replace(article(2), newsroom="x.example")])
    ingest.process(works, sink.taken)
    assert {one.newsroom for one in archive.articles(database)} == {"trend", "x.example"}


def test_only_domains_of_which_nothing_is_left_are_left_out() -> None:
    left_out = {"trend": "named in leave_out"}
    assert left_out_domains([TREND, DAY], left_out) == {"trend.az"}
    assert left_out_domains([TREND, source("t2", "https://az.trend.az/x", "trend")], left_out) == (
        frozenset()
    )
    assert domains_of(CHANNEL) == ()


def test_a_crawl_brings_nothing_of_a_publisher_that_is_left_out(
    database: Database, tmp_path: Path
) -> None:
    works = services(database, tmp_path, sources=[TREND, BBC])
    works = replace(works, profile=replace(works.profile, left_out={"trend": "sanctioned in EU"}))
    found = [replace(article(1), newsroom="trend.az"), replace(article(2), newsroom="bbc.com")]
    crawled, handed_in = InboxSink(works, "crawl"), InboxSink(works, "ingest")
    crawled.put(found)
    assert len(crawled.taken) == 1
    handed_in.put(found)
    assert len(handed_in.taken) == 2


def test_its_pages_are_never_new_and_nobody_follows_there(database: Database) -> None:
    memory = MemoryWithout(SqlFeedMemory(database, lambda: NOW), frozenset({"trend.az"}))
    shown = {"https://en.trend.az/1": "One", "https://bbc.com/2": "Two"}
    assert memory.novelty("gn", shown) == {"https://bbc.com/2": "new"}
    listed = article(1, stage="feed")
    inbox.put(database, [listed], NOW, "crawl")
    memory.page_read(
        PageOutcome("gn", listed.canonical_url, "moved", moved_to="https://trend.az/1")
    )
    from worker.storage.page_tasks import hosts_with_pages

    assert hosts_with_pages(database) == {}
