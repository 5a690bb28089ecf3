"""`against` on a simulated clock: one direction rises, and the other does not."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from harness.rule_world import COUNTRIES, DAY, HOUR, RuleWorld, fired, held

from alerts.rules import Rule, parse_where, reasons

ORIGIN = datetime(2025, 4, 7, tzinfo=UTC)  # a Monday
CAMPAIGN = datetime(2025, 6, 4, 12, tzinfo=UTC)
NOW = CAMPAIGN + 4 * HOUR
MOSCOW = [name for name, country in COUNTRIES.items() if country == "RUS"]
BAKU = [name for name, country in COUNTRIES.items() if country == "AZE"]


def against(**keys: object) -> Rule:
    settings: dict[str, object] = {
        "id": "moscow-about-baku", "kind": "spike", "where": parse_where({"side": "RUS"}),
        "against": parse_where({"side": "AZE"}), "window": DAY, **keys,
    }  # fmt: skip
    return Rule(**settings)  # type: ignore[arg-type]  # test shorthand


def press(seed: int = 1) -> RuleWorld:
    """Some stories a day on either side, each its own."""
    rng, world = random.Random(seed), RuleWorld(ORIGIN).watched(NOW)
    at = ORIGIN
    while at < CAMPAIGN:
        for newsrooms in (MOSCOW, BAKU):
            if rng.random() < 2.0 / 24:
                world.report(at, f"usual-{len(world.signals)}", rng.choice(newsrooms))
        at += HOUR
    return world


def campaign(world: RuleWorld, stories: int, newsrooms: list[str]) -> RuleWorld:
    for i in range(stories):
        at = CAMPAIGN + timedelta(minutes=10 * i)
        world.report(at, f"campaign-{newsrooms[0]}-{i}", newsrooms[i % len(newsrooms)])
    return world


def test_one_direction_that_rises_alone_fires_and_says_its_share() -> None:
    finding = fired(campaign(press(), 16, MOSCOW).look(against(), NOW))
    assert finding.count >= 16 and finding.expected is not None
    assert finding.said is not None and "stories go this way, where" in finding.said


def test_what_rises_on_both_sides_is_held() -> None:
    world = campaign(campaign(press(), 16, MOSCOW), 16, BAKU)
    detail = held(world.look(against(), NOW), reasons.BOTH_DIRECTIONS).detail
    assert "nothing unusual" in detail
    fired(world.look(against(against=None), NOW))


def test_a_share_alone_is_no_spike() -> None:
    """Where the other side falls silent, this one has all, and nothing rises."""
    world = RuleWorld(ORIGIN).watched(NOW)
    for signal in press().signals:
        if signal.country == "RUS" or signal.at < CAMPAIGN - 2 * DAY:
            world.signals.append(signal)
    assert getattr(world.look(against(), NOW), "reason", "") in (reasons.EXPECTED, reasons.NOTHING)


def test_what_is_usual_is_the_share_of_the_weeks_before() -> None:
    """Where Moscow always writes ten times as much, its ten times as much is no asymmetry."""
    world, rng = RuleWorld(ORIGIN).watched(NOW), random.Random(3)
    at = ORIGIN
    while at < CAMPAIGN:
        if rng.random() < 0.4:
            world.report(at, f"moscow-{len(world.signals)}", rng.choice(MOSCOW))
        if rng.random() < 0.04:
            world.report(at, f"baku-{len(world.signals)}", rng.choice(BAKU))
        at += HOUR
    campaign(campaign(world, 40, MOSCOW), 4, BAKU)
    held(world.look(against(), NOW), reasons.BOTH_DIRECTIONS)


def test_by_the_ones_who_act_as_well() -> None:
    rule = against(
        where=parse_where({"initiator": "RUS", "target": "AZE"}),
        against=parse_where({"initiator": "AZE", "target": "RUS"}),
    )
    world = RuleWorld(ORIGIN).watched(NOW)
    for day in range(55):
        acting, hit = ("RUS", "AZE") if day % 2 else ("AZE", "RUS")
        world.report(ORIGIN + day * DAY, f"usual-{day}", "bbc", initiator=acting, target=hit)
    for i in range(10):
        newsroom = ("bbc", "apa", "tass")[i % 3]
        at = CAMPAIGN + timedelta(minutes=i)
        world.report(at, f"raid-{i}", newsroom, initiator="RUS", target="AZE")
    finding = fired(world.look(rule, NOW))
    assert finding.said is not None and finding.said.startswith("10 of 10 stories go this way")
    for i in range(10):
        newsroom = ("bbc", "apa", "tass")[i % 3]
        at = CAMPAIGN + timedelta(minutes=i)
        world.report(at, f"answer-{i}", newsroom, initiator="AZE", target="RUS")
    held(world.look(rule, NOW), reasons.BOTH_DIRECTIONS)
