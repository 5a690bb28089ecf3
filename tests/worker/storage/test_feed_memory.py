"""What is remembered of sources: when to ask again, what was new, and how they are doing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from storage_samples import NOW, article, classified

from crawler.ports import FeedValidators, PollOutcome
from crawler.source import Source
from worker.storage import inbox
from worker.storage.articles import store
from worker.storage.coverage import PolledHour, coverage, shares
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory, due_sources
from worker.storage.hosts import lease_hosts, leased_hosts, release_hosts
from worker.storage.pace import PollMemory, adapted, next_poll, not_before
from worker.storage.source_health import SourceHealth, source_health
from worker.storage.spans import Span, add_span, merge

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


def health(db: Database, now: datetime, **changes: object) -> SourceHealth:
    source = replace(SOURCE, **changes)  # type: ignore[arg-type]
    return source_health(db, [source], now)[0]


def test_what_any_source_has_shown_is_seen(database: Database, memory: SqlFeedMemory) -> None:
    inbox.put(database, [article(1), article(2)], NOW, "crawl")
    urls = [article(n).canonical_url for n in (1, 2, 3)]
    assert memory.unseen("another", urls) == {urls[2]}
    assert memory.unseen("another", []) == frozenset()


def test_validators_survive_a_304_and_a_failure(memory: SqlFeedMemory) -> None:
    assert memory.validators("apa-az") == FeedValidators()
    tags = FeedValidators('"v1"', "Sat, 28 Jun 2025 12:00:00 GMT")
    memory.polled(outcome(validators=tags))
    memory.polled(outcome(NOW + HOUR, status=304, entries=0, new=0, not_modified=True))
    memory.polled(failure(NOW + 2 * HOUR))
    assert memory.validators("apa-az") == tags
    memory.polled(outcome(NOW + 3 * HOUR))
    assert memory.validators("apa-az") == FeedValidators()


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
    memory.polled(outcome(new=30))
    assert is_due(database, SOURCE, NOW + 5 * MINUTE)
    memory.polled(outcome(status=304, entries=0, new=0, not_modified=True))
    assert not is_due(database, SOURCE, NOW + 7 * MINUTE)


def test_the_adaptive_pace_has_ends() -> None:
    pace = 10 * MINUTE
    for _ in range(20):
        pace = adapted(pace, 30, 0)
    assert pace == 2 * HOUR
    for _ in range(20):
        pace = adapted(pace, 30, 30)
    assert pace == 5 * MINUTE
    assert adapted(pace, 30, 15) == pace


def test_a_failing_source_is_asked_ever_more_rarely_and_never_given_up() -> None:
    def wait(failures: int, every: timedelta | None = None) -> timedelta:
        return next_poll(PollMemory(NOW, failures, 10 * MINUTE), every) - NOW

    assert [wait(n) for n in (0, 1, 2, 3)] == [n * 10 * MINUTE for n in (1, 2, 4, 8)]
    assert wait(5000) == 6 * HOUR
    assert wait(5000, HOUR) == 6 * HOUR
    assert wait(5000, 12 * HOUR) == 12 * HOUR
    assert wait(5000, MINUTE) == 10 * MINUTE


def test_the_servers_own_wish_is_respected_for_a_day_at_most() -> None:
    wish = not_before(NOW, 3600)
    assert next_poll(PollMemory(NOW, 1, 10 * MINUTE, wish), 5 * SECOND) == NOW + HOUR
    assert not_before(NOW, 1e12) == NOW + DAY
    assert not_before(NOW, None) is None
    assert not_before(NOW, -5) is None
    assert not_before(NOW, float("nan")) is None


def test_hosts_are_leased_to_one_and_come_back(database: Database) -> None:
    until = NOW + 10 * MINUTE
    assert lease_hosts(database, ["a", "b"], until, NOW) == {"a", "b"}
    assert lease_hosts(database, ["b", "c"], until + MINUTE, NOW + MINUTE) == {"c"}
    release_hosts(database, ["b", "c"], until)
    assert leased_hosts(database, NOW) == {"a", "c"}, "c is leased by another"
    assert lease_hosts(database, ["b"], until, NOW) == {"b"}
    assert lease_hosts(database, ["a"], until + HOUR, until) == {"a"}, "a dead crawl's lease ends"
    assert lease_hosts(database, [], until, NOW) == frozenset()


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


def test_health_says_what_is_wrong_in_words(database: Database, memory: SqlFeedMemory) -> None:
    assert health(database, NOW).why == "It has not been polled yet."
    memory.polled(failure())
    assert health(database, NOW).why == "It answered 503."
    memory.polled(outcome(NOW))
    assert health(database, NOW + MINUTE).healthy
    assert "not been polled since 2025-06-28 12:00" in str(health(database, NOW + 26 * HOUR).why)
    assert "switched off" in str(health(database, NOW, enabled=False).why)


def test_falling_short_of_the_promise_is_reported_after_a_day(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.polled(outcome())
    memory.polled(outcome(NOW + DAY))
    made = [classified(article(n, source="apa-az"), received_at=NOW + HOUR) for n in range(4)]
    database.retrying(lambda conn: store(conn, made, NOW))
    assert health(database, NOW + HOUR, articles_per_day=100.0).healthy
    assert health(database, NOW + DAY + MINUTE, articles_per_day=8.0).healthy
    short = health(database, NOW + DAY + 2 * MINUTE, articles_per_day=9.0)
    assert short.why == "It brought 4 articles in 24 hours, where 9 are expected."
    assert (short.articles_24h, short.expected, short.entries) == (4, 9.0, 30)
