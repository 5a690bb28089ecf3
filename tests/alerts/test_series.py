"""Counting: each happening once, in its bucket, and what may fire apart from what teaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rules import parse_where
from alerts.series import BucketCount, SignalTable, bucket_counts, contents, count, floor
from alerts.signal import Signal

START = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
EVERYTHING = parse_where({})


def signal(hour: float, story: str, newsroom: str = "apa", **keys: object) -> Signal:
    at = START + hour * HOUR
    facts: dict[str, object] = {
        "article": f"{story}/{newsroom}/{hour}",
        "category": "legal_action",
        "direction": "escalatory",
        "severity": 2,
        **keys,
    }
    return Signal(at=at, story=story, newsroom=newsroom, **facts)  # type: ignore[arg-type]  # shorthand


def stories(signals: list[Signal], since: float, until: float) -> list[int]:
    rows = count(signals, EVERYTHING, HOUR, START + since * HOUR, START + until * HOUR)
    return [row.stories for row in rows]


def test_a_story_counts_once_at_its_first_signal() -> None:
    signals = [signal(2.5, "a", "tass"), signal(0.5, "a", "apa"), signal(0.7, "b")]
    assert stories(signals, 0, 4) == [2, 0, 0, 0]


def test_a_story_that_rests_for_two_days_counts_again() -> None:
    hours = (0, 30, 60, 108.5)
    assert stories([signal(h, "a") for h in hours], 0, 110).count(1) == 2
    assert stories([signal(h, "a") for h in hours], 108, 109) == [1]


def test_the_three_numbers_of_a_bucket() -> None:
    signals = [signal(0.1, "a", "apa"), signal(0.2, "a", "tass"), signal(0.3, "b", "apa")]
    rows = count(signals, EVERYTHING, HOUR, START, START + 2 * HOUR)
    assert rows == [BucketCount(START, 2, 2, 3), BucketCount(START + HOUR, 0, 0, 0)]


def test_only_what_matches_is_counted() -> None:
    signals = [signal(0.1, "a", severity=4), signal(0.2, "b", severity=1)]
    where = parse_where({"severity": ">=3"})
    assert [row.stories for row in count(signals, where, HOUR, START, START + HOUR)] == [1]


@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from("abcde")), max_size=40),
    st.integers(60, 190),
)
def test_a_later_start_gives_the_same_numbers(rows: list[tuple[int, str]], since: int) -> None:
    signals = [signal(hour, story) for hour, story in rows]
    recent = [s for s in signals if s.at >= START + (since - 48) * HOUR]
    assert stories(recent, since, 200) == stories(signals, 0, 200)[since:]


def test_a_newsroom_counts_once_in_the_rules_window() -> None:
    table = SignalTable([signal(h, f"s{h}", "apa") for h in (0, 1, 2, 9)])
    found = table.matching(EVERYTHING)
    counted = table.counted(found, "newsrooms", 6 * HOUR)
    assert bucket_counts(table, counted, START, START + 10 * HOUR, HOUR).tolist() == [1] + [
        0
    ] * 8 + [1]


def window(signals: list[Signal], since: float = 0, until: float = 6):  # type: ignore[no-untyped-def]  # shorthand
    table = SignalTable(signals)
    found = table.matching(EVERYTHING)
    counted = table.counted(found, "stories", 6 * HOUR)
    return contents(table, found, counted, "stories", START + since * HOUR, START + until * HOUR)


def test_a_window_counts_what_may_fire_and_what_is_late_apart() -> None:
    seen = window([signal(1, "a"), signal(2, "b", fires=False), signal(3, "c", fires=False)])
    assert (seen.count, seen.late, seen.stories) == (1, 2, ("a",))


def test_a_story_that_began_late_counts_once_somebody_reports_it_live() -> None:
    seen = window([signal(1, "a", fires=False), signal(2, "a", "tass")])
    assert (seen.count, seen.late, seen.newsrooms) == (1, 0, ("tass",))


def test_a_story_of_before_the_window_is_not_new() -> None:
    assert window([signal(1, "a"), signal(4, "a", "tass")], since=3).count == 0


def test_articles_are_listed_newest_first() -> None:
    seen = window([signal(1, "a"), signal(3, "b"), signal(2, "c")])
    assert seen.articles == ("b/apa/3", "c/apa/2", "a/apa/1")


def test_the_largest_newsroom_is_the_one_that_most_stories_rest_on() -> None:
    flood = [signal(1, f"f{i}", "tass") for i in range(9)]
    seen = window([*flood, signal(1, "f0", "apa"), signal(2, "own", "apa")])
    assert (seen.largest, seen.count, seen.without_largest) == ("tass", 10, 2)


def test_reprints_rest_on_nobody() -> None:
    seen = window([signal(1, "a", f"newsroom-{i}") for i in range(20)])
    assert (seen.count, seen.without_largest, len(seen.articles)) == (1, 1, 20)


def test_an_empty_window() -> None:
    seen = window([])
    assert (seen.count, seen.largest, seen.without_largest, seen.newsrooms) == (0, None, 0, ())


@pytest.mark.parametrize(
    ("step", "start"),
    [
        (timedelta(minutes=15), datetime(2026, 6, 3, 13, 45, tzinfo=UTC)),
        (HOUR, datetime(2026, 6, 3, 13, tzinfo=UTC)),
        (timedelta(days=1), datetime(2026, 6, 3, tzinfo=UTC)),
        (timedelta(weeks=1), START),
    ],
)
def test_buckets_lie_on_the_clock_in_utc(step: timedelta, start: datetime) -> None:
    assert floor(datetime(2026, 6, 3, 13, 59, 59, tzinfo=UTC), step) == start
