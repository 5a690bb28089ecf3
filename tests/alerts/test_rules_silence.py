"""silence on a simulated clock: quieter than its own season, and only where one listened."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from harness.rule_world import COUNTRIES, DAY, HOUR, RuleWorld, fired, held

from alerts.rules import Rule, parse_where, reasons

ORIGIN = datetime(2025, 3, 3, tzinfo=UTC)  # a Monday
STOP = datetime(2025, 6, 4, tzinfo=UTC)  # a Wednesday, 93 days later
BAKU = [name for name, country in COUNTRIES.items() if country == "AZE"]


def silence(window: timedelta = 3 * DAY, **keys: object) -> Rule:
    settings: dict[str, object] = {"false_alarms_per_year": 2.0, **keys}
    return Rule("baku-silent", "silence", parse_where({"side": "AZE"}), window, **settings)  # type: ignore[arg-type]  # test shorthand


def press(
    until: datetime, per_day: float = 20.0, newsrooms: list[str] | None = None, seed: int = 1
) -> RuleWorld:
    """A usual press: less on weekends, and little by night."""
    rng, world = random.Random(seed), RuleWorld(ORIGIN)
    world.watched(STOP + 20 * DAY)
    _tell(world, rng, ORIGIN, until, per_day, newsrooms or BAKU)
    return world


def _tell(
    world: RuleWorld, rng: random.Random, since: datetime, until: datetime, per_day: float,
    newsrooms: list[str],
) -> None:  # fmt: skip
    at = since
    while at < until:
        busy = (1.5 if 6 <= at.hour < 20 else 0.3) * (0.7 if at.weekday() >= 5 else 1.0)
        for _ in range(3):
            if rng.random() < per_day / 72 * busy:
                when = at + timedelta(minutes=rng.randrange(60))
                world.report(
                    when, f"{when.isoformat()}-{len(world.signals)}", rng.choice(newsrooms)
                )
        at += HOUR


def test_a_side_that_falls_silent_fires() -> None:
    finding = fired(press(STOP).look(silence(), STOP + 3 * DAY + 7 * HOUR))
    assert finding.below and finding.count == 0 and finding.story_ids == ()
    assert finding.expected is not None and finding.expected > 30
    assert finding.upper is not None and 0 <= finding.upper < finding.expected
    assert finding.probability is not None and finding.probability < 1e-4
    assert finding.usual is not None and finding.usual[0] > 5
    assert finding.without_largest and finding.window == 3 * DAY and finding.coverage == 1.0
    assert finding.said is not None and "until 2025-06-07 00:00 UTC" in finding.said


def test_a_day_is_seen_by_its_hours() -> None:
    fired(press(STOP, per_day=40.0).look(silence(DAY), STOP + DAY + 7 * HOUR))


def test_a_press_as_usual_is_held_with_its_numbers() -> None:
    world = press(STOP + 10 * DAY)
    detail = held(world.look(silence(), STOP + 4 * DAY), reasons.SPOKEN).detail
    assert "are expected and" in detail and "would be unusual" in detail


@pytest.mark.parametrize("hour", [0, 5, 12, 23])
def test_the_weekend_and_the_night_are_no_silence(hour: int) -> None:
    world = press(STOP + 10 * DAY, per_day=40.0)
    sunday = datetime(2025, 6, 8, hour, 30, tzinfo=UTC)
    held(world.look(silence(12 * HOUR), sunday), reasons.SPOKEN)


def test_what_may_still_come_in_is_waited_for() -> None:
    """The last six hours say nothing yet: a window of three hours ends before them."""
    world = press(STOP + 12 * HOUR, per_day=200.0)
    held(world.look(silence(3 * HOUR), STOP + 17 * HOUR), reasons.SPOKEN)
    fired(world.look(silence(6 * HOUR), STOP + 25 * HOUR))


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_no_data_is_never_quiet(share: float) -> None:
    world = press(STOP).deaf(STOP, STOP + 3 * DAY, share)
    detail = held(world.look(silence(), STOP + 3 * DAY + 7 * HOUR), reasons.NOT_HEARD).detail
    assert "in 72 of 103 hours too few sources were heard" in detail


def test_an_hour_of_outage_before_or_within_holds_it() -> None:
    for deaf in (STOP - 5 * HOUR, STOP + 20 * HOUR):
        world = press(STOP).deaf(deaf, deaf + HOUR)
        held(world.look(silence(), STOP + 3 * DAY + 7 * HOUR), reasons.NOT_HEARD)


def test_an_outage_that_lasts_is_not_heard_either() -> None:
    world = press(STOP).deaf(STOP + 3 * DAY, STOP + 20 * DAY)
    held(world.look(silence(), STOP + 3 * DAY + 7 * HOUR), reasons.NOT_HEARD)


def test_a_backlog_after_an_outage_is_no_silence() -> None:
    world = press(STOP).deaf(STOP, STOP + DAY)
    _tell(world, random.Random(5), STOP + DAY, STOP + 10 * DAY, 20.0, BAKU)
    for day in range(1, 9):
        outcome = world.look(silence(DAY), STOP + day * DAY + 7 * HOUR)
        assert getattr(outcome, "reason", "fired") in (reasons.NOT_HEARD, reasons.SPOKEN)


def test_a_short_history_is_still_learning() -> None:
    world = press(ORIGIN + 10 * DAY)
    held(world.look(silence(), ORIGIN + 14 * DAY), reasons.LEARNING)


def test_where_little_is_usual_no_silence_is_unusual() -> None:
    world = press(STOP, per_day=0.3)
    detail = held(world.look(silence(), STOP + 4 * DAY), reasons.SPOKEN).detail
    assert "no silence would be unusual" in detail


def test_a_feed_that_ended_is_not_a_silent_side() -> None:
    """One newsroom had most of it, and it is the one that stopped."""
    rng = random.Random(2)
    world = press(STOP, per_day=30.0, newsrooms=["apa"])
    _tell(world, rng, ORIGIN, STOP + 10 * DAY, 2.0, ["trend", "report"])
    detail = held(world.look(silence(), STOP + 3 * DAY + 7 * HOUR), reasons.LARGEST_NEWSROOM).detail
    assert "without apa it would not be unusually quiet" in detail


def test_one_newsroom_alone_has_to_be_asked_for() -> None:
    world = press(STOP, newsrooms=["apa"])
    now = STOP + 3 * DAY + 7 * HOUR
    held(world.look(silence(), now), reasons.FEW_NEWSROOMS)
    fired(world.look(silence(min_newsrooms=1), now))


def test_history_teaches_what_is_usual() -> None:
    world = press(STOP)
    world.signals = [replace(signal, fires=False) for signal in world.signals]
    fired(world.look(silence(), STOP + 3 * DAY + 7 * HOUR))
