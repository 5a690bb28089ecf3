"""A replay sees what looks from scratch see, and the future changes nothing that was said."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.finding import Finding
from alerts.rules import KINDS, Rule, evaluate, parse_where, prepare
from alerts.rules.passing import Came
from alerts.rules.walk import Walk
from alerts.series import SignalTable, floor, microseconds
from alerts.signal import Signal
from worker.backtest.changes import EpisodeChange
from worker.backtest.hearing import Heard
from worker.backtest.history import History, Merge
from worker.backtest.replaying import replay

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ROOMS = ("apa", "report", "tass", "kommersant", "reuters")
CATEGORIES = ("detention_or_raid", "legal_action", "diplomatic_protest")


def signal(at: datetime, number: int, rng: random.Random, **keys: object) -> Signal:
    facts: dict[str, object] = {
        "article": f"a{number}",
        "story": f"s{number // 2}",
        "newsroom": rng.choice(ROOMS),
        "category": rng.choice(CATEGORIES),
        "direction": rng.choice(("escalatory", "de_escalatory")),
        "severity": rng.randrange(5),
        **keys,
    }
    facts.setdefault("teller", facts["newsroom"])
    return Signal(at=at, **facts)  # type: ignore[arg-type]  # shorthand


def history(seed: int, days: int, a_day: int = 12) -> History:
    """Random news with late articles, a flood, two outages of which one leaves a backlog, and
    stories that merge."""
    rng = random.Random(seed)
    outage = START + rng.randrange(2, days) * DAY + 5 * HOUR
    came: list[Came] = []
    for number in range(days * a_day):
        at = START + timedelta(seconds=rng.randrange(days * 86_400))
        delay = rng.choice((0, 1, 4, 20, 90, 300, 1000)) * MINUTE
        if outage <= at < outage + 9 * HOUR:
            delay = outage + 9 * HOUR - at + rng.randrange(30) * MINUTE
        fires = delay <= 6 * HOUR
        came.append(Came(signal(at, number, rng, fires=fires), at + delay))
    burst = START + rng.randrange(2, days) * DAY + rng.randrange(24) * HOUR
    for number in range(20):
        at = burst + number * 4 * MINUTE
        keys = {"category": CATEGORIES[0], "direction": "escalatory", "story": f"b{number // 2}"}
        came.append(Came(signal(at, 10_000 + number, rng, **keys), at + MINUTE))
    merges = [Merge(burst + 2 * HOUR, f"b{n}", "b0") for n in (3, 4)]
    hours = {START + i * HOUR: 1.0 for i in range(days * 24 + 1)}
    for hour in hours:
        if outage <= hour < outage + 9 * HOUR:
            hours[hour] = 0.0
        elif rng.random() < 0.03:
            hours[hour] = rng.choice((0.3, 0.7, 0.9))
    return History(came, merges, Heard(hours), START, START + days * DAY, len(came))


def rules() -> list[Rule]:
    escalatory = parse_where({"direction": "escalatory"})
    raids = parse_where({"category": CATEGORIES[0]})
    every = [
        Rule("hourly", "spike", escalatory, 6 * HOUR, false_alarms_per_year=300.0),
        Rule("quarters", "spike", raids, 2 * HOUR, false_alarms_per_year=300.0),
        Rule("daily", "spike", escalatory, 3 * DAY, false_alarms_per_year=50.0),
        Rule("rooms", "spike", raids, 12 * HOUR, count="newsrooms", false_alarms_per_year=300.0),
        Rule("five", "threshold", raids, 3 * HOUR, at_least=5),
    ]
    if "first_in" in KINDS:
        grave = parse_where({"severity": 4, "category": CATEGORIES[1]})
        every.append(Rule("first", "first_in", grave, 3 * DAY, min_newsrooms=1))
    if "silence" in KINDS:
        every.append(Rule("quiet", "silence", escalatory, 12 * HOUR, false_alarms_per_year=300.0))
    return every


def from_scratch(
    every: Sequence[Rule], past: History, now: datetime
) -> dict[str, object]:  # outcomes by rule
    became = {merge.younger: merge.elder for merge in past.merges if merge.at <= now}
    seen = [
        replace(one.signal, story=became.get(one.signal.story, one.signal.story))
        for one in past.came
        if one.at <= now and one.signal.at <= now
    ]
    hour = floor(now, HOUR)
    hours = (hour - START) // HOUR
    shares = {START + i * HOUR: past.hearing.whole(START + i * HOUR) for i in range(hours)}
    shares[hour] = past.hearing.begun(hour)
    prepared = prepare(every, SignalTable(seen), shares, past.origin, {}, now)
    return {rule.id: evaluate(rule, prepared.views[rule.id], now) for rule in every}


@pytest.mark.parametrize("seed", range(4))
def test_a_walk_sees_what_looks_from_scratch_see(seed: int) -> None:
    past, every = history(seed, days=12), rules()
    rng = random.Random(seed + 100)
    moments = sorted(
        {START + 10 * HOUR + timedelta(minutes=rng.randrange(11 * 24 * 60)) for _ in range(60)}
        | {START + rng.randrange(1, 280) * HOUR for _ in range(30)}
    )
    table = past.table()
    walk = Walk(every, table, past.hearing, past.origin)
    before, fired = 0, 0
    for now in moments:
        for one in past.merges:
            if before < microseconds(one.at) <= microseconds(now):
                walk.merge(one.younger, one.elder)
        for rule in every:
            whole = table.whole(rule.where)
            new = (whole.came > before) & (whole.came <= microseconds(now))
            for at in whole.at[new].tolist():
                walk.came(rule, at, microseconds(now))
        before = microseconds(now)
        walk.turn_to(now)
        expected = from_scratch(every, past, now)
        for rule in every:
            outcome = evaluate(rule, walk.view(rule), now)
            assert outcome == expected[rule.id], f"{rule.id} at {now}"
            fired += isinstance(outcome, Finding)
    assert fired


@pytest.mark.parametrize("seed", range(10, 16))
def test_what_is_passed_over_could_not_fire(seed: int) -> None:
    past, every = history(seed, days=25, a_day=20), rules()
    told = [change.to_json() for change in replay(every, past)]
    assert told == [change.to_json() for change in replay(every, past, ahead=False)]
    assert told


def lines(changes: Sequence[EpisodeChange], until: datetime) -> list[object]:
    return [change.to_json() for change in changes if change.time <= until]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 8))
def test_the_future_never_changes_an_alert(seed: int, day: int) -> None:
    whole, every, cut = history(seed, days=9), rules(), START + day * DAY + 3 * HOUR
    said = lines(list(replay(every, whole)), cut)
    past = [one for one in whole.came if one.at <= cut]
    truncated = replace(whole, came=past, until=cut)
    assert lines(list(replay(every, truncated)), cut) == said
    rng = random.Random(seed)
    other = [
        Came(signal(cut + n * MINUTE, 20_000 + n, rng, category=CATEGORIES[0]), cut + n * MINUTE)
        for n in range(1, 60)
    ]
    changed = replace(whole, came=[*past, *other])
    assert lines(list(replay(every, changed)), cut) == said


def test_a_burst_is_told_once_and_resolved() -> None:
    past = history(1, days=12)
    told = [c for c in replay(rules(), past) if c.rule == "five"]
    assert [c.change for c in told if c.change in ("opened", "resolved")][:2] == [
        "opened",
        "resolved",
    ]


def test_nothing_is_said_before_from() -> None:
    past = history(2, days=12)
    since = START + 6 * DAY
    assert all(change.time >= since for change in replay(rules(), past, since=since))


def test_a_side_that_nobody_listened_to_is_not_quiet() -> None:
    rng, stop = random.Random(4), START + 60 * DAY
    every = []
    for number in range(60 * 48):
        at = START + timedelta(seconds=rng.randrange(60 * 86_400))
        every.append(Came(signal(at, number, rng, story=f"s{number}", country="AZE"), at))
    until = stop + 4 * DAY
    hours = [START + i * HOUR for i in range((until - START) // HOUR + 1)]
    rule = Rule(
        "quiet", "silence", parse_where({"side": "AZE"}), DAY, false_alarms_per_year=4.0
    )  # fmt: skip
    past = History(every, (), Heard(dict.fromkeys(hours, 1.0)), START, until, len(every))
    assert any(change.is_alert for change in replay([rule], past))
    gone = Heard({hour: float(hour < stop) for hour in hours})
    assert not list(replay([rule], replace(past, apart=lambda _rule: gone)))
