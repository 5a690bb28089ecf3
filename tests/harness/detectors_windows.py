"""Detectors that compare a bucket with the plain mean of a window before it.

EARS C1, C2 and C3: Hutwagner, Thompson, Seeman and Treadwell 2003, "The bioterrorism preparedness
and response Early Aberration Reporting System", Journal of Urban Health 80. The others are what
dashboards and alerting rules do.
"""

from __future__ import annotations

import numpy as np
from harness.detectors_oracle import surprise
from harness.outbreaks import Bools, Floats, Ints

PER_DAY = {"week": 1, "day": 1, "hour": 24, "15min": 96}
LEAST_SPREAD = 0.5  # of a standard deviation: seven equal days say nothing of the eighth
RATIO_WINDOWS = {"week": (1, 8), "day": (1, 14), "hour": (2, 168), "15min": (8, 672)}
FEWEST_EXPECTED = 1.0


def past_moments(
    counts: Ints, exposure: Floats | None, length: int, gap: int = 0
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the observed among `length` buckets that end `gap` buckets
    before each bucket; nan where fewer than three were observed."""
    seen: Bools = np.ones(len(counts), bool) if exposure is None else exposure > 0.0
    kept = np.where(seen, counts, 0).astype(float)
    number = _sums(seen.astype(float), length, gap)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(number >= 3, _sums(kept, length, gap) / number, np.nan)
        square = _sums(kept * kept, length, gap) / number
        variance = np.maximum(square - mean * mean, 0.0) * number / np.maximum(number - 1.0, 1.0)
    return mean, np.sqrt(variance)


def ears_c1(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """Standard deviations above the mean of the seven days (or weeks) before."""
    mean, spread = past_moments(counts, exposure, 7 * PER_DAY[bucket])
    return (counts - mean) / np.maximum(spread, LEAST_SPREAD)


def ears_c2(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """As C1, with two days (or weeks) between the mean and the bucket."""
    per_day = PER_DAY[bucket]
    mean, spread = past_moments(counts, exposure, 7 * per_day, gap=2 * per_day)
    return (counts - mean) / np.maximum(spread, LEAST_SPREAD)


def ears_c3(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """The excesses of C2 over one, summed over three buckets."""
    excess = np.maximum(np.nan_to_num(ears_c2(counts, bucket, exposure, since)) - 1.0, 0.0)
    return np.convolve(excess, np.ones(3))[: len(excess)]


def rolling_z(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """Standard deviations above the mean of the 28 days (or weeks) before."""
    mean, spread = past_moments(counts, exposure, 28 * PER_DAY[bucket])
    return (counts - mean) / np.maximum(spread, LEAST_SPREAD)


def two_window_ratio(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """What a short window holds, over what a long one before it leads one to expect."""
    short, long = RATIO_WINDOWS[bucket]
    mean, _ = past_moments(counts, exposure, long, gap=short - 1)
    now = _sums(counts.astype(float), short, -1)
    return now / np.maximum(mean * short, FEWEST_EXPECTED)


def poisson_limit(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """How improbable the count is if the mean of the 28 days (or weeks) before were Poisson's."""
    mean, _ = past_moments(counts, exposure, 28 * PER_DAY[bucket])
    expected = np.maximum(np.nan_to_num(mean, nan=1e9), 1e-3)
    return surprise(counts.astype(float), expected, np.ones(len(counts)))


def _sums(values: Floats, length: int, gap: int) -> Floats:
    """The sum of the `length` values that end `gap` before the one before each; gap −1 ends with
    the bucket itself."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    last = np.clip(np.arange(len(values)) - gap, 0, len(values))
    return np.asarray(total[last] - total[np.maximum(last - length, 0)])
