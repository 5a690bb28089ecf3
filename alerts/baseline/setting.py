"""What a baseline assumes of each bucket size before it has seen anything: season, drift, memory.

The calendar is a small Fourier basis over the week (day-of-week contrasts, three daily harmonics,
two more that act at the weekend only) or, for weekly buckets, two annual harmonics. Its prior is
centred on "flat", so a short history shrinks every season towards none. Buckets shorter than a
week have an annual harmonic besides, with a tight prior.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
BucketName = Literal["week", "day", "hour", "15min"]
BUCKET_NAMES: tuple[BucketName, ...] = get_args(BucketName)

# Dispersion grid (variance over mean of one bucket) and its prior.
PHI = np.array([1.02, 1.3, 1.7, 2.3, 3.2, 5.0, 9.0, 20.0, 60.0])
LOG_PRIOR = np.log(np.array([0.14, 0.30, 0.26, 0.16, 0.08, 0.04, 0.015, 0.004, 0.001]))
MOST_UNCERTAIN = 2.0  # variance of a log mean that limits are still widened by
LARGEST_LOG = 25.0

# Places in `Setting.constants`, which is what the compiled arithmetic is given.
FAST_DECAY, YEAR, GUARD, CUT, DISPERSION_MEMORY, DAMPING, LOOKS = range(7)
RECORD_DECAY, ROLL_DECAY, ONSET_RATE, LONGEST, SCATTER_GUARD, ELASTICITY = range(7, 13)
RECORD_SIZE = 6  # numbers that a tail's own record takes, see `record`


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """The constants of one bucket size.

    `basis` has one row for each slot of the season (a week, or 52 weeks) and one column for each
    coefficient: level first, then calendar, then the fast component. Standard deviations are those
    of a logarithm: 0.1 is about ten per cent.
    """

    name: str
    step: timedelta
    basis: Floats
    averages: Floats  # (slots, windows, coefficients): mean basis row of each window up to a slot
    prior_variance: Floats
    calendar: slice  # the coefficients of the calendar
    drift: Floats  # random-walk variance a bucket, for each coefficient
    constants: Floats
    lengths: Ints  # the windows once more
    windows: tuple[int, ...]  # trailing sums that are looked at, in buckets
    reach: int  # buckets of history that are kept, for windows between those
    guard: int  # newest buckets that have not taught the mean yet
    scatter_guard: int  # newest buckets that have not taught dispersion yet
    mature: int  # observed buckets before the limits stop being provisional

    @property
    def slots(self) -> int:
        """Buckets in one season."""
        return len(self.basis)


LEVEL_VARIANCE = 9.0
ANNUAL_SPREAD = 0.3  # prior standard deviation of the annual harmonic of days and shorter
DAYS_OF_A_YEAR = 365.2425
MINUTES_OF_A_YEAR = DAYS_OF_A_YEAR * 24 * 60
ROLL = 12.0  # half-lives of the highest score that the count of onsets is remembered for
# An exposure that counts articles carries most of the calendar itself.
VOLUME_SHRINKAGE = 0.3


def _week(per_day: int) -> tuple[Floats, Floats]:
    """Calendar columns for each bucket of a week, and their prior standard deviations."""
    slot = np.arange(7 * per_day)
    day = slot // per_day
    angle = 2.0 * np.pi * (slot % per_day) / per_day
    columns = [(day == d) - 1.0 / 7.0 for d in range(6)]
    spread = [0.45] * 6
    if per_day > 1:
        for k in (1, 2, 3):
            columns += [np.cos(k * angle), np.sin(k * angle)]
            spread += [0.6 / k] * 2
        for k in (1, 2):
            columns += [(day >= 5) * np.cos(k * angle), (day >= 5) * np.sin(k * angle)]
            spread += [0.3 / k] * 2
    return np.stack(columns, axis=1).astype(float), np.array(spread)


def _year() -> tuple[Floats, Floats]:
    """Two annual harmonics for each of 52 weeks, and their prior standard deviations."""
    angle = 2.0 * np.pi * np.arange(52) / 52.0
    columns = [f(k * angle) for k in (1, 2) for f in (np.cos, np.sin)]
    return np.stack(columns, axis=1), np.array([0.4, 0.4, 0.28, 0.28])


@dataclass(frozen=True, slots=True)
class _Constants:
    """What was tuned on simulated series at the size itself; times are in buckets."""

    minutes: int
    level_drift: float
    calendar_drift: float
    fast: tuple[float, float]  # standard deviation and time constant
    windows: tuple[int, ...]
    reach: int
    guard: int
    cut: float  # standard deviations beyond which a bucket teaches less
    dispersion_memory: float
    record_memory: float  # half-life
    damping: float
    mature: int
    looks: float  # independent windows that the best of all windows amounts to
    onset_rate: float  # a year, of quiet series above `record.LEVEL`
    scatter_guard: int
    elasticity: float  # of the mean, with respect to a volume of other articles


_TUNED = {
    "week": _Constants(
        7 * 24 * 60, 0.03, 0.001, (0.0, 1.0), windows=(1, 2), reach=8, guard=2, cut=1.5,
        dispersion_memory=208, record_memory=26, damping=0.1, mature=26, looks=1.5,
        onset_rate=1.07, scatter_guard=4, elasticity=1.0,
    ),
    "day": _Constants(
        24 * 60, 0.04, 0.0012, (0.0, 1.0), windows=(1, 2, 4, 7), reach=28, guard=2, cut=1.2,
        dispersion_memory=360, record_memory=28, damping=0.5, mature=42, looks=2.0,
        onset_rate=5.45, scatter_guard=3, elasticity=0.55,
    ),
    "hour": _Constants(
        60, 0.004, 0.0006, (0.14, 24.0), windows=(1, 2, 4, 8, 16, 32), reach=48, guard=3, cut=1.2,
        dispersion_memory=1000, record_memory=168, damping=0.5, mature=14 * 24,
        looks=2.8, onset_rate=70.7, scatter_guard=24, elasticity=1.0,
    ),
    "15min": _Constants(
        15, 0.002, 0.0003, (0.10, 96.0), windows=(1, 2, 4, 8, 16, 32, 64), reach=64, guard=16,
        cut=1.8, dispersion_memory=2000, record_memory=672, damping=0.3, mature=14 * 96, looks=3.0,
        onset_rate=139.0, scatter_guard=32, elasticity=1.0,
    ),
}  # fmt: skip
_SHORTEST, _DAY = 5, 24 * 60


@cache
def setting(bucket: str) -> Setting:
    """The constants for `bucket`; a ValueError names the sizes that exist.

    Besides the four names, `<n>min` stands for n minutes, where n divides a day and is at least 5:
    such a size takes the constants of the nearest of the four, its times scaled.
    """
    tuned = _TUNED.get(bucket)
    if tuned is None:
        tuned = _scaled(_minutes(bucket))
    per_day = _DAY // tuned.minutes
    columns, spread = _week(per_day) if per_day else _year()
    fast_spread, fast_time = tuned.fast
    decay = float(np.exp(-1.0 / fast_time)) if fast_spread else 0.0
    annual = [ANNUAL_SPREAD**2] * 2 if per_day else []
    ones = np.ones((len(columns), 1))
    basis = np.hstack([ones, columns, np.zeros((len(columns), len(annual))), ones])
    return Setting(
        name=bucket,
        step=timedelta(minutes=tuned.minutes),
        basis=basis,
        averages=_averages(basis, tuned.windows),
        prior_variance=np.array([LEVEL_VARIANCE, *spread**2, *annual, fast_spread**2]),
        calendar=slice(1, 1 + len(spread)),
        drift=np.array(
            [
                tuned.level_drift**2,
                *[tuned.calendar_drift**2] * len(spread),
                *[0.0] * len(annual),
                fast_spread**2 * (1.0 - decay**2),
            ]
        ),
        constants=np.array(
            [
                decay,
                per_day * DAYS_OF_A_YEAR,
                tuned.guard,
                tuned.cut,
                tuned.dispersion_memory,
                tuned.damping,
                tuned.looks,
                0.5 ** (1.0 / tuned.record_memory),
                0.5 ** (1.0 / (ROLL * tuned.record_memory)),
                tuned.onset_rate * tuned.minutes / MINUTES_OF_A_YEAR,
                tuned.windows[-1],
                tuned.scatter_guard,
                tuned.elasticity,
            ]
        ),
        lengths=np.array(tuned.windows, dtype=np.int64),
        windows=tuned.windows,
        reach=tuned.reach,
        scatter_guard=tuned.scatter_guard,
        guard=tuned.guard,
        mature=tuned.mature,
    )


def _averages(basis: Floats, windows: tuple[int, ...]) -> Floats:
    last = np.arange(len(basis))[:, None]
    rows = [basis[(last - np.arange(length)) % len(basis)].mean(axis=1) for length in windows]
    return np.ascontiguousarray(np.stack(rows, axis=1))


def nearest(minutes: int) -> BucketName:
    """The tuned size that is nearest in proportion."""
    return min(
        BUCKET_NAMES,
        key=lambda name: max(_TUNED[name].minutes / minutes, minutes / _TUNED[name].minutes),
    )


def _minutes(bucket: str) -> int:
    minutes = int(bucket[:-3]) if bucket.endswith("min") and bucket[:-3].isdecimal() else 0
    if minutes < _SHORTEST or minutes > _DAY or _DAY % minutes:
        raise ValueError(
            f"there is no baseline for buckets of {bucket!r}: use {', '.join(BUCKET_NAMES)}, or "
            f"<n>min where n divides a day and is at least {_SHORTEST}"
        )
    return minutes


def _scaled(minutes: int) -> _Constants:
    """The nearest tuned size with its random walks and its times brought to `minutes`."""
    tuned = _TUNED[nearest(minutes)]
    ratio = tuned.minutes / minutes
    spread, time = tuned.fast
    return replace(
        tuned,
        minutes=minutes,
        onset_rate=tuned.onset_rate * ratio,
        level_drift=tuned.level_drift / ratio**0.5,
        calendar_drift=tuned.calendar_drift / ratio**0.5,
        fast=(spread, time * ratio),
        reach=max(tuned.windows[-1], round(tuned.reach * ratio)),
        guard=max(1, round(tuned.guard * ratio)),
        scatter_guard=max(1, round(tuned.scatter_guard * ratio)),
        dispersion_memory=tuned.dispersion_memory * ratio,
        record_memory=tuned.record_memory * ratio,
        mature=round(tuned.mature * ratio),
    )
