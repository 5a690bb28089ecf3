"""What is remembered of sources: when to ask again, what was new, and how they are doing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from storage_samples import NOW, article, classified

from crawler.ports import FeedValidators, PageOutcome, PollOutcome, RobotsAnswer
from crawler.source import Source
from worker.storage import inbox, source_days
from worker.storage.articles import store
from worker.storage.coverage import PolledHour, coverage, shares
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory, due_sources
from worker.storage.hosts import lease_hosts
from worker.storage.robots import crawl_delays
from worker.storage.spans import Span, add_span, merge
from worker.storage.tables import page_tasks

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = 24 * HOUR
SOURCE = Source("apa-az", "feed", "https://apa.example/rss", "APA", "apa")


def outcome(at: datetime = NOW, **changes: object) -> PollOutcome:
    good = PollOutcome("apa-az", at, at + SECOND, 200, entries=30, new=10)
    return replace(good, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def failure(at: datetime = NOW, **changes: object) -> PollOutcome:
    return outcome(at, status=503, entries=0, new=0, error="It answered 503.", **changes)


@pytest.fixture
def memory(database: Database) -> SqlFeedMemory:
    return SqlFeedMemory(database, lambda: NOW)


def is_due(db: Database, source: Source, now: datetime) -> bool:
    return due_sources(db, [source], now) == [source]


def test_what_any_source_has_shown_is_seen(database: Database, memory: SqlFeedMemory) -> None:
    inbox.put(database, [article(1), article(2)], NOW, "crawl")
    urls = [article(n).canonical_url for n in (1, 2, 3)]
    assert memory.novelty("another", dict.fromkeys(urls, "A title")) == {urls[2]: "new"}
    assert memory.novelty("another", {}) == {}


def test_validators_belong_to_one_address_and_survive_a_304_and_a_failure(
    memory: SqlFeedMemory,
) -> None:
    index, part = "https://apa.example/map.xml", "https://apa.example/map-1.xml"
    assert memory.validators("apa-az", index) == FeedValidators()
    tags = FeedValidators('"v1"', "Sat, 28 Jun 2025 12:00:00 GMT")
    memory.polled(outcome(validators={index: tags, part: FeedValidators('"p1"')}))
    memory.polled(outcome(NOW + HOUR, status=304, entries=0, new=0, not_modified=True))
    memory.polled(failure(NOW + 2 * HOUR))
    assert memory.validators("apa-az", index) == tags
    assert memory.validators("another", index) == FeedValidators()
    memory.polled(outcome(NOW + 3 * HOUR, validators={index: FeedValidators()}))
    assert memory.validators("apa-az", index) == FeedValidators()
    assert memory.validators("apa-az", part) == FeedValidators('"p1"'), "it was not asked for"


def test_robots_answers_are_kept_with_what_went_wrong(memory: SqlFeedMemory) -> None:
    server = "https://apa.example:443"
    assert memory.robots(server) is None
    rules = RobotsAnswer(NOW, "User-agent: *\nCrawl-delay: 7\n")
    memory.keep_robots(server, rules)
    assert memory.robots(server) == rules
    away = replace(rules, fetched=NOW + DAY, unreachable="HTTP 503", failures=2)
    memory.keep_robots(server, away)
    assert memory.robots(server) == away


def test_the_longest_crawl_delay_of_a_host_is_known(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.keep_robots("https://a.example:443", RobotsAnswer(NOW, "User-agent: *\nCrawl-delay: 7"))
    memory.keep_robots("https://b.example:443", RobotsAnswer(NOW, "User-agent: *\nAllow: /"))
    memory.keep_robots("https://c.example:443", RobotsAnswer(NOW, None, "HTTP 503", 1))
    assert crawl_delays(database) == {"https://a.example:443": 7.0}


def test_a_source_was_away_until_it_was_polled_well_and_after_six_hours(
    memory: SqlFeedMemory,
) -> None:
    assert memory.was_away("apa-az", NOW)
    memory.polled(failure())
    assert memory.was_away("apa-az", NOW + MINUTE)
    memory.polled(outcome(NOW + 2 * MINUTE))
    assert not memory.was_away("apa-az", NOW + 6 * HOUR)
    memory.polled(failure(NOW + 6 * HOUR))
    assert memory.was_away("apa-az", NOW + 7 * HOUR)


def test_a_fixed_pace_is_kept(database: Database, memory: SqlFeedMemory) -> None:
    source = replace(SOURCE, every=5 * SECOND)
    assert is_due(database, source, NOW)
    memory.polled(outcome())
    assert not is_due(database, source, NOW + 4 * SECOND)
    assert is_due(database, source, NOW + 5 * SECOND)
    for _ in range(10):
        memory.polled(failure())
    assert not is_due(database, source, NOW + 49 * SECOND)
    assert is_due(database, source, NOW + 50 * SECOND)
    memory.polled(outcome())
    assert is_due(database, source, NOW + 5 * SECOND)


def test_the_longest_overdue_come_first_and_disabled_ones_never(
    database: Database, memory: SqlFeedMemory
) -> None:
    new, off = replace(SOURCE, id="new"), replace(SOURCE, id="off", enabled=False)
    later = replace(SOURCE, id="later", every=HOUR)
    memory.polled(outcome())
    memory.polled(outcome(source="later"))
    assert due_sources(database, [later, off, SOURCE, new], NOW + 2 * HOUR) == [new, SOURCE, later]


def test_the_adaptive_pace_follows_what_is_new(database: Database, memory: SqlFeedMemory) -> None:
    memory.polled(outcome(new=30))
    assert not is_due(database, SOURCE, NOW + 9 * MINUTE)
    assert is_due(database, SOURCE, NOW + 10 * MINUTE), "a first look says nothing about the pace"
    now = NOW + 10 * MINUTE
    for _ in range(12):
        memory.polled(outcome(now, new=5))
        now += 10 * MINUTE
    assert is_due(database, SOURCE, now - 6 * MINUTE), "thirty an hour"
    for _ in range(60):
        memory.polled(outcome(now, status=304, entries=0, new=0, not_modified=True))
        now += 30 * MINUTE
    assert not is_due(database, SOURCE, now - 15 * MINUTE)


@pytest.mark.parametrize(
    ("span", "latest", "soonest"),
    [
        (4 * MINUTE, 2 * MINUTE, MINUTE),  # it turns over in four minutes
        (2 * HOUR, 10 * MINUTE, 3 * MINUTE),
        (3 * DAY, 11 * MINUTE, 10 * MINUTE),  # an old entry tells nothing
        (-HOUR, 11 * MINUTE, 10 * MINUTE),  # nor does a clock of its own
    ],
)
def test_the_dates_of_a_first_look_tell_how_soon_to_look_again(
    database: Database,
    memory: SqlFeedMemory,
    span: timedelta,
    latest: timedelta,
    soonest: timedelta,
) -> None:
    memory.polled(outcome(entries=20, new=20, oldest=NOW - span, newest=NOW))
    assert not is_due(database, SOURCE, NOW + soonest - SECOND)
    assert is_due(database, SOURCE, NOW + latest)


def test_a_poll_noted_by_a_clock_far_ahead_keeps_no_source_from_being_polled(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.polled(outcome(NOW + 400 * DAY))
    assert is_due(database, SOURCE, NOW)


def test_a_host_that_asks_for_it_is_left_alone_with_all_its_sources_and_pages(
    database: Database,
) -> None:
    memory = SqlFeedMemory(database, lambda: NOW, {"apa-az": "apa.example"})
    memory.polled(outcome(status=429, entries=0, new=0, error="Too often.", retry_after=600.0))
    inbox.put(database, [article(1, stage="feed")], NOW, "crawl")
    slow = PageOutcome("news-en", article(1).canonical_url, "failed", "Later.", retry_after=60.0)
    memory.page_read(slow)
    hosts, until = ["apa.example", "news.example", "other.example"], NOW + 8 * MINUTE
    assert lease_hosts(database, hosts, "me", until, NOW + 30 * SECOND) == {"other.example"}
    assert lease_hosts(database, hosts, "me", until, NOW + 2 * MINUTE) == {"news.example"}
    assert "apa.example" not in lease_hosts(database, hosts, "me", until, NOW + 9 * MINUTE)
    assert "apa.example" in lease_hosts(database, hosts, "me", until, NOW + 11 * MINUTE)


def test_a_page_is_counted_and_its_task_settled_together_or_neither(
    database: Database, memory: SqlFeedMemory
) -> None:
    inbox.put(database, [article(1, stage="feed")], NOW, "crawl")
    with database.write() as conn:
        conn.execute(update(page_tasks).values(payload="broken"))
    url, there = article(1).canonical_url, "https://elsewhere.example/1"
    moved = PageOutcome("news-en", url, "moved", moved_to=there)
    with pytest.raises(ValueError, match="Expecting value"):
        memory.page_read(moved)
    with database.read() as conn:
        assert source_days.since(conn, NOW.date(), ["news-en"]) == {"news-en": {}}
    memory.page_read(PageOutcome("news-en", url, "read"))
    with database.read() as conn:
        (counted,) = source_days.since(conn, NOW.date(), ["news-en"])["news-en"].values()
        assert (counted.pages_read, counted.requests) == (1, 1)
        assert conn.execute(select(page_tasks)).all() == []


def test_coverage_is_the_share_of_healthy_sources(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.polled(outcome())
    memory.polled(failure(NOW + MINUTE))
    memory.polled(failure(source="tass"))
    memory.polled(failure(NOW + HOUR, source="tass"))
    with database.read() as conn:
        found = coverage(conn, NOW - HOUR, NOW + 2 * HOUR)
        mine = coverage(conn, NOW, NOW + MINUTE, ["apa-az"])
    assert found == {NOW - HOUR: 0.0, NOW: 0.5, NOW + HOUR: 0.5}
    assert mine == {NOW: 1.0}


def test_a_backed_off_source_counts_as_failing_and_a_slow_healthy_one_for_two_hours() -> None:
    polled = [PolledHour(NOW, "down", False), PolledHour(NOW, "slow", True)]
    polled += [PolledHour(NOW + n * HOUR, "quick", True) for n in range(5)]
    found = shares(polled, [], NOW, NOW + 5 * HOUR)
    assert list(found.values()) == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1 / 2, 1 / 2])


def test_backfilled_hours_are_observed(database: Database) -> None:
    def fill(*batch: object) -> None:
        database.retrying(lambda conn: store(conn, batch, NOW))  # type: ignore[arg-type]

    fill(
        classified(article(1, published=NOW - 40 * DAY), origin="backfill"),
        classified(article(2, published=NOW - 39 * DAY), origin="backfill"),
    )
    fill(classified(article(3, published=NOW - 35 * DAY), origin="backfill"))
    fill(classified(article(4, published=NOW - 10 * DAY), origin="backfill"))
    with database.read() as conn:
        found = coverage(conn, NOW - 41 * DAY, NOW)
    observed = [hour for hour, share in found.items() if share == 1.0]
    assert observed[0] == NOW - 40 * DAY
    assert NOW - 37 * DAY in observed
    assert NOW - 20 * DAY not in observed
    assert observed[-1] == NOW - 10 * DAY


def test_spans_that_touch_are_one(database: Database) -> None:
    def span(first: int, last: int) -> Span:
        return Span(NOW + first * DAY, NOW + last * DAY)

    assert merge([span(0, 5), span(2, 3), span(11, 12), span(30, 31)]) == [
        span(0, 12),
        span(30, 31),
    ]
    database.retrying(lambda conn: add_span(conn, span(0, 1)))
    database.retrying(lambda conn: add_span(conn, span(0, 1)))
