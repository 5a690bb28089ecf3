"""From the one sensitivity that a person can reason about to the score at which to alarm.

`false_alarms_per_year` counts onsets: a bucket above the limit with none above it in the longest
window before, since one burst stays in its windows for a while. A year of hours holds 8,760
scores that depend on each other, so the limit is not simply a quantile. It was calibrated on
quiet simulated series of 24 designs (0.5 to 300 a day, variance 1.05 to 3 times the mean, busy days
or none, weekend and day-night season, slow drift; after Noufaily et al. 2013), pooled, after the
cold start. `tests/benchmarks/test_baseline_calibration.py` computes the table anew and shows what
each promise gives. Looking at fewer windows than all changes the count by 15 to 20 %, because
`Setting.looks` already prices them; so the limit does not depend on the rule's window.
"""

from __future__ import annotations

import math

import numpy as np

from alerts.baseline.setting import nearest, setting

SCORES = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
# Onsets a year and series above each of SCORES.
ONSETS: dict[str, tuple[float, ...]] = {
    "week": (2.82, 1.07, 0.36, 0.12, 0.0405, 0.0137, 0.0048),
    "day": (12.1, 5.45, 2.06, 0.71, 0.25, 0.078, 0.028),
    "hour": (83.5, 70.7, 35.2, 15.3, 5.71, 2.16, 0.87),
    "15min": (153.0, 139.0, 67.7, 24.5, 7.66, 2.71, 0.92),
}
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
