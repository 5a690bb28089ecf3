"""Control charts for negative-binomial counts, about the mean of the same time of the week.

CUSUM: Hawkins and Olwell 1998, "Cumulative Sum Charts and Charting for Quality Improvement", for
the negative binomial, limited to a window (Lai 1995, "Sequential changepoint detection in quality
control and dynamical systems", Journal of the Royal Statistical Society B 57), so that a burst is
over for the chart when it is over: without, the chart stays above any limit for weeks. EWMA:
Roberts 1959, "Control chart tests based on geometric moving averages", Technometrics 1, of
standardised residuals.
"""

from __future__ import annotations

import numpy as np
from harness.detectors_regression import seasonal_moments
from harness.outbreaks import LONGEST_WINDOW, Floats, Ints
from numpy.lib.stride_tricks import sliding_window_view

SHIFT = 1.5  # standard deviations that the CUSUM waits for
WEIGHT = 0.3  # of the newest bucket in the moving average
MOST = 60.0  # that one bucket moves a chart


def cusum(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """The cumulated log-likelihood ratio of a mean higher by `SHIFT` standard deviations."""
    mean, ratio = seasonal_moments(counts, bucket, exposure)
    ratio = np.maximum(ratio, 1.01)
    size = mean / (ratio - 1.0)
    raised = mean + SHIFT * np.sqrt(mean * ratio)
    each = np.log(raised * (mean + size) / (mean * (raised + size)))
    fixed = size * np.log((mean + size) / (raised + size))
    gain = np.nan_to_num(counts * each + fixed)
    total = np.cumsum(np.clip(gain, -MOST, MOST))
    reach = LONGEST_WINDOW[bucket]
    before = np.concatenate([np.full(reach, total[0]), total])
    return np.asarray(total - sliding_window_view(before, reach + 1).min(axis=1))


def ewma(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """A moving average of standardised residuals, in its own standard deviations."""
    mean, ratio = seasonal_moments(counts, bucket, exposure)
    residual = np.nan_to_num((counts - mean) / np.sqrt(np.maximum(mean * ratio, 0.25)))
    average, averages = 0.0, []
    for step in np.clip(residual, -3.0, MOST).tolist():
        average += WEIGHT * (step - average)
        averages.append(average)
    return np.array(averages) / np.sqrt(WEIGHT / (2.0 - WEIGHT))
