"""How much was heard, told from what came: outages, backlogs, and files that cannot tell."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from worker.backtest.hearing import heard_of

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROOMS = [f"n{i}" for i in range(10)]


def press(days: int, away: dict[str, tuple[int, int]] | None = None, a_day: int = 480):  # type: ignore[no-untyped-def]  # shorthand
    """Articles by day more than by night, less at the weekend; `away`: hours in which a newsroom
    (or "all") brings nothing."""
    rng = random.Random(1)
    told = []
    for _ in range(days * a_day):
        at = START + timedelta(seconds=rng.randrange(days * 86_400))
        night, weekend = at.hour < 6, at.weekday() >= 5
        if rng.random() < 0.75 * night or rng.random() < 0.4 * weekend:
            continue
        room = rng.choice(ROOMS)
        hour = (at - START) // HOUR
        gone = [span for name, span in (away or {}).items() if name in (room, "all")]
        if not any(first <= hour < last for first, last in gone):
            told.append((at, room))
    return told


def share(told, days: int) -> list[float]:  # type: ignore[no-untyped-def]  # shorthand
    heard = heard_of(told, START, START + days * DAY - HOUR)
    return [heard.whole(START + i * HOUR) for i in range(days * 24)]


def test_a_season_is_no_outage() -> None:
    assert min(share(press(35), 35)) >= 0.9


def test_an_outage_is_not_heard() -> None:
    outage = 20 * 24 + 9, 20 * 24 + 19
    shares = share(press(35, {"all": outage}), 35)
    assert sum(shares[outage[0] : outage[1]]) <= 2.0
    assert min(shares[outage[1] + 1 :]) >= 0.9


def test_newsrooms_that_fall_silent_lower_the_share() -> None:
    gone = 20 * 24, 30 * 24
    shares = share(press(35, dict.fromkeys(ROOMS[:4], gone)), 35)
    assert abs(shares[24 * 24] - 0.6) < 0.01 and shares[34 * 24] == 1.0


def test_what_little_comes_for_days_is_the_new_normal() -> None:
    told = press(40)
    rng = random.Random(2)
    fewer = [one for one in told if one[0] < START + 20 * DAY or rng.random() < 0.15]
    assert share(fewer, 40)[30 * 24 + 12] > 0.0


def test_a_file_without_other_topics_cannot_tell_of_outages() -> None:
    assert share([], 10) == [1.0] * 240


def test_the_hours_after_change_nothing() -> None:
    told = press(35, {"all": (480, 490)})
    cut = START + 25 * DAY
    early = [one for one in told if one[0] < cut]
    assert share(early, 25) == share(told, 35)[: 25 * 24]
