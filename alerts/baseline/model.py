"""One baseline: a series of counts, and what its past says about the next bucket."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np

from alerts.baseline import stored
from alerts.baseline.layout import (
    DISPERSION,
    HISTORY,
    SEEN,
    SILENCE,
    VOLUMES,
    newborn,
    offsets,
    shrink_calendar,
)  # fmt: skip
from alerts.baseline.outlook import Outlook
from alerts.baseline.setting import PHI, VOLUME_SHRINKAGE, Floats, Setting, setting


class Baseline:
    """The expectation of one series, one bucket at a time, in constant time and memory.

    `start` is the first bucket: a datetime, whose wall clock places it in the season, or a slot
    of the season; without it the series starts on a Monday at 00:00. `shares` says that exposures
    are shares of healthy sources (0 to 1) and not volumes of articles of all topics, which carry
    most of the calendar themselves, and hold the topic's own articles.
    """

    __slots__ = ("_prior_settled", "_setting", "memory")

    def __init__(
        self, bucket: str, start: datetime | int | None = None, *, shares: bool = False
    ) -> None:
        self._setting = setting(bucket)
        slot = slot_of(self._setting, start) if isinstance(start, datetime) else start or 0
        self._prior_settled = shares
        self.memory: Floats = newborn(self._setting, slot)  # see `layout`

    @property
    def bucket(self) -> str:
        """The name of the bucket size."""
        return self._setting.name

    @property
    def step(self) -> timedelta:
        """The length of a bucket."""
        return self._setting.step

    @property
    def windows(self) -> tuple[int, ...]:
        """The trailing windows that `update` looks at, in buckets."""
        return self._setting.windows

    @property
    def silence(self) -> float:
        """The lower-tail score of the last bucket: how surprising it is to see so little."""
        return float(self.memory[SILENCE])

    def update(
        self, count: float, exposure: float | None = None, lesson: float | None = None
    ) -> float:
        """Take in the next bucket and return its score: −log10 of the upper-tail probability.

        `exposure` 0 means unobserved: the score is 0, nothing is learned, the mean drifts.
        `lesson` is the exposure to learn from where that is another one: with 0 the bucket is
        compared and teaches nothing.
        """
        self.settle_prior(volumes=exposure is not None)
        bucket = np.empty((3, 1, 1))
        bucket[0] = count
        bucket[1] = exposed(exposure)
        bucket[2] = bucket[1] if lesson is None else lesson
        return float(run(self._setting, self.memory[None], bucket[0], bucket[1], bucket[2])[0, 0])

    def peek(self, exposure: float | None = None) -> Outlook:
        """What the past says about the next bucket; changes nothing. A volume is that of the other
        topics here, since the topic's own count is not known yet."""
        from alerts.baseline.kernel import look

        memory, size = self.memory, self._setting
        at, windows = offsets(size), len(size.windows)
        weights, growth, busy = np.empty(len(PHI)), np.empty(windows), np.empty(windows)
        bars = np.empty((2, 3))
        mean = look(
            memory, at, size.basis, size.averages, size.constants, exposed(exposure),
            weights, growth, busy, bars,
        )  # fmt: skip
        history = memory[at[HISTORY] : at[DISPERSION]].reshape(2, -1)
        return Outlook(
            observed=mean > 0.0,
            provisional=bool(memory[SEEN] < size.mature),
            bucket=size,
            means=np.concatenate([[mean], history[1, :-1]]),
            counts=np.concatenate([[0.0], history[0, :-1]]),
            weights=weights,
            growth=growth,
            busy=busy,
            bars=bars,
        )

    def copy(self) -> Baseline:
        """An independent baseline that gives the same answers."""
        twin = Baseline.__new__(Baseline)
        twin._setting, twin._prior_settled = self._setting, self._prior_settled
        twin.memory = self.memory.copy()
        return twin

    def state(self) -> str:
        """Everything it knows, as text to be stored; `from_state` answers exactly the same."""
        return stored.to_text(self._setting, self.memory, self._prior_settled)

    @classmethod
    def from_state(cls, text: str) -> Baseline:
        """The baseline whose `state` this is; a ValueError if it is of another format."""
        size, memory, settled = stored.from_text(text)
        baseline = cls(size.name, shares=settled)
        baseline.memory = memory
        return baseline

    def settle_prior(self, *, volumes: bool) -> None:
        """The first bucket decides whether exposures are volumes, and with them the calendar."""
        if not self._prior_settled and volumes:
            self.memory[VOLUMES] = 1.0
            shrink_calendar(self.memory, self._setting, VOLUME_SHRINKAGE)
        self._prior_settled = True


def run(
    size: Setting, memories: Floats, counts: Floats, exposures: Floats, lessons: Floats
) -> Floats:
    """Take (S, T) buckets into the (S, N) memories; returns their (S, T) scores.

    The arrays are contiguous: of one layout only, so that the arithmetic is compiled once.
    """
    from alerts.baseline.kernel import advance

    scores = np.empty(counts.shape)
    advance(
        memories, offsets(size), size.basis, size.averages, size.drift, size.lengths,
        size.constants, counts, exposures, lessons, scores,
    )  # fmt: skip
    return scores


def bucket_step(bucket: str) -> timedelta:
    """The length of a bucket; a ValueError names the sizes that exist."""
    return setting(bucket).step


def slot_of(bucket: Setting, start: datetime) -> int:
    """Where a bucket that starts at `start` (its own wall clock) lies in the season."""
    if bucket.step >= timedelta(days=7):
        return min((start.timetuple().tm_yday - 1) // 7, bucket.slots - 1)
    monday = start.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(start.weekday())
    return int((start - monday) // bucket.step)


def exposed(exposure: float | None) -> float:
    """An exposure as the arithmetic wants it: 1 where none is given, 0 where nothing was seen."""
    if exposure is None:
        return 1.0
    return exposure if exposure > 0.0 and math.isfinite(exposure) else 0.0
