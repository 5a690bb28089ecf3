"""Where each piece of a series' memory lies: the memory is one flat vector of floats.

The vector is what the compiled arithmetic works on, what is copied, and what is stored.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from alerts.baseline.setting import PHI, RECORD_SIZE, Floats, Ints, Setting

# Scalars, at the beginning of the vector.
POSITION = 0  # of the next bucket, in buckets since a Monday at 00:00 (weeks: since a new year)
AHEAD = 1  # buckets that have come in and have not been learned from yet
SEEN = 2  # observed buckets
PUSH = 3  # running mean of the standardised residual
PLACED = 4  # 1 when the first observed bucket has placed the level
SILENCE = 5  # lower-tail score of the last bucket
UPPER = 6  # the record of the upper tail, see `record`
LOWER = UPPER + RECORD_SIZE
UNSCATTERED = LOWER + RECORD_SIZE  # buckets that have not taught dispersion yet
VOLUMES = UNSCATTERED + 1  # 1 where exposures are volumes of articles
SHARE = VOLUMES + 1  # of the topic in such volumes, on average
SCALARS = SHARE + 1

# Offsets of the arrays that follow, in the order of `offsets`.
MEAN, COV, QUEUE, HISTORY, DISPERSION, MOMENTS, DOUBT, END = range(8)
MOMENT_ROWS = 3  # sums of w·M³, w·M⁴, w·d²·M² for each window


@cache
def offsets(setting: Setting) -> Ints:
    """The first index of each array of the memory; the last entry is its length."""
    size = len(setting.prior_variance)
    waiting = setting.scatter_guard + 1
    lengths = [
        size,
        size * (size + 1) // 2,
        2 * (setting.guard + 1),
        2 * max(setting.reach, setting.windows[-1] + waiting),
        len(PHI),
        MOMENT_ROWS * len(setting.windows),
        2 * waiting,
    ]
    return np.array(SCALARS + np.concatenate([[0], np.cumsum(lengths)]), dtype=np.int64)


def newborn(setting: Setting, position: int) -> Floats:
    """The memory before the first bucket, which lies at `position` of the season."""
    at = offsets(setting)
    memory = np.zeros(at[END])
    memory[POSITION] = position
    memory[at[COV] : at[QUEUE]][diagonal(setting)] = setting.prior_variance
    memory[at[MOMENTS] : at[DOUBT]] = _prior_moments(len(setting.windows)).ravel()
    return memory


def shrink_calendar(memory: Floats, setting: Setting, factor: float) -> None:
    """Make the standard deviations of the calendar's prior so much smaller."""
    at = offsets(setting)
    memory[at[COV] : at[QUEUE]][diagonal(setting)[setting.calendar]] *= factor**2


def diagonal(setting: Setting) -> Ints:
    """Where the variances lie in the lower triangle that is stored row by row."""
    number = np.arange(len(setting.prior_variance))
    return np.asarray(number * (number + 3) // 2, dtype=np.int64)


def _prior_moments(windows: int) -> Floats:
    """Pseudo-observations that say: variance = 1.3·M + 0.01·M², a little more in long windows."""
    moments = np.zeros((MOMENT_ROWS, windows))
    for mean in (0.3, 3.0, 30.0):
        weight = 50.0 / 3.0 / (mean + 0.3) ** 2
        variance = 1.3 * (1.0 + 0.03 * np.arange(windows)) * mean + 0.01 * mean**2
        moments += weight * np.array(
            [np.full(windows, mean**3), np.full(windows, mean**4), variance * mean**2]
        )
    return moments
