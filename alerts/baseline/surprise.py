"""How surprising a window is: −log10 of its tail, over all dispersions that are still likely."""

from __future__ import annotations

import math

from alerts.baseline.compiled import compiled
from alerts.baseline.record import priced
from alerts.baseline.setting import PHI, Floats
from alerts.baseline.tail import SMALLEST, tail

NEGLIGIBLE = 1e-5  # weight of a dispersion that a tail is computed without
LEAST_EXCESS = 0.3  # standard deviations; what lies nearer to the mean is no surprise
_LARGEST_COUNT = 1e9


@compiled
def mixed_tail(count: float, mean: float, weights: Floats, widen: float, upper: bool) -> float:
    """P(window ≥ count), or P(window < count) where not `upper`, over all dispersions.

    `widen` is the window's tau and growth.
    """
    total = 0.0
    whole = 0.0
    for g in range(len(weights)):
        if weights[g] > NEGLIGIBLE:
            total += weights[g] * tail(count, mean, PHI[g] + widen * mean, upper)
            whole += weights[g]
    return max(total / whole, SMALLEST)


@compiled
def excess(total: float, mean: float, weights: Floats, widen: float) -> float:
    """−log10 of the upper tail of `total`; 0 where it is not above what is expected."""
    if total < 1.0 or total <= mean + _margin(mean, weights, widen):
        return 0.0
    return -math.log10(mixed_tail(total, mean, weights, widen, True))


@compiled
def lack(total: float, mean: float, weights: Floats, widen: float) -> float:
    """−log10 of the lower tail of `total`; 0 where it is not below what is expected."""
    if total >= mean - _margin(mean, weights, widen):
        return 0.0
    return -math.log10(mixed_tail(total + 1.0, mean, weights, widen, False))


@compiled
def least_total(
    limit: float, least: float, mean: float, weights: Floats, widen: float,
    bar: Floats, constants: Floats,
) -> float:  # fmt: skip
    """The smallest total of at least `least` whose score reaches `limit`; infinite without one."""
    low, high = least - 1.0, max(least, 1.0, math.ceil(mean))
    while priced(excess(high, mean, weights, widen), bar, constants) < limit:
        low, high = high, high * 2.0
        if high > _LARGEST_COUNT:
            return math.inf
    while high - low > 1.0:
        middle = math.floor((low + high) / 2.0)
        if priced(excess(middle, mean, weights, widen), bar, constants) >= limit:
            high = middle
        else:
            low = middle
    return high


@compiled
def _margin(mean: float, weights: Floats, widen: float) -> float:
    phi = 0.0
    for g in range(len(weights)):
        phi += weights[g] * PHI[g]
    return LEAST_EXCESS * math.sqrt(phi * mean + widen * mean * mean)
