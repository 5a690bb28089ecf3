"""The detector that nobody has: it knows the true mean and dispersion of every bucket."""

from __future__ import annotations

import numpy as np
from harness.outbreaks import Floats, Simulated
from scipy.stats import nbinom, poisson

# Trailing windows that it looks at, in buckets, by bucket size.
WINDOWS = {
    "week": (1, 2),
    "day": (1, 2, 4, 7),
    "hour": (1, 2, 4, 8, 16, 32),
    "15min": (1, 2, 4, 8, 16, 32, 64),
}


def oracle(series: Simulated) -> Floats:
    """−log10 of the smallest upper tail over the windows, given the truth without bursts."""
    best = np.zeros(len(series.counts))
    counts = np.concatenate([[0.0], np.cumsum(series.counts)])
    means = np.concatenate([[0.0], np.cumsum(series.mean)])
    for window in WINDOWS[series.bucket]:
        total = counts[window:] - counts[:-window]
        mean = np.maximum(means[window:] - means[:-window], 1e-9)
        best[window - 1 :] = np.maximum(
            best[window - 1 :], surprise(total, mean, series.clump + series.busy * mean)
        )
    return best


def surprise(total: Floats, mean: Floats, ratio: Floats) -> Floats:
    """−log10 P(count ≥ total) of a negative binomial with variance ratio · mean."""
    ratio = np.maximum(ratio, 1.0)
    even = ratio < 1.001
    log_tail = np.where(
        even,
        poisson.logsf(total - 1, mean),
        nbinom.logsf(total - 1, mean / np.maximum(ratio - 1.0, 1e-3), 1.0 / ratio),
    )
    return np.asarray(np.minimum(-log_tail / np.log(10.0), 300.0), dtype=float)
