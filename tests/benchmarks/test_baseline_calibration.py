"""False alarms a year: what was asked, and what quiet series give, design by design.

The designs are those of `harness.outbreaks_quiet`: the 42 scenarios of Noufaily et al. 2013 by week
and day, and presses of 0.02 to 5,000 articles a bucket, clumped, busy, growing, with outages. A
false alarm is an onset: an alarm with no other alarm in the longest window before, in a quiet
bucket (past outbreaks and what follows them are left out). Of the designs together, and of each by
itself, the alarms got over those asked for are printed; run with `-s`. A rate is asked of a bucket
size only where a year holds enough windows for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from harness.outbreaks import LONGEST_WINDOW, Floats, Simulated
from harness.outbreaks_quiet import quiet
from harness.outbreaks_scoring import onsets

from alerts.baseline import detect, threshold

SEED = 7
ASKED = {
    "week": (0.5, 1.0, 2.0),
    "day": (1.0, 2.0, 6.0, 12.0),
    "hour": (6.0, 12.0, 52.0),
    "15min": (12.0, 52.0),
}
YEARS = {"week": 120.0, "day": 40.0, "hour": 8.0, "15min": 3.0}  # of each design
TOLERANCE = 0.3
FEWEST = 4.0  # alarms to be expected of a design, for its own ratio to mean anything


def got(design: Sequence[Simulated], scores: Sequence[Floats], limit: float) -> int:
    """Onsets in the quiet buckets of the design's series."""
    return sum(
        int((onsets(values >= limit, LONGEST_WINDOW[series.bucket]) & series.quiet).sum())
        for series, values in zip(design, scores, strict=True)
    )


@pytest.mark.benchmark
@pytest.mark.timeout(900)
@pytest.mark.parametrize("bucket", ["week", "day", "hour", "15min"])
def test_alarms_a_year_are_what_was_asked_on_every_design(bucket: str) -> None:
    expected: dict[float, list[float]] = {asked: [] for asked in ASKED[bucket]}
    found: dict[float, list[int]] = {asked: [] for asked in ASKED[bucket]}
    names, shares = [], []
    for name, design in quiet(bucket, SEED, YEARS[bucket]):
        scores = [detect(series.counts, series.bucket, series.exposure) for series in design]
        years = sum(series.quiet_years for series in design)
        still = np.concatenate([v[s.quiet] for s, v in zip(design, scores, strict=True)])
        names.append(name)
        shares.append([float((still > score).mean()) for score in (1.0, 2.0, 3.0)])
        for asked in ASKED[bucket]:
            expected[asked].append(asked * years)
            found[asked].append(got(design, scores, threshold(bucket, asked)))
    print(
        f"\n{bucket}: share of quiet scores above 1, 2, 3; alarms got over asked, {ASKED[bucket]}"
    )
    for at, name in enumerate(names):
        ratios = "".join(f"{found[a][at] / expected[a][at]:7.2f}" for a in ASKED[bucket])
        print(f"  {name:34}{ratios}   " + " ".join(f"{share:.5f}" for share in shares[at]))
    for asked in ASKED[bucket]:
        whole = sum(found[asked]) / sum(expected[asked])
        plain, fair, worst = _spread(found[asked], expected[asked])
        print(
            f"  asked {asked:g}: {whole:.2f} of it; designs within 30 %: {plain:.0%}, chance"
            f" allowed for {fair:.0%}; worst {worst:.2f}"
        )
        assert abs(whole - 1.0) <= TOLERANCE


def _spread(found: list[int], expected: list[float]) -> tuple[float, float, float]:
    """Share of designs within the tolerance, plainly and with chance allowed for, and the ratio
    farthest from 1.

    Chance: two standard deviations of a Poisson count about the promise, which shrink as the
    sample grows.
    """
    plain, fair, ratios = [], [], []
    for number, promise in zip(found, expected, strict=True):
        if promise < FEWEST:
            continue
        away = abs(number / promise - 1.0)
        plain.append(away <= TOLERANCE)
        fair.append(away <= TOLERANCE + 2.0 / math.sqrt(promise))
        ratios.append(number / promise)
    worst = max(ratios, key=lambda ratio: abs(math.log(max(ratio, 0.01))), default=1.0)
    return float(np.mean(plain)), float(np.mean(fair)), worst
