"""`false_alarms_per_year` of a whole profile: what its rules raise together in quiet years.

Seeded; run with `-s` for the figures. Relevant stories of every category come as they usually do:
by day more than by night, less on weekends, some days busier than others, each story told by some
newsrooms in words of their own within the hours that follow. Nothing else happens, so every alert
is false. The rules are those of the bundled profile, nested as they are there (raids of one side
against the other are also escalation, and tension), replayed by the very code of the back-test.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from alerts.rules import KINDS, Rule
from alerts.rules.budget import share_out
from alerts.rules.passing import Came
from alerts.signal import Signal
from worker.backtest.hearing import heard_throughout
from worker.backtest.history import History
from worker.backtest.replaying import replay
from worker.profile.loader import load_profile

START = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
LEARNT, DAYS, SEEDS = 150, 700, 1
YEARS = SEEDS * (DAYS - LEARNT) / 365
ASKED = 40.0
BURST = timedelta(hours=6)  # alerts that lie closer are one interruption

# category, direction, severity, initiator, target, stories a day
USUAL = [
    ("energy_trade_transport_cooperation", "neutral", 0, None, None, 5.0),
    ("diplomacy_or_deescalation", "neutral", 0, None, None, 3.0),
    ("diplomacy_or_deescalation", "de_escalatory", 0, None, None, 0.8),
    ("official_accusation_or_threat", "escalatory", 1, "RUS", "AZE", 1.2),
    ("official_accusation_or_threat", "escalatory", 1, "AZE", "RUS", 1.2),
    ("diplomatic_protest", "escalatory", 2, "AZE", "RUS", 0.25),
    ("diplomatic_protest", "escalatory", 2, "RUS", "AZE", 0.2),
    ("sanction_or_trade_restriction", "escalatory", 2, "RUS", "AZE", 0.4),
    ("cancellation_or_suspension", "escalatory", 2, "AZE", "RUS", 0.2),
    ("media_restriction", "escalatory", 2, "AZE", "RUS", 0.2),
    ("detention_or_raid", "escalatory", 3, "RUS", "AZE", 0.7),
    ("detention_or_raid", "escalatory", 3, "AZE", "RUS", 0.3),
]
NEWSROOMS = [(f"az{i}", "AZE") for i in range(12)] + [(f"ru{i}", "RUS") for i in range(12)]


def quiet_press(seed: int) -> History:
    """`DAYS` of a press in which nothing out of the ordinary happens."""
    rng = np.random.default_rng(seed)
    hours = np.arange(DAYS * 24)
    clock = np.exp(0.8 * np.cos(2 * np.pi * (hours % 24 / 24 - 0.55)))
    week = np.where(hours // 24 % 7 >= 5, 0.7, 1.0)
    season = clock * week / (clock * week).mean() / 24
    came = []
    for kind in USUAL:
        busy = np.repeat(rng.gamma(30.0, 1 / 30.0, DAYS), 24)
        for hour in np.repeat(hours, rng.poisson(kind[5] * season * busy)):
            came += _told(rng, kind, START + timedelta(hours=float(hour + rng.random())), len(came))
    until = START + DAYS * DAY
    origin = START
    return History(came, (), heard_throughout(origin, until), origin, until, len(came))


def _told(
    rng: np.random.Generator, kind: Sequence[object], at: datetime, number: int
) -> list[Came]:
    """One story, by those newsrooms that tell it."""
    category, direction, severity, initiator, target, _ = kind
    found = []
    for i, teller in enumerate(rng.choice(len(NEWSROOMS), 1 + rng.poisson(0.7), replace=False)):
        newsroom, country = NEWSROOMS[teller]
        when = at + timedelta(hours=float(rng.exponential(2.0))) * (i > 0)
        signal = Signal(
            at=when, article=f"{number}/{i}", story=f"s{number}", newsroom=newsroom,
            category=category, direction=direction, severity=severity,  # type: ignore[arg-type]
            initiator=initiator, target=target, country=country, teller=newsroom,  # type: ignore[arg-type]
        )  # fmt: skip
        found.append(Came(signal, when + timedelta(minutes=5)))
    return found


def shipped(*, bare: bool) -> list[Rule]:
    """The rules of the bundled profile that have a baseline; `bare`: without what else they ask
    for (newsrooms, friction before, the other direction), so that the limits alone decide."""
    rules = [
        rule for rule in load_profile("russia_azerbaijan", {}).rules if KINDS[rule.kind].learns
    ]
    if not bare:
        return rules
    return [replace(rule, min_newsrooms=1, after=(), within=None, against=None) for rule in rules]


def alarms(rules: Sequence[Rule], histories: Sequence[History]) -> list[tuple[datetime, str]]:
    """What all of them opened, by time; each history a year after the other."""
    return [
        (change.time + i * 4000 * DAY, change.rule)
        for i, history in enumerate(histories)
        for change in replay(rules, history, START + LEARNT * DAY)
        if change.is_alert
    ]


def interruptions(opened: Sequence[tuple[datetime, str]]) -> int:
    """How often somebody is told: alerts that lie close are told as one."""
    times = [time for time, _ in opened]
    return 1 + sum(later - time > BURST for time, later in itertools.pairwise(times))


@pytest.mark.benchmark
@pytest.mark.timeout(1200)
def test_all_rules_together_keep_the_promise_of_the_profile() -> None:
    histories = [quiet_press(seed) for seed in range(SEEDS)]
    rules = share_out(shipped(bare=True), ASKED)
    opened = alarms(rules, histories)
    by_rule = {rule.id: sum(name == rule.id for _, name in opened) / YEARS for rule in rules}
    together, told = len(opened) / YEARS, interruptions(opened) / YEARS
    print(f"\n{YEARS:.1f} years, {len(rules)} rules, asked for {ASKED:g} a year together")
    for rule in rules:
        print(f"  {rule.id:22} {rule.false_alarms_per_year:5.2f} asked, {by_rule[rule.id]:5.2f}")
    print(
        f"  all rules {together:.1f} a year; interruptions {told:.1f}, {told / together:.2f} of it"
    )
    kept = alarms(share_out(shipped(bare=False), ASKED), histories)
    print(f"  as shipped, with newsrooms and friction asked for: {len(kept) / YEARS:.1f} a year")
    assert 0.7 * ASKED <= together <= 1.3 * ASKED
    assert len(kept) <= len(opened)
