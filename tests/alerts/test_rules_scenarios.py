"""The rules on a simulated clock, with explicit dates: what fires, and what must not."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from alerts.finding import Finding, Held
from alerts.rules import (
    Rule,
    Settled,
    evaluate,
    parse_where,
    prepare,
    reasons,
    series_id,
    signals_since,
)
from alerts.series import SignalTable
from alerts.signal import Signal

START = datetime(2026, 5, 4, tzinfo=UTC)  # a Monday
BURST = datetime(2026, 6, 3, 14, 20, tzinfo=UTC)  # a Wednesday, thirty days later
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ESCALATION = parse_where({"direction": "escalatory"})


def spike(window: timedelta = 6 * HOUR, **keys: object) -> Rule:
    settings: dict[str, object] = {"false_alarms_per_year": 12.0, "min_newsrooms": 2, **keys}
    return Rule("escalation", "spike", ESCALATION, window, **settings)  # type: ignore[arg-type]  # test shorthand


@dataclass
class World:
    """Signals, the watch over the sources, and what the service would have stored."""

    signals: list[Signal] = field(default_factory=list)
    shares: dict[datetime, float] = field(default_factory=dict)
    origin: datetime = START

    def watched(self, until: datetime, share: float = 1.0) -> World:
        hour = max(self.shares, default=self.origin - HOUR) + HOUR
        while hour <= until:
            self.shares[hour] = share
            hour += HOUR
        return self

    def report(self, at: datetime, story: str, newsroom: str, *, fires: bool = True) -> None:
        article = f"{story}/{newsroom}/{len(self.signals)}"
        self.signals.append(
            Signal(at, article, story, newsroom, "detention_or_raid", "escalatory", 3, fires=fires)
        )

    def quiet(self, until: datetime, per_day: float, *, seed: int = 1) -> World:
        """Independent stories of one or two newsrooms each, mostly by day."""
        rng = random.Random(seed)
        self.watched(until)
        at = self.origin
        while at < until:
            by_day = 1.5 if 6 <= at.hour < 20 else 0.3
            if rng.random() < per_day / 24 * by_day:
                when = at + timedelta(minutes=rng.randrange(60))
                story = f"quiet-{when.isoformat()}"
                for newsroom in rng.sample(NEWSROOMS, rng.choice((1, 1, 2))):
                    self.report(when, story, newsroom)
            at += HOUR
        return self

    def burst(
        self, at: datetime, stories: int, newsrooms: int, over: timedelta = timedelta(minutes=10),
        *, fires: bool = True,
    ) -> World:  # fmt: skip
        for i in range(stories):
            when = at + over * i / stories
            self.report(when, f"burst-{at}-{i}", NEWSROOMS[i % newsrooms], fires=fires)
        return self

    def look(
        self, rule: Rule, now: datetime, stored: Mapping[str, Settled] | None = None
    ) -> Finding | Held:
        stored = stored or {}
        since = signals_since([rule], stored, self.origin, now)
        table = SignalTable([s for s in self.signals if since <= s.at <= now])
        prepared = prepare([rule], table, self.shares, self.origin, stored, now)
        return evaluate(rule, prepared.views[rule.id], now)


NEWSROOMS = ["apa", "tass", "meduza", "turan", "ria", "bbc", "trend", "kommersant"]


def fired(outcome: Finding | Held) -> Finding:
    assert isinstance(outcome, Finding), outcome
    return outcome


def held(outcome: Finding | Held, reason: str) -> Held:
    assert isinstance(outcome, Held), outcome
    assert outcome.reason == reason, outcome
    return outcome


# -- what must fire ------------------------------------------------------------------------


@pytest.mark.parametrize("per_day", [0.5, 1.0, 2.0, 3.0, 6.0])
@pytest.mark.parametrize("window", [6 * HOUR, 24 * HOUR])
def test_a_quiet_month_then_a_burst_fires(per_day: float, window: timedelta) -> None:
    world = World().quiet(BURST, per_day).burst(BURST, stories=8, newsrooms=4)
    finding = fired(world.look(spike(window), BURST + timedelta(minutes=12)))
    assert finding.count >= 8 and finding.newsrooms >= 4
    assert finding.expected is not None and finding.expected < 4
    assert finding.upper is not None and finding.upper <= finding.count
    assert finding.probability is not None and finding.probability < 1e-3
    assert finding.without_largest and not finding.provisional
    assert finding.coverage == 1.0
    assert finding.article_ids[0].startswith(f"burst-{BURST}-7")


@pytest.mark.parametrize("minute", [0, 1, 30, 58])
@pytest.mark.parametrize("hour", [0, 3, 14, 23])
def test_it_fires_whenever_in_the_day_or_the_hour_it_happens(hour: int, minute: int) -> None:
    at = BURST.replace(hour=hour, minute=minute)
    world = World().quiet(at, 2.0).burst(at, stories=8, newsrooms=4)
    fired(world.look(spike(), at + timedelta(minutes=11)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("stories", "newsrooms", "per_day"), [(4, 3, 1.0), (5, 4, 2.0), (5, 3, 1.5)]
)
@pytest.mark.parametrize("window", [6 * HOUR, 24 * HOUR])
def test_a_small_burst_over_a_sparse_history_fires(
    seed: int, stories: int, newsrooms: int, per_day: float, window: timedelta
) -> None:
    world = World().quiet(BURST, per_day, seed=seed).burst(BURST, stories, newsrooms)
    fired(world.look(spike(window), BURST + timedelta(minutes=11)))


def test_a_first_burst_where_nothing_ever_matched_fires() -> None:
    world = World().watched(BURST).burst(BURST, stories=5, newsrooms=4)
    finding = fired(world.look(spike(), BURST + timedelta(minutes=11)))
    assert finding.expected is not None and finding.expected < 0.3


def test_one_story_where_nothing_ever_matched_does_not() -> None:
    world = World().watched(BURST).burst(BURST, stories=1, newsrooms=1)
    held(world.look(spike(), BURST + timedelta(minutes=11)), reasons.EXPECTED)


def test_a_burst_is_seen_when_its_bucket_is_minutes_old() -> None:
    at = BURST.replace(minute=57)
    world = World().quiet(at, 2.0).burst(at, stories=8, newsrooms=4, over=timedelta(minutes=6))
    finding = fired(world.look(spike(), at + timedelta(minutes=7)))
    assert finding.count >= 8


def test_a_second_burst_the_day_after_a_crisis_fires() -> None:
    yesterday = BURST - DAY
    world = World().quiet(BURST, 2.0)
    world.burst(yesterday, stories=25, newsrooms=6, over=5 * HOUR)
    held(world.look(spike(), BURST - timedelta(minutes=10)), reasons.EXPECTED)
    world.burst(BURST, stories=8, newsrooms=4)
    fired(world.look(spike(), BURST + timedelta(minutes=11)))


def test_short_and_long_windows_choose_their_own_buckets() -> None:
    world = World().quiet(BURST, 2.0).burst(BURST, stories=12, newsrooms=4)
    for window in (timedelta(minutes=30), 2 * HOUR, 48 * HOUR, 7 * DAY):
        fired(world.look(spike(window), BURST + timedelta(minutes=11)))


# -- what must not -------------------------------------------------------------------------


def test_a_quiet_control_is_silent_for_sixty_days() -> None:
    end = BURST + 60 * DAY
    world = World().quiet(end, 2.0, seed=11)
    rule, stored = spike(false_alarms_per_year=2.0), dict[str, Settled]()
    everything = SignalTable(world.signals)
    now, alarms = BURST, 0
    while now < end:
        now += HOUR
        since = signals_since([rule], stored, world.origin, now)
        seen = [s for s in everything.signals if since <= s.at <= now]
        prepared = prepare([rule], SignalTable(seen), world.shares, world.origin, stored, now)
        stored.update(prepared.settled)
        alarms += isinstance(evaluate(rule, prepared.views[rule.id], now), Finding)
    assert alarms == 0


@pytest.mark.parametrize("others", [0, 1])
def test_one_newsrooms_flood_is_held(others: int) -> None:
    world = World().quiet(BURST, 2.0)
    for i in range(500):
        world.report(BURST + timedelta(seconds=i), f"flood-{i}", "tass")
    for i in range(others):
        world.report(BURST, f"other-{i}", "turan")
    outcome = world.look(spike(), BURST + timedelta(minutes=11))
    reason = reasons.LARGEST_NEWSROOM if others else reasons.FEW_NEWSROOMS
    assert "tass" in held(outcome, reason).detail or not others


def test_a_flood_that_another_newsroom_joins_does_not_hide_a_real_burst() -> None:
    world = World().quiet(BURST, 2.0).burst(BURST, stories=8, newsrooms=4)
    for i in range(500):
        world.report(BURST + timedelta(seconds=i), f"flood-{i}", "tass-wire")
    finding = fired(world.look(spike(), BURST + timedelta(minutes=11)))
    assert finding.largest_newsroom == "tass-wire" and finding.without_largest


def test_twenty_reprints_of_one_story_are_one_story() -> None:
    world = World().quiet(BURST, 2.0)
    for i in range(20):
        world.report(BURST + timedelta(minutes=i / 2), "one story", f"newsroom-{i}")
    assert isinstance(world.look(spike(), BURST + timedelta(minutes=11)), Held)


def test_late_and_backfilled_stories_teach_and_never_fire() -> None:
    world = World().quiet(BURST, 2.0).burst(BURST, stories=40, newsrooms=6, fires=False)
    outcome = world.look(spike(), BURST + timedelta(minutes=11))
    assert isinstance(outcome, Held)


def test_a_window_of_late_stories_alone_says_so() -> None:
    world = World().watched(BURST).burst(BURST, stories=40, newsrooms=6, fires=False)
    assert "40" in held(world.look(spike(), BURST + timedelta(minutes=11)), reasons.LATE).detail


def test_a_recovery_backlog_is_not_a_spike() -> None:
    """Four hours of outage; then everything of these hours arrives at once, undated or dated."""
    world = World().quiet(BURST - 4 * HOUR, 24.0, seed=5)
    for hours in range(4):
        world.shares[BURST.replace(minute=0) - (4 - hours) * HOUR] = 0.0
    world.watched(BURST)
    backlog = World().quiet(BURST, 24.0, seed=6)
    for i, signal in enumerate(s for s in backlog.signals if s.at > BURST - 4 * HOUR):
        at = signal.at if i % 2 else BURST + timedelta(seconds=i)
        world.report(at, signal.story, signal.newsroom)
    for minutes in (1, 11, 30, 90):
        now = BURST + timedelta(minutes=minutes)
        assert isinstance(world.watched(now).look(spike(), now), Held)


@pytest.mark.parametrize("hours", [4, 24, 60])
def test_an_undated_backlog_is_no_spike_hours_later_either(hours: int) -> None:
    back = BURST.replace(minute=0)
    world = World().quiet(back - hours * HOUR, 24.0, seed=5)
    for i in range(hours):
        world.shares[back - (i + 1) * HOUR] = 0.0
    for i in range(min(hours, 24)):
        world.report(back + timedelta(minutes=i), f"missed-{i}", NEWSROOMS[i % 8])
    for later in (0.5, 1.5, 3, 7, 10, 20):
        now = back + later * HOUR
        assert isinstance(world.watched(now).look(spike(24 * HOUR), now), Held)


def test_what_is_dated_before_the_installation_does_not_fire() -> None:
    origin = BURST.replace(minute=0)
    world = World(origin=origin).watched(origin + 8 * HOUR)
    for i in range(40):
        world.report(origin - HOUR, f"older-{i}", NEWSROOMS[i % 8])
    for hour in range(1, 9):
        for story in range(2):
            world.report(origin + hour * HOUR, f"usual-{hour}-{story}", NEWSROOMS[hour % 8])
        assert isinstance(world.look(spike(24 * HOUR), origin + hour * HOUR), Held)


def test_a_crisis_during_an_outage_fires_when_the_sources_are_back() -> None:
    world = World().quiet(BURST - 4 * HOUR, 3.0)
    for hours in range(4):
        world.shares[BURST.replace(minute=0) - (4 - hours) * HOUR] = 0.0
    world.watched(BURST).burst(BURST - 3 * HOUR, stories=12, newsrooms=5, over=3 * HOUR)
    fired(world.look(spike(), BURST + timedelta(minutes=5)))


def test_a_new_installation_says_that_it_is_learning() -> None:
    world = (
        World(origin=BURST.replace(minute=0)).watched(BURST).burst(BURST, stories=8, newsrooms=4)
    )
    held(world.look(spike(), BURST + timedelta(minutes=11)), reasons.LEARNING)


def test_a_young_baseline_is_provisional() -> None:
    world = World(origin=BURST.replace(minute=0) - 4 * DAY).quiet(BURST, 2.0).burst(BURST, 12, 6)
    assert fired(world.look(spike(), BURST + timedelta(minutes=11))).provisional


@pytest.mark.parametrize("days", [7, 10, 14])
@pytest.mark.parametrize("window", [6 * HOUR, 24 * HOUR], ids=["6h", "24h"])
def test_a_third_more_sources_added_in_a_week_are_no_news(window: timedelta, days: int) -> None:
    now, rng = BURST.replace(minute=0), random.Random(days)
    world = World().quiet(now, 14.0)
    for hours in range(days * 24):
        at, more = now - (days * 24 - hours) * HOUR, 0.3 * min(hours / (7 * 24), 1.0)
        if rng.random() < 14.0 / 24 * (1.5 if 6 <= at.hour < 20 else 0.3) * more:
            world.report(at, f"new-{hours}", f"new-{hours % 3}")
    assert all(isinstance(world.look(spike(window), now - k * 3 * HOUR), Held) for k in range(8))


# -- threshold -----------------------------------------------------------------------------


def threshold(at_least: int = 5, **keys: object) -> Rule:
    return Rule("many", "threshold", ESCALATION, 6 * HOUR, at_least=at_least, **keys)  # type: ignore[arg-type]  # test shorthand


def test_a_threshold_fires_at_its_limit() -> None:
    now = BURST + timedelta(minutes=11)
    held(World().burst(BURST, 4, 4).look(threshold(), now), reasons.BELOW)
    finding = fired(World().burst(BURST, 5, 4).look(threshold(), now))
    assert (finding.count, finding.newsrooms, finding.expected) == (5, 4, None)


def test_a_threshold_forgets_what_left_its_window() -> None:
    world = World().burst(BURST, 5, 4)
    held(world.look(threshold(), BURST + 7 * HOUR), reasons.NOTHING)


def test_a_threshold_asks_for_newsrooms_and_for_more_than_one_flood() -> None:
    now = BURST + timedelta(minutes=11)
    held(World().burst(BURST, 9, 1).look(threshold(), now), reasons.FEW_NEWSROOMS)
    world = World().burst(BURST, 9, 1)
    world.report(BURST, "another", "turan")
    held(world.look(threshold(), now), reasons.LARGEST_NEWSROOM)


def test_a_threshold_of_one_fires_on_a_single_corroborated_story() -> None:
    world = World()
    world.report(BURST, "a", "apa")
    held(world.look(threshold(1), BURST), reasons.FEW_NEWSROOMS)
    world.report(BURST, "a", "tass")
    fired(world.look(threshold(1), BURST))
    fired(world.look(threshold(1, min_newsrooms=1), BURST))


def test_a_threshold_counts_newsrooms_and_articles_where_asked() -> None:
    now = BURST + timedelta(minutes=11)
    world = World()
    for i in range(6):
        world.report(BURST, "one story", f"newsroom-{i}")
    assert fired(world.look(threshold(6, count="newsrooms"), now)).count == 6
    assert fired(world.look(threshold(6, count="articles"), now)).unit == "articles"
    held(world.look(threshold(2), now), reasons.BELOW)


# -- the stored series -----------------------------------------------------------------------


def test_the_answer_is_the_same_from_storage_and_from_scratch() -> None:
    world = World().quiet(BURST + 30 * DAY, 4.0, seed=3)
    rule, stored = spike(24 * HOUR), dict[str, Settled]()
    for days in (0, 0.1, 1, 9, 15, 15.5, 22, 29):
        now = BURST + timedelta(days=days)
        since = signals_since([rule], stored, world.origin, now)
        seen = SignalTable([s for s in world.signals if since <= s.at <= now])
        kept = prepare([rule], seen, world.shares, world.origin, stored, now)
        stored.update(kept.settled)
        everything = SignalTable([s for s in world.signals if s.at <= now])
        fresh = prepare([rule], everything, world.shares, world.origin, {}, now)
        assert evaluate(rule, kept.views[rule.id], now) == evaluate(rule, fresh.views[rule.id], now)
        one, other = kept.views[rule.id].outlook, fresh.views[rule.id].outlook
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.expected(24) == pytest.approx(other.expected(24), rel=1e-9)


def test_what_comes_late_into_settled_buckets_is_learned_again() -> None:
    world = World().quiet(BURST, 4.0, seed=3)
    rule, now = spike(24 * HOUR), BURST + timedelta(minutes=5)
    before = prepare([rule], SignalTable(world.signals), world.shares, START, {}, now).settled
    world.burst(BURST - 3 * DAY, 30, 5, over=DAY, fires=False)
    ((name, kept),) = before.items()
    late = {name: Settled(kept.through, kept.state, dirty_from=BURST - 3 * DAY)}
    again = prepare([rule], SignalTable(world.signals), world.shares, START, late, now).settled
    fresh = prepare([rule], SignalTable(world.signals), world.shares, START, {}, now).settled
    assert again == fresh and again != before
    quiet = prepare([rule], SignalTable(world.signals), world.shares, START, again, now).settled
    assert quiet == {}


def test_a_change_before_the_checkpoint_rebuilds_from_the_origin() -> None:
    world = World().quiet(BURST, 4.0, seed=3)
    rule, name, now = spike(24 * HOUR), series_id(spike(24 * HOUR)), BURST
    settled = prepare([rule], SignalTable(world.signals), world.shares, START, {}, now).settled
    world.burst(START + DAY, 30, 5, over=DAY, fires=False)
    dirty = {name: Settled(settled[name].through, settled[name].state, dirty_from=START + DAY)}
    assert signals_since([rule], dirty, START, now) < START
    again = prepare([rule], SignalTable(world.signals), world.shares, START, dirty, now).settled
    fresh = prepare([rule], SignalTable(world.signals), world.shares, START, {}, now).settled
    assert again == fresh


def test_a_state_that_cannot_be_read_is_rebuilt() -> None:
    world = World().quiet(BURST, 4.0, seed=3).burst(BURST, 8, 4)
    rule, now = spike(), BURST + timedelta(minutes=11)
    for broken in ("", "{}", '{"origin": 1}', "nonsense"):
        stored = {series_id(rule): Settled(now - DAY, broken)}
        fired(world.look(rule, now, stored))


# -- what is stored may be unusable: the answer is then built anew, from all of the past ----


def settled_at(world: World, now: datetime, stored: Mapping[str, Settled]) -> dict[str, Settled]:
    """What one evaluation stores, given no more signals than it asks for."""
    rule = spike()
    since = signals_since([rule], stored, world.origin, now)
    table = SignalTable([s for s in world.signals if since <= s.at <= now])
    return prepare([rule], table, world.shares, world.origin, stored, now).settled


def test_a_clock_that_was_set_back_does_not_forget_the_past() -> None:
    world = World().quiet(BURST, 6.0)
    later = settled_at(world, BURST + HOUR, {})
    assert settled_at(world, BURST, later) == settled_at(world, BURST, {})


def test_a_baseline_of_another_format_is_built_anew_from_all_of_the_past() -> None:
    world = World().quiet(BURST, 6.0)
    ((name, kept),) = settled_at(world, BURST, {}).items()
    state = json.loads(kept.state)
    other = {**state, "early": "AgA" + state["early"][3:], "late": "AgA" + state["late"][3:]}
    stored = {name: Settled(kept.through, json.dumps(other))}
    assert settled_at(world, BURST, stored) == {name: kept}


# -- what a finding says besides ---------------------------------------------------------------


def test_a_spike_says_what_is_usual_and_what_is_left() -> None:
    world = World().quiet(BURST, 3.0).burst(BURST, stories=8, newsrooms=4)
    finding = fired(world.look(spike(), BURST + timedelta(minutes=11)))
    assert finding.usual is not None and finding.upper is not None
    least, most = finding.usual
    assert 0 <= least <= (finding.expected or 0) <= most < finding.upper <= finding.count
    assert finding.left is not None and finding.left < finding.count
    assert not finding.below and finding.said is None


@pytest.mark.parametrize(("newsrooms", "ladder"), [(1, 4), (2, 3), (3, 3), (4, 2), (5, None)])
def test_the_ladder_is_as_high_as_enough_newsrooms_say(newsrooms: int, ladder: int | None) -> None:
    world = World()
    for severity, newsroom in ((4, "apa"), (3, "tass"), (3, "bbc"), (2, "turan"), (1, "apa")):
        at = BURST + timedelta(minutes=severity)
        world.signals.append(
            Signal(at, f"a{at}{newsroom}", "s", newsroom, "c", "escalatory", severity)
        )
    rule = threshold(1, min_newsrooms=newsrooms)
    outcome = world.look(rule, BURST + timedelta(minutes=11))
    assert (outcome.ladder if isinstance(outcome, Finding) else None) == ladder
