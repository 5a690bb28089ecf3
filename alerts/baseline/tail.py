"""Upper tails of negative-binomial counts, exact at 0.02 a bucket and at 5,000.

A negative binomial with mean M and variance M·R (R > 1) has size r = M / (R − 1), and
P(Y ≥ y) = I_x(y, r), the regularised incomplete beta function at x = 1 − 1/R, for y > 0
(NIST Digital Library of Mathematical Functions, 8.17).
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammaln

from alerts.baseline.setting import Bools, Floats

LEAST_RATIO = 1.0005  # variance over mean: numerically a Poisson distribution
SMALLEST = 1e-300


def upper_tail(count: Floats, mean: Floats, ratio: Floats) -> Floats:
    """P(Y ≥ count) for count ≥ 1; the arrays broadcast; `ratio` is variance over mean."""
    excess = np.maximum(ratio, LEAST_RATIO) - 1.0
    tail = betainc(count, mean / excess, excess / (1.0 + excess))
    return np.asarray(tail, dtype=np.float64)


def log_likelihood(count: Floats, mean: Floats, ratio: Floats, truncated: Bools) -> Floats:
    """Logarithm of P(Y = count), or where `truncated` of P(Y = count | Y ≥ 1) and 0 at a count
    of 0; both up to a term that depends on `count` alone.

    Whether a bucket is empty says much about the mean and little about clumps: in a sparse series
    the truncated distribution is nearly the logarithmic one, whatever the mean. So dispersion can
    be learned while the mean is still being found.
    """
    excess = np.maximum(ratio, LEAST_RATIO) - 1.0
    size = mean / excess
    empty = size * np.log1p(excess)
    whole = gammaln(count + size) - gammaln(size) - empty
    whole += count * np.log(excess / (1.0 + excess))
    if not truncated.any():
        return np.asarray(whole)
    filled = np.where(count > 0.0, whole - np.log(-np.expm1(-empty)), 0.0)
    return np.where(truncated, filled, whole)
