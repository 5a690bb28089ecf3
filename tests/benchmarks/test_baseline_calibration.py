"""The figures behind `alerts.baseline.limit`: alarms a year of quiet series, by limit.

Seeded, so that the table of the module can be reproduced: run with `-s`; each size takes a few
seconds. The designs span sparse and busy, even and clumped, with week, day and slow drift, after
Noufaily et al. 2013.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from alerts.baseline.bank import Bank, newborn
from alerts.baseline.limit import SCORES, threshold
from alerts.baseline.setting import Bools, Floats, setting

# mean a day, variance over mean of a bucket, relative variance of a day's mean
DESIGNS = list(itertools.product([0.5, 3.0, 20.0, 300.0], [1.05, 1.6, 3.0], [0.0, 0.03]))
YEARS = {"week": 40, "day": 12, "hour": 1.25, "15min": 0.4}
SERIES = {"week": 8, "day": 8, "hour": 3, "15min": 2}  # of each design


def quiet_series(bucket: str, seed: int) -> Floats:
    """(S, T) counts without a single burst."""
    rng = np.random.default_rng(seed)
    size = setting(bucket)
    days = size.step.total_seconds() / 86_400.0
    length = int(YEARS[bucket] * 365 / days)
    per_day = max(1, round(1.0 / days))
    t = np.arange(length)
    rows = []
    for (daily, phi, busy), _ in itertools.product(DESIGNS, range(SERIES[bucket])):
        log_mean = np.log(daily * days) + rng.uniform(-0.2, 0.2) * np.sin(2e-3 * t * days)
        if bucket != "week":
            log_mean = log_mean + np.where(t // per_day % 7 >= 5, -0.35, 0.0)
        if per_day > 1:
            peak = rng.normal(0.58, 0.08)
            log_mean = log_mean + 0.8 * np.cos(2 * np.pi * (t % per_day / per_day - peak)) - 0.15
        mean = np.exp(log_mean)
        if busy:
            day = rng.gamma(1 / busy, busy, length // per_day + 1)
            mean = mean * np.repeat(day, per_day)[:length]
        rows.append(rng.negative_binomial(mean / (phi - 1.0), 1.0 / phi))
    return np.array(rows, dtype=float)


def window_scores(bucket: str, counts: Floats) -> Floats:
    """(T, S, W) scores of every window, from the first mature bucket on."""
    size = setting(bucket)
    bank = Bank(size, newborn(size, len(counts)))
    ones = np.ones(len(counts))
    scores = np.array([bank.advance(column, ones) for column in counts.T])
    return scores[size.mature :]


def onsets(alarms: Bools, quiet: int) -> int:
    """Alarm buckets of (T, S) that no other alarm of the series preceded by `quiet` or less."""
    last = np.full(alarms.shape[1], -(10**9))
    found = 0
    for t, row in enumerate(alarms):
        found += int((row & (t - last > quiet)).sum())
        last[row] = t
    return found


@pytest.mark.benchmark
@pytest.mark.parametrize("bucket", ["week", "day", "hour", "15min"])
def test_alarms_a_year_are_about_what_was_asked(bucket: str) -> None:
    size = setting(bucket)
    scores = window_scores(bucket, quiet_series(bucket, seed=7))
    buckets, series, _ = scores.shape
    years = buckets * series * size.step.total_seconds() / 86_400 / 365
    best = scores.max(axis=2)

    def rate(limit: float, of: Floats = best) -> float:
        return onsets(of >= limit, size.windows[-1]) / years

    shares = ", ".join(f"{float((best > score).mean()):.5f}" for score in (1, 2, 3))
    print(f"\n{bucket}: {years:.0f} series-years; share of scores above 1, 2, 3: {shares}")
    print("  onsets a year at", ", ".join(f"{score}: {rate(score):.3g}" for score in SCORES))
    print("  shortest window alone", f"{rate(2.5, scores[:, :, 0]):.3g} at 2.5")
    for asked in (0.5, 2, 12):
        got = rate(threshold(bucket, asked))
        print(f"  asked for {asked} a year: {got:.3g}")
        if threshold(bucket, asked) >= SCORES[0]:
            assert 0.6 * asked < got < 1.5 * asked
