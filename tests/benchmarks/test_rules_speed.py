"""What rules cost: a thousand of them at every evaluation, and fifty replayed over a year."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from alerts import watch
from alerts.baseline import Baseline
from alerts.rules import Rule, Settled, parse_where, prepare, signals_since
from alerts.rules.passing import Came
from alerts.series import SignalTable
from alerts.signal import Signal
from worker.backtest.hearing import heard_throughout
from worker.backtest.history import History
from worker.backtest.replaying import replay

START = datetime(2025, 3, 3, tzinfo=UTC)
DAYS = 365
HOUR = timedelta(hours=1)
CATEGORIES = [f"category-{i}" for i in range(15)]
DIRECTIONS = ["escalatory", "de_escalatory", "neutral"]
WINDOWS = [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR]


def signal(at: datetime, number: int, rng: random.Random) -> Signal:
    newsroom = f"n{rng.randrange(60)}"
    return Signal(
        at=at,
        article=f"a{number}",
        story=f"s{number - rng.randrange(3)}",
        newsroom=newsroom,
        category=rng.choice(CATEGORIES),
        direction=rng.choice(DIRECTIONS),
        severity=rng.randrange(5),
        initiator=rng.choice(["RUS", "AZE", None]),
        language=rng.choice(["ru", "az", "en", "tr"]),
        country=rng.choice(["RUS", "AZE", "GBR"]),
        terms=(f"t{rng.randrange(300)}",),
        teller=newsroom,
    )


def signals(days: int, a_day: int) -> list[Signal]:
    rng = random.Random(1)
    times = sorted(rng.randrange(days * 86_400) for _ in range(days * a_day))
    return [signal(START + timedelta(seconds=at), n, rng) for n, at in enumerate(times)]


def rules(number: int, windows: list[timedelta]) -> list[Rule]:
    rng = random.Random(2)
    return [
        Rule(
            id=f"rule-{i}",
            kind="spike" if i % 10 else "threshold",
            where=parse_where(
                {
                    "category": rng.sample(CATEGORIES, 3),
                    **({"severity": f">={rng.randrange(1, 4)}"} if i % 2 else {}),
                    **({"side": "AZE"} if i % 3 == 0 else {}),
                    **({"term": f"t{i % 300}"} if i % 7 == 0 else {}),
                }
            ),
            window=rng.choice(windows),
            false_alarms_per_year=12.0 if i % 10 else None,
            at_least=None if i % 10 else 40,
        )
        for i in range(number)
    ]


def timed(what: Callable[[], object]) -> float:
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin


@pytest.mark.benchmark
def test_a_thousand_rules_over_a_year() -> None:
    every, past = rules(1000, WINDOWS), signals(DAYS, 300)
    now = START + timedelta(days=DAYS) - HOUR / 2
    shares = {START + i * HOUR: 1.0 for i in range(DAYS * 24)}
    stored: dict[str, Settled] = {}

    def run(at: datetime) -> int:
        since = signals_since(every, stored, START, at)
        loaded = [one for one in past if since <= one.at <= at]
        begin = time.perf_counter()
        prepared = prepare(every, SignalTable(loaded), shares, START, stored, at)
        watch.look(every, prepared, at)
        took = time.perf_counter() - begin
        stored.update(prepared.settled)
        print(f"{len(loaded)} signals, {len(prepared.settled)} series settled: {took:.2f} s")
        return round(took * 1000)

    print("\n1,000 rules, a year of 300 signals a day; from scratch:")
    run(now - HOUR)
    print("settling an hour, and the next evaluation:")
    settling, following = run(now), run(now)
    assert settling < 2000 and following < 2000


@pytest.mark.benchmark
def test_a_year_of_fifty_rules_is_replayed() -> None:
    rng = random.Random(5)
    came = [Came(one, one.at + rng.randrange(20) * HOUR / 60) for one in signals(DAYS, 80)]
    until = START + timedelta(days=DAYS)
    history = History(came, (), heard_throughout(START, until), START, until, len(came))
    every = rules(50, [6 * HOUR, 24 * HOUR])
    list(replay(every[:2], history, until=START + timedelta(days=3)))  # compiles the arithmetic
    changes: list[object] = []
    took = timed(lambda: changes.extend(replay(every, history)))
    print(f"\n50 rules over a year of {len(came)} signals: {took:.1f} s, {len(changes)} changes")
    assert took < 10


@pytest.mark.benchmark
@pytest.mark.parametrize("bucket", ["day", "hour", "15min"])
def test_one_update_from_python(bucket: str) -> None:
    baseline, counts = Baseline(bucket), [random.Random(3).randrange(4) for _ in range(3000)]
    baseline.update(1)
    each = timed(lambda: [baseline.update(count) for count in counts]) / len(counts) * 1e6
    print(f"\n{bucket}: {each:.0f} µs an update, {len(baseline.state())} characters of state")
    assert each < 50
