"""first_in on a simulated clock: what is the first in so long, and what nobody can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from harness.rule_world import DAY, HOUR, RuleWorld, fired, held

from alerts.rules import Rule, evaluate, parse_where, prepare, reasons, signals_since
from alerts.series import SignalTable

ORIGIN = datetime(2025, 1, 1, tzinfo=UTC)
CLASH = datetime(2025, 6, 2, 14, 20, tzinfo=UTC)  # 152 days later
SOON = CLASH + timedelta(minutes=30)
DEADLY = parse_where({"severity": ">=4", "direction": "escalatory"})


def first_in(days: int = 90, **keys: object) -> Rule:
    return Rule("first-deaths", "first_in", DEADLY, days * DAY, **keys)  # type: ignore[arg-type]  # test shorthand


def watched(origin: datetime = ORIGIN) -> RuleWorld:
    return RuleWorld(origin).watched(SOON + 10 * DAY)


def clash(world: RuleWorld, at: datetime = CLASH, story: str = "clash") -> RuleWorld:
    """Two newsrooms of the two sides report it, ten minutes apart."""
    world.report(at, story, "apa")
    return world.report(at + timedelta(minutes=10), story, "tass")


def test_the_first_since_watching_began_fires_and_says_so() -> None:
    finding = fired(clash(watched()).look(first_in(), SOON))
    assert finding.said == "None since watching began 152 days ago."
    assert (finding.count, finding.stories, finding.newsrooms) == (2, 1, 2)
    assert finding.expected is None and finding.upper is None and finding.probability is None
    assert finding.story_ids == ("clash",) and finding.coverage == 1.0


def test_the_first_in_93_days_names_the_last() -> None:
    world = watched().report(datetime(2025, 3, 1, 9, tzinfo=UTC), "earlier", "ria")
    finding = fired(clash(world).look(first_in(), SOON))
    assert finding.said == "The first in 93 days; the last was on 2025-03-01."


def test_the_second_in_ninety_days_is_held_with_the_date_of_the_first() -> None:
    world = watched().report(datetime(2025, 3, 10, 9, tzinfo=UTC), "earlier", "ria")
    detail = held(clash(world).look(first_in(), SOON), reasons.SEEN).detail
    assert "2025-03-10, 84 days earlier; the rule asks for 90 days without any" in detail


@pytest.mark.parametrize(("days", "says"), [(89, False), (90, True)])
def test_the_length_of_the_window_is_exact(days: int, says: bool) -> None:
    world = watched().report(CLASH - days * DAY, "earlier", "ria")
    outcome = clash(world).look(first_in(), SOON)
    assert fired(outcome) if says else held(outcome, reasons.SEEN)


def test_what_was_seen_counts_though_one_newsroom_had_it_and_though_it_came_late() -> None:
    late = watched().report(CLASH - 20 * DAY, "earlier", "ria", fires=False)
    held(clash(late).look(first_in(), SOON), reasons.SEEN)


@pytest.mark.parametrize("days", [30, 100])
def test_what_it_remembers_is_enough(days: int) -> None:
    """What is read at every look does not grow with the window, and the answer is the same."""
    world, rule = watched().report(CLASH - days * DAY, "earlier", "ria"), first_in()
    clash(world)
    before = CLASH - 5 * DAY
    past = SignalTable([signal for signal in world.signals if signal.at <= before])
    stored = prepare([rule], past, world.shares, ORIGIN, {}, before).settled
    since = signals_since([rule], stored, ORIGIN, SOON)
    assert SOON - since < 12 * DAY
    table = SignalTable([signal for signal in world.signals if signal.at >= since])
    shares = {hour: share for hour, share in world.shares.items() if hour >= since}
    view = prepare([rule], table, shares, ORIGIN, stored, SOON).views[rule.id]
    assert view.last_before == CLASH - days * DAY
    assert evaluate(rule, view, SOON) == world.look(rule, SOON)


def test_a_watch_that_began_within_the_window_is_still_learning() -> None:
    world = watched(CLASH.replace(minute=0) - 40 * DAY)
    detail = held(clash(world).look(first_in(), SOON), reasons.LEARNING).detail
    assert detail == "Watched for 40 days; 'the first in 90 days' needs all of them."


def test_a_watch_full_of_gaps_is_still_learning() -> None:
    world = watched().deaf(CLASH - 80 * DAY, CLASH - 20 * DAY, share=0.3)
    detail = held(clash(world).look(first_in(), SOON), reasons.LEARNING).detail
    assert detail.startswith("In only 33% of the hours of 90 days most sources were heard")
    fired(clash(watched().deaf(CLASH - 40 * DAY, CLASH - 20 * DAY)).look(first_in(), SOON))


def test_it_waits_two_days_for_a_second_newsroom() -> None:
    world = watched().report(CLASH, "clash", "apa")
    detail = held(world.look(first_in(), SOON), reasons.FEW_NEWSROOMS).detail
    assert "1 newsrooms; the rule asks for 2" in detail
    fired(world.look(first_in(min_newsrooms=1), SOON))
    world.report(CLASH + 40 * HOUR, "what happened on Monday", "tass")
    fired(world.look(first_in(), CLASH + 41 * HOUR))


def test_after_two_days_what_follows_is_not_the_first() -> None:
    world = clash(watched())
    clash(world, CLASH + 30 * HOUR, "the day after")
    clash(world, CLASH + 60 * HOUR, "two days after")
    fired(world.look(first_in(), CLASH + 47 * HOUR))
    held(world.look(first_in(), CLASH + 61 * HOUR), reasons.SEEN)


def test_an_earlier_report_of_the_same_story_that_came_late_is_the_same_event() -> None:
    world = watched().report(CLASH - 7 * HOUR, "clash", "ria", fires=False)
    fired(clash(world).look(first_in(), SOON))


def test_late_and_backfilled_reports_alone_wake_nobody() -> None:
    world = watched()
    for newsroom in ("apa", "tass", "bbc"):
        world.report(CLASH, "clash", newsroom, fires=False)
    held(world.look(first_in(), SOON), reasons.LATE)


def test_a_flood_of_one_newsroom_is_held() -> None:
    world = watched()
    for i in range(200):
        world.report(CLASH + timedelta(seconds=i), f"flood-{i}", "tass")
    held(world.look(first_in(), SOON), reasons.FEW_NEWSROOMS)


def test_without_its_largest_newsroom() -> None:
    world = clash(watched())
    assert not fired(world.look(first_in(), SOON)).without_largest
    world.report(CLASH, "clash", "bbc")
    assert fired(world.look(first_in(), SOON)).without_largest


def test_nothing_says_nothing() -> None:
    assert "in 2 days" in held(watched().look(first_in(), SOON), reasons.NOTHING).detail


def test_what_is_dated_before_the_watch_began_does_not_fire() -> None:
    world = RuleWorld(ORIGIN).watched(ORIGIN + DAY)
    clash(world, ORIGIN - 2 * HOUR)
    held(world.look(first_in(1), ORIGIN + HOUR), reasons.NOTHING)
