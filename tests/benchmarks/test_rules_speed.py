"""How long 200 rules over 90 days of history take: from scratch, and at every evaluation."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from alerts.baseline import Baseline
from alerts.rules import Rule, Settled, evaluate, parse_where, prepare, signals_since
from alerts.series import SignalTable
from alerts.signal import Signal

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, A_DAY = 90, 300
HOUR = timedelta(hours=1)
CATEGORIES = [f"category-{i}" for i in range(15)]
DIRECTIONS = ["escalatory", "de_escalatory", "neutral"]


def history(days: int) -> list[Signal]:
    rng = random.Random(1)
    return [
        Signal(
            at=START + timedelta(seconds=rng.randrange(days * 86_400)),
            article=f"a{i}",
            story=f"s{rng.randrange(days * A_DAY)}",
            newsroom=f"n{rng.randrange(60)}",
            category=rng.choice(CATEGORIES),
            direction=rng.choice(DIRECTIONS),
            severity=rng.randrange(5),
            initiator=rng.choice(["RUS", "AZE", None]),
            language=rng.choice(["ru", "az", "en", "tr"]),
            country=rng.choice(["RUS", "AZE", "GBR"]),
            terms=(f"t{rng.randrange(300)}",),
        )
        for i in range(days * A_DAY)
    ]


def rules(number: int) -> list[Rule]:
    rng = random.Random(2)
    windows = [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR]
    return [
        Rule(
            id=f"rule-{i}",
            kind="spike" if i % 10 else "threshold",
            where=parse_where(
                {
                    "category": rng.sample(CATEGORIES, 3),
                    **({"severity": f">={rng.randrange(1, 4)}"} if i % 2 else {}),
                    **({"side": "AZE"} if i % 3 == 0 else {}),
                    **({"term": f"t{i}"} if i % 7 == 0 else {}),
                }
            ),
            window=rng.choice(windows),
            false_alarms_per_year=12.0 if i % 10 else None,
            at_least=None if i % 10 else 40,
        )
        for i in range(number)
    ]


@pytest.mark.benchmark
def test_two_hundred_rules_over_ninety_days() -> None:
    every, signals = rules(200), history(DAYS)
    now = START + timedelta(days=DAYS) - HOUR / 2
    shares = {START + i * HOUR: 1.0 for i in range(DAYS * 24)}

    def run(at: datetime, stored: dict[str, Settled]) -> tuple[float, dict[str, Settled], int]:
        since = signals_since(every, stored, START, at)
        loaded = [signal for signal in signals if since <= signal.at <= at]
        begin = time.perf_counter()
        prepared = prepare(every, SignalTable(loaded), shares, START, stored, at)
        for rule in every:
            evaluate(rule, prepared.views[rule.id], at)
        return time.perf_counter() - begin, prepared.settled, len(loaded)

    scratch, stored, loaded = run(now - HOUR, {})
    print(f"\n200 rules, 90 days, {loaded} signals, from scratch: {scratch:.2f} s")
    hourly, settled, loaded = run(now, stored)
    stored.update(settled)
    print(f"an evaluation that settles an hour, {loaded} signals: {hourly:.2f} s")
    again, settled, loaded = run(now, stored)
    print(f"the next evaluation: {again:.2f} s, {len(settled)} series to store")
    assert settled == {}


@pytest.mark.benchmark
@pytest.mark.parametrize("bucket", ["day", "hour", "15min"])
def test_one_update_from_python(bucket: str) -> None:
    baseline, counts = Baseline(bucket), [random.Random(3).randrange(4) for _ in range(3000)]
    begin = time.perf_counter()
    for count in counts:
        baseline.update(count)
    each = (time.perf_counter() - begin) / len(counts) * 1e6
    print(f"\n{bucket}: {each:.0f} µs an update, {len(baseline.state())} characters of state")
