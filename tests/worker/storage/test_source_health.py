"""How sources are doing: what is wrong, in words, and what is expected of them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from storage_samples import NOW

from crawler.ports import PageOutcome, PageVerdict, PollOutcome
from crawler.source import Source
from worker.storage.coverage import coverage
from worker.storage.database import Database
from worker.storage.expectation import usual_24h
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.hosts import rest_host
from worker.storage.source_days import Counters
from worker.storage.source_health import SourceHealth, source_health

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = 24 * HOUR
SOURCE = Source("apa-az", "feed", "https://apa.example/rss", "APA", "apa")


def outcome(at: datetime = NOW, **changes: object) -> PollOutcome:
    good = PollOutcome("apa-az", at, at + SECOND, 200, entries=30, new=10)
    return replace(good, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def failure(at: datetime = NOW, **changes: object) -> PollOutcome:
    bad = outcome(at, status=503, entries=0, new=0, error="the server is not available (HTTP 503)")
    return replace(bad, **changes)  # type: ignore[arg-type]


@pytest.fixture
def memory(database: Database) -> SqlFeedMemory:
    return SqlFeedMemory(database, lambda: NOW)


def health(db: Database, now: datetime, **changes: object) -> SourceHealth:
    source = replace(SOURCE, **changes)  # type: ignore[arg-type]
    return source_health(db, [source], now)[0]


def why(db: Database, now: datetime, **changes: object) -> str:
    return str(health(db, now, **changes).why)


def test_health_says_what_is_wrong_in_words(database: Database, memory: SqlFeedMemory) -> None:
    assert why(database, NOW) == "It has not been polled yet."
    memory.polled(failure())
    assert why(database, NOW) == (
        "The server is not available (HTTP 503); it has never worked: it is asked again, by itself."
    )
    memory.polled(outcome(NOW))
    assert health(database, NOW + MINUTE).healthy
    assert "switched off" in why(database, NOW, enabled=False)
    memory.polled(failure(NOW + HOUR, status=404, error="the server has no such address"))
    assert "last worked 2025-06-28 12:00 UTC: look for its new address." in why(database, NOW)
    memory.polled(failure(NOW + HOUR, status=None, error="robots.txt of apa.example disallows it",
                          robots_denied=True))  # fmt: skip
    assert why(database, NOW).startswith("robots.txt of apa.example disallows it;")
    assert "that is obeyed; use another address" in why(database, NOW)


def test_a_poll_that_is_missing_is_told_soon(database: Database, memory: SqlFeedMemory) -> None:
    memory.polled(outcome(NOW))
    assert health(database, NOW + 14 * MINUTE, every=5 * SECOND).healthy
    late = why(database, NOW + 16 * MINUTE, every=5 * SECOND)
    assert late.startswith("It has not been polled since 2025-06-28 12:00 UTC")
    assert health(database, NOW + 7 * HOUR, every=6 * HOUR).healthy
    assert not health(database, NOW + 13 * HOUR, every=6 * HOUR).healthy


def test_the_next_poll_is_told(database: Database, memory: SqlFeedMemory) -> None:
    assert health(database, NOW).next_poll == NOW
    memory.polled(outcome(NOW))
    assert health(database, NOW, every=HOUR).next_poll == NOW + HOUR
    assert health(database, NOW + DAY, every=HOUR).next_poll == NOW + DAY
    assert health(database, NOW, enabled=False).next_poll is None


def test_a_source_whose_server_asked_for_a_pause_says_so(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.polled(outcome(NOW))
    with database.write() as conn:
        rest_host(conn, "apa.example", NOW + HOUR, NOW)
    resting = health(database, NOW + 30 * MINUTE)
    assert resting.why == "Its server asked to be left alone until 2025-06-28 13:00 UTC."
    assert resting.next_poll == NOW + HOUR


def test_falling_short_of_the_promise_is_reported_after_a_day(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.polled(outcome(new=0, newest=NOW))
    memory.polled(outcome(NOW + HOUR, new=4))
    memory.polled(outcome(NOW + DAY, new=0))
    assert health(database, NOW + HOUR, articles_per_day=100.0).healthy
    assert health(database, NOW + DAY + MINUTE, articles_per_day=8.0).healthy
    short = health(database, NOW + DAY + 2 * MINUTE, articles_per_day=9.0)
    assert short.why == "It brought 4 articles in 24 hours, where 9 are expected."
    assert (short.articles_24h, short.expected, short.promised, short.entries) == (4, 9.0, True, 30)


def days(*new: int, **more: int) -> dict[object, Counters]:
    """So many new entries on each of the days before NOW's."""
    return {
        (NOW - (len(new) - n) * DAY).date(): Counters(polls_ok=50, new=count, **more)
        for n, count in enumerate(new)
    }


