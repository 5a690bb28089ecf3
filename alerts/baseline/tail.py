"""Tails of negative-binomial counts, exact at 0.02 a bucket and at 5,000.

A negative binomial with mean M and variance M·R (R > 1) has size r = M / (R − 1), and
P(Y ≥ y) = I_x(y, r), the regularised incomplete beta function at x = 1 − 1/R, for y > 0; it is
computed from its continued fraction, which converges in about √max(y, r) terms (NIST Digital
Library of Mathematical Functions, 8.17.5 and 8.17.22).
"""

from __future__ import annotations

import math

from alerts.baseline.compiled import compiled

LEAST_RATIO = 1.0005  # variance over mean: numerically a Poisson distribution
SMALLEST = 1e-300
_TINY = 1e-280
_ENOUGH = 1e-9
_MOST_TERMS = 3000


@compiled
def fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of I_x(a, b), by the modified method of Lentz."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 + even * d
        c = 1.0 + even / c
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = c if abs(c) > _TINY else _TINY
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 + odd * d
        c = 1.0 + odd / c
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = c if abs(c) > _TINY else _TINY
        value *= d * c
        if abs(d * c - 1.0) < _ENOUGH:
            break
    return value


@compiled
def tail(count: float, mean: float, ratio: float, upper: bool) -> float:
    """P(Y ≥ count), or P(Y < count) where not `upper`; `count` ≥ 1, `ratio` is variance / mean."""
    excess = max(ratio, LEAST_RATIO) - 1.0
    size = mean / excess
    x = excess / (1.0 + excess)
    front = math.exp(
        math.lgamma(count + size) - math.lgamma(count) - math.lgamma(size)
        + count * math.log(x) - size * math.log1p(excess)
    )  # fmt: skip
    if x < (count + 1.0) / (count + size + 2.0):
        above = front * fraction(count, size, x) / count
        return max(above, SMALLEST) if upper else max(1.0 - above, SMALLEST)
    below = front * fraction(size, count, 1.0 - x) / size
    return max(1.0 - below, SMALLEST) if upper else max(below, SMALLEST)


@compiled
def log_likelihood(count: float, mean: float, ratio: float, truncated: bool) -> float:
    """Logarithm of P(Y = count), or where `truncated` of P(Y = count | Y ≥ 1) and 0 at a count
    of 0; both up to a term that depends on `count` alone.

    Whether a bucket is empty says much about the mean and little about clumps: in a sparse series
    the truncated distribution is nearly the logarithmic one, whatever the mean. So dispersion can
    be learned while the mean is still being found.
    """
    excess = max(ratio, LEAST_RATIO) - 1.0
    size = mean / excess
    empty = size * math.log1p(excess)
    if count <= 0.0:
        return 0.0 if truncated else -empty
    whole = _log_rising(size, count) - empty + count * math.log(excess / (1.0 + excess))
    return whole - math.log(-math.expm1(-empty)) if truncated else whole


@compiled
def _log_rising(size: float, count: float) -> float:
    """log Γ(size + count) − log Γ(size); a product where that is quicker."""
    if count > 8.0 or count != math.floor(count):
        return math.lgamma(size + count) - math.lgamma(size)
    product = size
    for i in range(1, int(count)):
        product *= size + i
    return math.log(product)
