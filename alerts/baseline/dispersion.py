"""How much counts scatter: clumps (reprints), and busy days.

    variance of a window = phi · mean + (tau + growth) · mean²

`phi` has a posterior over a grid of negative-binomial dispersions (after Noufaily et al. 2013,
Statistics in Medicine 32), `tau` is a decayed moment for each window length, `growth` is what the
uncertain mean itself adds.
"""

from __future__ import annotations

import math

from alerts.baseline.compiled import compiled
from alerts.baseline.setting import DISPERSION_MEMORY, LOG_PRIOR, PHI, Floats
from alerts.baseline.tail import log_likelihood

FORGET = 0.9995  # of the dispersion's likelihood, a bucket
MOST_DOUBT = 0.65  # relative variance of the mean, beyond which empty buckets say nothing of phi
MOST_BUSY = 0.1  # largest tau


@compiled
def weigh(likelihood: Floats, weights: Floats) -> float:
    """Fill in the posterior of each phi; returns its mean."""
    top = -1e300
    for g in range(len(weights)):
        top = max(top, likelihood[g] + LOG_PRIOR[g])
    total = 0.0
    for g in range(len(weights)):
        weights[g] = math.exp(likelihood[g] + LOG_PRIOR[g] - top)
        total += weights[g]
    phi = 0.0
    for g in range(len(weights)):
        weights[g] /= total
        phi += weights[g] * PHI[g]
    return phi


@compiled
def busy_part(moments: Floats, phi: float, column: int) -> float:
    """tau of a window."""
    surplus = moments[2, column] - phi * moments[0, column]
    tau: float = min(max(surplus / moments[1, column], 0.0), MOST_BUSY)
    return tau


@compiled
def learn_phi(count: float, mean: float, growth: float, busy: float, likelihood: Floats) -> None:
    """Move the likelihood of each phi by one bucket."""
    top = -1e300
    for g in range(len(likelihood)):
        ratio = PHI[g] + (busy + growth) * mean
        gain = log_likelihood(count, mean, ratio, growth > MOST_DOUBT)
        likelihood[g] = likelihood[g] * FORGET + gain
        top = max(top, likelihood[g])
    for g in range(len(likelihood)):
        likelihood[g] -= top


@compiled
def learn_busy(
    count: float, mean: float, growth: float, phi: float, length: int, column: int,
    moments: Floats, constants: Floats,
) -> None:  # fmt: skip
    """Move the moments of one window; what lies far out counts as three standard deviations."""
    mean = max(mean, 1e-6)
    square = mean * mean
    limit = 3.0 * math.sqrt(phi * mean + growth * square) + 2.0
    surplus = max(min((count - mean) ** 2, limit * limit) - growth * square, 0.0)
    weight = square / ((mean + 0.3) ** 2 * length)
    keep = 1.0 - 1.0 / constants[DISPERSION_MEMORY]
    moments[0, column] = moments[0, column] * keep + weight * mean
    moments[1, column] = moments[1, column] * keep + weight * square
    moments[2, column] = moments[2, column] * keep + weight * surplus