def test_what_is_usual_is_learned_from_the_same_weekdays() -> None:
    # NOW is noon of a Saturday: half of the window is Saturday, half Friday.
    weeks = days(*[100, 100, 20, 10, 100, 100, 100][-2:], *[20, 10, 100, 100, 100, 100, 100] * 4)
    assert NOW.weekday() == 5
    usual = usual_24h(weeks, NOW - 60 * DAY, NOW)  # type: ignore[arg-type]
    assert usual == pytest.approx((20 + 100) / 2)


def test_nothing_is_expected_before_a_week_or_from_days_that_failed() -> None:
    assert usual_24h(days(*[50] * 6), NOW - 60 * DAY, NOW) is None  # type: ignore[arg-type]
    assert usual_24h(days(*[50] * 10), NOW - 60 * DAY, NOW) == 50  # type: ignore[arg-type]
    assert usual_24h(days(*[50] * 10), NOW - 5 * DAY, NOW) is None  # type: ignore[arg-type]
    failed = days(*[0] * 10, polls_failed=60)
    assert usual_24h(failed, NOW - 60 * DAY, NOW) is None  # type: ignore[arg-type]


def test_a_source_that_brings_far_less_than_it_used_to_is_reported(
    database: Database, memory: SqlFeedMemory
) -> None:
    for hour in range(12 * 24):
        memory.polled(outcome(NOW + hour * HOUR, new=2))
    now = NOW + 12 * DAY
    assert health(database, now - HOUR + MINUTE).healthy
    for hour in range(30):
        memory.polled(outcome(now + hour * HOUR, new=int(hour % 6 == 0)))
    short = health(database, now + 29 * HOUR + MINUTE)
    assert short.trouble == "short" and "where 48 are usual" in str(short.why)
    assert not short.promised


def test_a_feed_that_stays_the_same_for_too_long_is_stale_and_not_listened_to(
    database: Database, memory: SqlFeedMemory
) -> None:
    for hour in range(3 * 24):
        memory.polled(outcome(NOW + hour * HOUR, new=3))
    last = NOW + 71 * HOUR
    for hour in range(1, 49):
        memory.polled(outcome(last + hour * HOUR, status=304, entries=0, new=0, not_modified=True))
    now = last + 48 * HOUR
    stale = health(database, now + MINUTE)
    assert stale.trouble == "stale" and "nothing new since 2025-07-01 11:00 UTC" in str(stale.why)
    with database.read() as conn:
        shares = coverage(conn, NOW, now)
    assert shares[NOW + 40 * HOUR] == 1.0
    assert shares[now - HOUR] == 0.0, "what answers and says nothing is not listened to"
    memory.polled(outcome(now, new=1))
    assert health(database, now + MINUTE).healthy


def test_a_source_that_never_has_an_entry_is_never_listened_to(
    database: Database, memory: SqlFeedMemory
) -> None:
    for hour in range(30):
        memory.polled(outcome(NOW + hour * HOUR, entries=0, new=0))
    assert "has never had an entry" in why(database, NOW + 29 * HOUR)
    with database.read() as conn:
        shares = coverage(conn, NOW, NOW + 29 * HOUR)
    assert set(shares.values()) == {0.0}


def test_a_feed_that_ended_years_ago_is_recognised_at_first_sight(
    database: Database, memory: SqlFeedMemory
) -> None:
    memory.polled(outcome(new=30, newest=NOW - 2000 * DAY))
    assert "nothing new since 2020-01-06" in why(database, NOW + MINUTE)
    with database.read() as conn:
        assert coverage(conn, NOW, NOW + HOUR) == {NOW: 0.0}


def test_a_slow_source_is_not_stale_for_being_slow(
    database: Database, memory: SqlFeedMemory
) -> None:
    for poll in range(12 * 40):
        memory.polled(outcome(NOW + poll * 2 * HOUR, new=int(poll % 24 == 0)))
    assert health(database, NOW + 40 * DAY - 119 * MINUTE).healthy


def test_polls_that_came_too_late_are_counted_and_told(
    database: Database, memory: SqlFeedMemory
) -> None:
    for hour in range(4):
        memory.polled(outcome(NOW + hour * HOUR, entries=20, new=20))
    assert why(database, NOW + 3 * HOUR).startswith("In 3 polls of the last days every entry was")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("wall", "Of its last 25 pages 20 are paywalls or consent forms"),
        ("no_text", "Of its last 25 pages 20 show no article"),
        ("refused", "Of its last 25 pages 20 may not be read (robots.txt)"),
        ("failed", "Of its last 25 pages 20 cannot be fetched"),
    ],
)
def test_pages_that_give_no_article_are_told_with_their_reason(
    database: Database, memory: SqlFeedMemory, verdict: PageVerdict, words: str
) -> None:
    memory.polled(outcome(NOW))
    for n in range(25):
        url = f"https://apa.example/{n}"
        memory.page_read(PageOutcome("apa-az", url, "read" if n < 5 else verdict))
    found = health(database, NOW + MINUTE)
    assert str(found.why).startswith(words)
    assert (found.pages, found.read_share) == (25, 0.2)
