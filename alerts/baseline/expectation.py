"""The log mean: how it is foreseen, drifts, and learns a bucket.

    log mean = log exposure + level + calendar + year + fast AR(1) component

The coefficients have a Gaussian state (West, Harrison and Migon 1985, "Dynamic Generalized Linear
Models and Bayesian Forecasting", JASA 80). Their random walks are the drift, their prior the
shrinkage, the prior's variance the cold start. A bucket is learned by one step along its basis row.
"""

from __future__ import annotations

import math

from alerts.baseline.compiled import compiled
from alerts.baseline.layout import PLACED, PUSH
from alerts.baseline.setting import (
    CUT,
    FAST_DECAY,
    GUARD,
    LARGEST_LOG,
    MOST_UNCERTAIN,
    YEAR,
    Floats,
)  # fmt: skip

CALM_PUSH = 0.8  # average surprise (sd) above which an excess counts as persistent
FIRM = 5.0  # how fast the limit of surprise is raised beyond it
_NEWTON_STEPS = 12
_LONGEST_STEP = 1.5  # in log mean, of one Newton step


@compiled
def fill_row(row: Floats, basis: Floats, constants: Floats, position: float) -> None:
    """The basis row of a bucket: what the season's slot says, and where the year stands."""
    row[:] = basis[int(position) % len(basis)]
    if constants[YEAR] > 0.0:
        angle = 2.0 * math.pi * position / constants[YEAR]
        last = len(row) - 1
        row[last - 2] = math.cos(angle)
        row[last - 1] = math.sin(angle)


@compiled
def spread_along(cov: Floats, row: Floats, direction: Floats) -> float:
    """Variance of the log mean along a row; `direction` becomes cov · row.

    `cov` holds the lower triangle, row by row.
    """
    direction[:] = 0.0
    start = 0
    for i in range(len(row)):
        along = 0.0
        for k in range(i):
            along += cov[start + k] * row[k]
            direction[k] += cov[start + k] * row[i]
        direction[i] += along + cov[start + i] * row[i]
        start += i + 1
    variance = 0.0
    for i in range(len(row)):
        variance += direction[i] * row[i]
    return max(variance, 1e-12)


@compiled
def evolve(mean: Floats, cov: Floats, drift: Floats, constants: Floats) -> None:
    """One bucket passes: the random walks move, the fast component falls back."""
    size = len(mean)
    decay = constants[FAST_DECAY]
    if decay > 0.0:
        mean[size - 1] *= decay
        last = len(cov) - size
        for i in range(size):
            cov[last + i] *= decay
        cov[last + size - 1] *= decay
    start = 0
    for i in range(size):
        cov[start + i] += drift[i]
        start += i + 1


@compiled
def learn(
    count: float, exposure: float, phi: float, busy: float, row: Floats, mean: Floats, cov: Floats,
    direction: Floats, constants: Floats, memory: Floats,
) -> None:  # fmt: skip
    """Learn one observed bucket: the mode of its posterior along the basis row, by Newton."""
    if memory[PLACED] == 0.0:
        # The first observed bucket places the level; the wide prior lets the next ones move it.
        mean[0] = math.log((count + 0.3) / exposure)
        memory[PLACED] = 1.0
    variance = spread_along(cov, row, direction)
    log_mean = math.log(exposure)
    before = 0.0
    for i in range(len(row)):
        before += mean[i] * row[i]
    log_mean += before
    weight = _teaching_weight(count, log_mean, variance, phi, busy, constants, memory)
    # The mode of: weight·(count·x − exp(log_mean + x)) − x² / (2·variance)
    x = 0.0
    for _ in range(_NEWTON_STEPS):
        information = weight * math.exp(min(log_mean + x, LARGEST_LOG))
        step = (weight * count - information - x / variance) / (information + 1.0 / variance)
        step = max(-_LONGEST_STEP, min(_LONGEST_STEP, step))
        x += step
        if abs(step) < 1e-6:
            break
    information = weight * math.exp(min(log_mean + x, LARGEST_LOG))
    shrink = information / (1.0 + variance * information)
    start = 0
    for i in range(len(row)):
        mean[i] += direction[i] * x / variance
        part = shrink * direction[i]
        for k in range(i + 1):
            cov[start + k] -= part * direction[k]
        start += i + 1


@compiled
def _teaching_weight(
    count: float, log_mean: float, variance: float, phi: float, busy: float, constants: Floats,
    memory: Floats,
) -> float:  # fmt: skip
    """How much a bucket may teach: information a unit of mean, less the more it surprises.

    An excess that persists is a new normal: then the limit of surprise is raised.
    """
    variance = min(variance, MOST_UNCERTAIN)
    mean = math.exp(min(log_mean + 0.5 * variance, LARGEST_LOG))
    spread = math.sqrt(phi * mean + (math.expm1(variance) + busy) * mean * mean)
    # Anscombe's residual: 2/3 powers make counts nearly symmetric
    residual = 1.5 * ((count * count * mean) ** (1.0 / 3.0) - mean) / spread
    surprise = max(-3.0, min(3.0, residual))
    memory[PUSH] += (surprise - memory[PUSH]) / (4.0 * constants[GUARD] + 8.0)
    persistent = max(abs(memory[PUSH]) - CALM_PUSH, 0.0)
    cut = constants[CUT] * (1.0 + FIRM * persistent)
    size = abs(residual)
    robust = 1.0 if size <= cut else (cut / size) ** 2
    return robust / (phi + busy * mean)
