"""Bursts found at equal false alarms: ours beside what people use, on the same series, in one run.

Everything is seeded. What counts as an alert, a false alarm, found, early and late stands in
`harness.outbreaks_scoring`. False alarms are matched for each detector and group of series, at
`A_YEAR` for each series: so the promise of `threshold` plays no part here, only what is told apart.
The oracle knows the true mean and dispersion: it shows what is left to win. Run with `-s`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from harness.detectors import DETECTORS, OURS, score
from harness.detectors_oracle import oracle
from harness.outbreaks import GROUPS, Floats, Simulated, simulate
from harness.outbreaks_events import EventYear, limit_of_one_day, stood_out, years_of_events
from harness.outbreaks_scoring import Figures, figures, limit_for

from alerts.baseline import DEFAULT_FALSE_ALARMS, threshold

SEED = 1
A_YEAR = {"week": 1.0, "day": 2.0, "hour": 12.0, "15min": 12.0}
ORACLE = "(oracle)"
EVENT_SEEDS = range(1, 7)


@cache
def group(name: str) -> list[Simulated]:
    return simulate(name, SEED)


@cache
def scored(detector: str, name: str) -> list[Floats]:
    if detector == ORACLE:
        return [oracle(series) for series in group(name)]
    return [score(detector, series) for series in group(name)]


def matched(detector: str, name: str) -> Figures:
    series, scores = group(name), scored(detector, name)
    return figures(series, scores, limit_for(series, scores, A_YEAR[series[0].bucket]))


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_more_bursts_are_found_than_by_what_people_use_at_equal_false_alarms() -> None:
    table = {name: [matched(name, of) for of in GROUPS] for name in [*DETECTORS, ORACLE]}
    print(f"\nfound (within three buckets) median delay; false alarms a year: {A_YEAR}")
    print(" " * 20 + "".join(f"{name:>17}" for name in [*GROUPS, "MEAN"]))
    means = {}
    for name, row in table.items():
        found = float(np.mean([cell.found for cell in row]))
        early = float(np.mean([cell.found_early for cell in row]))
        means[name] = (found, early)
        cells = [f"{c.found:.2f} ({c.found_early:.2f}) {c.delay:3.0f}" for c in row]
        print(f"{name:20}" + "".join(f"{c:>17}" for c in [*cells, f"{found:.2f} ({early:.2f})"]))
    ours = means.pop(OURS)
    means.pop(ORACLE)
    for name, (found, early) in means.items():
        assert ours[0] > found, f"{name} finds more"
        assert ours[1] > early, f"{name} finds more within three buckets"


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_as_shipped_hourly_alerts_are_few_and_right() -> None:
    limit = threshold("hour", DEFAULT_FALSE_ALARMS)
    print(f"\nas shipped ({DEFAULT_FALSE_ALARMS:g} a year: a score of {limit:.2f}), hourly")
    for name in ("news hour", "sparse hour", "cold start"):
        of = group(name)
        got = figures(of, scored(OURS, name), limit)
        per_thousand = 1_000.0 * got.false_alarms_a_year / 365.0
        precision = 1.0 - got.false_alerts / max(got.alerts, 1)
        print(
            f"  {name}: {per_thousand:.1f} false alerts a 1,000 rule-days, precision"
            f" {precision:.3f}, found {got.found:.2f} ({got.found_early:.2f}),"
            f" in outages {got.in_outages:.2%}"
        )
        assert got.false_alarms_a_year < 1.3 * DEFAULT_FALSE_ALARMS
        assert got.in_outages < 0.005


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_escalations_stand_out_of_daily_events_and_cooperation_does_not() -> None:
    """Six sets of ten pairs and a year: at one alarm day a pair and year outside them, how many of
    13 escalations are found and how many of 6 cooperative peaks are alarmed."""
    sets: list[list[EventYear]] = [years_of_events(seed) for seed in EVENT_SEEDS]
    print(f"\nof 13 escalations found, of 6 cooperative peaks alarmed: mean of {len(sets)} sets")
    means = {}
    for name in [*DETECTORS, ORACLE]:
        results = []
        for years in sets:
            scores = [
                oracle(year.series) if name == ORACLE else score(name, year.series)
                for year in years
            ]
            results.append(stood_out(years, scores, limit_of_one_day(years, scores)))
        found, alarmed = np.mean(results, axis=0)
        means[name] = (float(found), float(alarmed))
        print(f"  {name:20} {found:5.1f} {alarmed:5.1f}   {results}")
    found, alarmed = means[OURS]
    assert alarmed == 0.0
    assert found > means["Poisson, 28 days"][0]
    assert found > means["two-window ratio"][0]
