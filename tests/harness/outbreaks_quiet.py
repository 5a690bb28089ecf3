"""Designs in which nothing is to be found: what a promised rate of false alarms is held against.

Each differs from the plain one in one respect, over all sizes from 0.02 to 5,000 a bucket: clumps,
busy days, trend, season, outages, growth, past bursts, with and without exposure. The 42 weekly and
daily scenarios of Noufaily et al. 2013 stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from harness.outbreaks import BUCKETS_A_YEAR, Simulated
from harness.outbreaks_news import A_DAY, Press, series_of
from harness.outbreaks_noufaily import SCENARIOS, scenarios

MEANS = {
    "day": (0.02, 0.2, 1.0, 5.0, 40.0, 500.0, 5000.0),
    "hour": (0.02, 0.1, 0.5, 3.0, 20.0, 300.0, 5000.0),
    "15min": (0.02, 0.2, 2.0, 30.0, 1000.0),
}
PLAIN = Press("plain", mean=3.0, clump=1.5, volume=0.0)
# What a design has that the plain one has not.
DIFFERENT: dict[str, dict[str, float]] = {
    "even": {"clump": 1.0},
    "clumped": {"clump": 3.0},
    "very clumped": {"clump": 6.0},
    "late reprints": {"clump": 2.0, "late": 1.5},
    "busy days": {"busy": 0.05},
    "flat": {"season": 0.0, "weekend": 1.0},
    "deep night": {"season": 1.3, "weekend": 0.4},
    "upward": {"trend": 0.7},
    "downward": {"trend": -0.7},
    "annual": {"annual": 0.4},
    "exposed": {"volume": 400.0},
    "outages": {"volume": 400.0, "outages": 3.0},
    "growth": {"volume": 400.0, "growth": 0.9},
}
WARM_UP_DAYS = {"day": 90, "hour": 28, "15min": 21}
SERIES_DAYS = {"day": 730, "hour": 365, "15min": 180}  # that are judged, of each series


def presses(bucket: str) -> Iterator[Press]:
    """The designs of one bucket size: every mean, plain and clumped, and every difference."""
    for mean in MEANS[bucket]:
        yield replace(PLAIN, name=f"mean {mean:g}", mean=mean)
        yield replace(
            PLAIN, name=f"mean {mean:g}, clumped and busy", mean=mean, clump=2.5, busy=0.03
        )
    for name, difference in DIFFERENT.items():
        yield replace(PLAIN, name=name, **difference)  # type: ignore[arg-type]


def quiet(bucket: str, seed: int, years: float) -> Iterator[tuple[str, list[Simulated]]]:
    """Each design with about so many judged years of series without a burst to be found.

    By week these are the scenarios of Noufaily et al. with their past outbreaks; by day those and
    the presses; past bursts lie in every series of a press as well, before what is judged.
    """
    if bucket in ("week", "day"):
        one = scenarios(bucket, seed, limit=1, bursts=False)[0]
        repeats = max(1, round(years * BUCKETS_A_YEAR[bucket] / float(one.judged.sum())))
        many = scenarios(bucket, seed, repeats=repeats, bursts=False)
        for number, scenario in enumerate(SCENARIOS):
            yield f"scenario {scenario.number}", many[number * repeats : (number + 1) * repeats]
    if bucket == "week":
        return
    days, warm = SERIES_DAYS[bucket], WARM_UP_DAYS[bucket]
    series = max(1, round(years * 365 / days))
    for number, press in enumerate(presses(bucket)):
        rngs = [np.random.default_rng([seed, number, k, A_DAY[bucket]]) for k in range(series)]
        yield (
            press.name,
            [
                series_of(press, bucket, rng, bursts=False, days=days + warm, judged_days=days)
                for rng in rngs
            ],
        )
