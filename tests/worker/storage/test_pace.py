"""When to ask again: at the source's own rhythm, in time for its feed, gently where it fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from storage_samples import NOW

from crawler.ports import PollOutcome
from worker.storage.codec import decode
from worker.storage.pace import PollMemory, adaptive, may_be_sent_for, next_poll, not_before
from worker.storage.rhythm import Rhythm, expected, learned
from worker.storage.source_state import State, after, came_too_late

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = 24 * HOUR
MONDAY = datetime(2025, 6, 2, tzinfo=UTC)


def steady(an_hour: float, hours: int = 24 * 14) -> Rhythm:
    """A source that always brings as much."""
    rhythm = Rhythm()
    for n in range(hours):
        start = MONDAY + n * HOUR
        rhythm = learned(rhythm, start, start + HOUR, an_hour)
    return rhythm


@pytest.mark.parametrize(
    ("a_day", "least", "most"),
    [(2400, 3, 3), (600, 3, 3), (240, 4, 5), (24, 13, 16), (2.4, 45, 52), (0.1, 120, 120)],
)
def test_what_brings_more_is_asked_more_often(a_day: float, least: int, most: int) -> None:
    wait = adaptive(steady(a_day / 24), MONDAY + 14 * DAY, 0)
    assert least * MINUTE <= wait <= most * MINUTE


def test_a_source_that_nobody_knows_is_asked_every_ten_minutes_or_so() -> None:
    assert 9 * MINUTE <= adaptive(Rhythm(), NOW, 0) <= 12 * MINUTE


def test_a_short_feed_of_a_busy_source_is_asked_before_it_turns_over() -> None:
    busy = steady(60)
    assert adaptive(busy, MONDAY + 14 * DAY, 100) == 3 * MINUTE
    assert adaptive(busy, MONDAY + 14 * DAY, 5) == 2 * MINUTE
    assert adaptive(busy, MONDAY + 14 * DAY, 1) == MINUTE


def test_nights_are_quiet_and_the_morning_is_not_slept_through() -> None:
    rhythm = Rhythm()
    for n in range(24 * 21):
        start = MONDAY + n * HOUR
        rhythm = learned(rhythm, start, start + HOUR, 12.0 if 6 <= start.hour < 20 else 0.0)
    day = MONDAY + 21 * DAY
    assert adaptive(rhythm, day + 10 * HOUR, 0) <= 5 * MINUTE
    assert adaptive(rhythm, day + 1 * HOUR, 0) >= 30 * MINUTE
    # At half past five nobody waits until half past seven.
    assert adaptive(rhythm, day + 5.5 * HOUR, 0) <= 40 * MINUTE


def test_a_weekend_has_a_rhythm_of_its_own() -> None:
    rhythm = Rhythm()
    for n in range(24 * 28):
        start = MONDAY + n * HOUR
        rhythm = learned(rhythm, start, start + HOUR, 1.0 if start.weekday() >= 5 else 10.0)
    thursday, saturday = MONDAY + 31 * DAY, MONDAY + 33 * DAY
    assert expected(rhythm, thursday, thursday + DAY) == pytest.approx(240, rel=0.1)
    assert expected(rhythm, saturday, saturday + DAY) == pytest.approx(24, rel=0.5)


def test_a_burst_is_followed_at_once_and_forgotten_by_the_evening() -> None:
    rhythm, now = steady(1), MONDAY + 14 * DAY
    quiet = adaptive(rhythm, now, 0)
    burst = learned(rhythm, now, now + 15 * MINUTE, 8)
    assert adaptive(burst, now + 15 * MINUTE, 0) <= quiet * 0.6
    for n in range(8):
        start = now + 15 * MINUTE + n * HOUR
        burst = learned(burst, start, start + HOUR, 1)
    assert adaptive(burst, now + 8.25 * HOUR, 0) >= quiet * 0.8


def test_a_failing_source_is_asked_ever_more_rarely_and_never_given_up() -> None:
    def wait(failures: int, every: timedelta | None = None, **more: object) -> timedelta:
        memory = PollMemory(NOW, failures, 10 * MINUTE, status=503, last_success=NOW - 9 * DAY)
        return next_poll(replace(memory, **more), every) - NOW  # type: ignore[arg-type]

    assert [wait(n) for n in (0, 1, 2, 3)] == [n * 10 * MINUTE for n in (1, 2, 4, 8)]
    assert wait(5000) == 6 * HOUR
    assert wait(5000, HOUR) == 6 * HOUR
    assert wait(5000, 12 * HOUR) == 12 * HOUR
    assert wait(5000, MINUTE) == 10 * MINUTE


def test_what_is_gone_is_asked_for_once_a_day() -> None:
    gone = PollMemory(NOW, 9, 10 * MINUTE, status=410, last_success=NOW - HOUR)
    assert next_poll(gone, None) - NOW == 23 * HOUR
    assert next_poll(replace(gone, failures=1), None) - NOW == 20 * MINUTE, "once may be a mistake"
    nameless = PollMemory(NOW, 30, 10 * MINUTE, status=None, last_success=NOW - 4 * DAY)
    assert next_poll(nameless, None) - NOW == 23 * HOUR
    assert next_poll(nameless, 5 * SECOND) - NOW == 23 * HOUR


def test_after_an_outage_of_our_own_network_nobody_is_forgotten_for_hours() -> None:
    away = PollMemory(NOW, 12, 5 * MINUTE, status=None, last_success=NOW - 2 * HOUR)
    assert next_poll(away, None) - NOW == 30 * MINUTE


def test_the_servers_own_wish_is_respected_for_a_day_at_most() -> None:
    wish = not_before(NOW, 3600)
    assert next_poll(PollMemory(NOW, 1, 10 * MINUTE, wish), 5 * SECOND) == NOW + HOUR
    assert not_before(NOW, 1e12) == NOW + DAY
    assert not_before(NOW, None) is None
    assert not_before(NOW, -5) is None
    assert not_before(NOW, float("nan")) is None


def complaint(at: datetime, **more: object) -> PollOutcome:
    return poll(at, 0, 0, **{"status": 429, "error": "too often", "retry_after": 1800.0, **more})


def test_a_pace_that_the_server_found_too_fast_is_not_gone_back_to() -> None:
    state = after(polls((20, 20), (20, 6), gap=6 * MINUTE), complaint(NOW + 12 * MINUTE))
    assert state["floor_seconds"] == 12 * 60, "twice the six minutes that were too short"
    state = after(state, poll(NOW + 42 * MINUTE, 20, 20))
    assert state["interval_seconds"] < 600
    assert 11 * MINUTE < next_poll(memory(state), None) - NOW - 42 * MINUTE < 12 * MINUTE
    assert next_poll(memory(state), 5 * SECOND) - NOW - 42 * MINUTE > 11 * MINUTE, "every, too"


def test_a_server_that_bears_a_poll_every_twenty_minutes_soon_has_that() -> None:
    at, last, complaints = NOW, NOW - HOUR, []
    state: State | None = None
    while at < NOW + 7 * DAY:
        if at - last < 20 * MINUTE:
            complaints.append(at)
            state = after(state, complaint(at))
        else:
            state, last = after(state, poll(at, 20, 10)), at
        at = next_poll(memory(state), None)
    assert len(complaints) <= 6
    assert sum(moment > NOW + 6 * HOUR for moment in complaints) <= 3


def test_only_our_own_pace_is_slowed_down_and_never_beyond_an_hour() -> None:
    before = polls((20, 20), (20, 6))
    last = before["last_poll"]
    assert after(before, complaint(last + 2 * MINUTE, requests=0))["floor_seconds"] == 0, "a sister"
    assert after(before, complaint(last + 5 * HOUR))["floor_seconds"] == 0, "not too often"
    assert after(before, complaint(last + 50 * MINUTE))["floor_seconds"] == 3600
    once = after(before, complaint(last + 2 * MINUTE))
    again = after(once, complaint(last + 40 * MINUTE))
    assert again["floor_seconds"] == once["floor_seconds"] == 240, "an outage is no pace"
    assert after(None, complaint(NOW))["floor_seconds"] == 0


def memory(state: State) -> PollMemory:
    return PollMemory(
        state["last_poll"],
        state["failures"],
        state["interval_seconds"] * SECOND,
        state["not_before"],
        state["status"],
        state["last_success"],
        state["floor_seconds"] * SECOND,
    )


def polls(*brought: tuple[int, int], gap: timedelta = 10 * MINUTE, **more: object) -> State:
    """The state after polls that brought (entries, new), one after the other."""
    state: State | None = None
    for n, (entries, new) in enumerate(brought):
        at = NOW + n * gap
        state = after(state, poll(at, entries, new, **more))
    assert state is not None
    return state


def poll(at: datetime, entries: int, new: int, **more: object) -> PollOutcome:
    made = PollOutcome("a", at, at, 200, entries=entries, new=new)
    return replace(made, **more)  # type: ignore[arg-type]  # tests name the fields they change


def test_a_poll_that_brings_nothing_but_new_entries_came_too_late() -> None:
    first = polls((20, 20))
    assert not came_too_late(None, poll(NOW, 20, 20)), "at a first look everything is new"
    assert came_too_late(first, poll(NOW + HOUR, 20, 20))
    assert not came_too_late(first, poll(NOW + HOUR, 20, 19))
    assert not came_too_late(first, poll(NOW + HOUR, 1, 1)), "a feed of one entry says nothing"
    assert not came_too_late(first, poll(NOW + DAY, 20, 20)), "nobody looked for a day"
    soon, late = polls((20, 20), (20, 6), gap=HOUR), polls((6, 6), (6, 6), gap=HOUR)
    assert late["interval_seconds"] < soon["interval_seconds"]


def test_entries_that_a_sister_feed_has_shown_first_keep_a_source_alive() -> None:
    state = polls((20, 20), newest=NOW)
    for n in range(1, 60):
        state = after(state, poll(NOW + n * HOUR, 20, 0, newest=NOW + n * HOUR))
    assert state["overdue"] == 0.0 and state["fresh_at"] == NOW + 59 * HOUR
    assert state["interval_seconds"] < HOUR.total_seconds()


def test_a_silence_beyond_the_rhythm_piles_up_and_ends_with_the_first_entry() -> None:
    state = polls(*[(20, 20)] + [(20, 4)] * 48, gap=HOUR)
    last = NOW + 48 * HOUR
    for n in range(1, 8):
        state = after(state, poll(last + n * HOUR, 20, 0))
    assert state["overdue"] == pytest.approx(7 * 4, rel=0.25)
    assert state["fresh_at"] == last
    state = after(state, poll(last + 8 * HOUR, 20, 1))
    assert state["overdue"] == 0.0 and state["fresh_at"] == last + 8 * HOUR


def test_the_rhythm_survives_being_stored() -> None:
    state = polls((20, 20), (20, 4), (20, 4))
    assert sum(decode(Rhythm, state["rhythm"]).entries) > 7


@pytest.mark.parametrize(
    ("memory", "every", "sent_for"),
    [
        (PollMemory(NOW - 4 * SECOND, 0, HOUR), 5 * SECOND, True),
        (PollMemory(NOW - 3 * SECOND, 0, HOUR), 5 * SECOND, False),
        (PollMemory(NOW - 5 * SECOND, 1, HOUR), 5 * SECOND, False),
        (PollMemory(NOW - 4 * SECOND, 0, 5 * SECOND), None, False),
        (PollMemory(NOW - 4 * SECOND, 0, HOUR, NOW + SECOND / 2), 5 * SECOND, False),
        (PollMemory(NOW - 6 * SECOND, 0, HOUR, NOW - SECOND), 5 * SECOND, True),
        (PollMemory(NOW - 9 * SECOND, 0, HOUR, floor=10 * SECOND), 5 * SECOND, False),
    ],
)
def test_who_is_polled_often_is_sent_for_a_moment_before_its_time(
    memory: PollMemory, every: timedelta | None, sent_for: bool
) -> None:
    assert may_be_sent_for(memory, every, NOW, SECOND) is sent_for
