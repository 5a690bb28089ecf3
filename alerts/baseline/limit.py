"""From the one sensitivity that a person can reason about to the score at which to alarm.

`false_alarms_per_year` counts onsets: a bucket above the limit with none above it in the longest
window before, since one burst stays in its windows for a while. A year of hours holds 8,760
scores that depend on each other, so the limit is not simply a quantile. It was calibrated on
quiet simulated series, every design with the same weight: the 42 scenarios of Noufaily et al. 2013
by week and day, and presses of 0.02 to 5,000 articles a bucket, even and clumped, with busy days,
season, trend, growth and outages. `tests/benchmarks/test_baseline_calibration.py` shows what each
promise gives on each of them. How a series' own scores run is in the score (see `record`).
"""

from __future__ import annotations

import math

import numpy as np

from alerts.baseline.setting import nearest, setting

SCORES = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
# Onsets a year and series above each of SCORES.
ONSETS: dict[str, tuple[float, ...]] = {
    "week": (2.60, 0.94, 0.310, 0.100, 0.0324, 0.0088, 0.0029),
    "day": (11.05, 4.89, 1.62, 0.530, 0.150, 0.041, 0.0116),
    "hour": (86.0, 67.0, 30.1, 11.2, 3.33, 0.94, 0.28),
    "15min": (186.0, 166.0, 79.4, 26.5, 8.0, 2.8, 1.2),
}
DEFAULT_FALSE_ALARMS = 5.0  # a year, where nobody asks for another rate
OUTER_SLOPE = 0.9  # decades of onsets for each unit of score, beyond the table
LEAST_SCORE = 0.3


def threshold(bucket: str, false_alarms_per_year: float) -> float:
    """The score that a quiet series reaches `false_alarms_per_year` times a year.

    Raises ValueError unless the rate is a positive number.
    """
    if not (math.isfinite(false_alarms_per_year) and false_alarms_per_year > 0.0):
        raise ValueError(
            f"false_alarms_per_year must be a positive number, not {false_alarms_per_year}"
        )
    minutes = setting(bucket).step.total_seconds() / 60.0
    tuned = nearest(round(minutes))
    # Shorter buckets than the tuned ones give proportionally more chances.
    shorter = setting(tuned).step.total_seconds() / 60.0 / minutes
    wanted = math.log10(false_alarms_per_year / shorter)
    rates = np.log10(ONSETS[tuned])
    if wanted > rates[0]:
        return max(SCORES[0] - (wanted - float(rates[0])) / OUTER_SLOPE, LEAST_SCORE)
    if wanted < rates[-1]:
        return SCORES[-1] + (float(rates[-1]) - wanted) / OUTER_SLOPE
    return float(np.interp(wanted, rates[::-1], SCORES[::-1]))
