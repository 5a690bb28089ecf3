"""One baseline: a series of counts, and what its past says about the next bucket."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from alerts.baseline.bank import ARRAYS, PHI, Bank, Forecast, newborn, stack
from alerts.baseline.setting import VOLUME_SHRINKAGE, Floats, Setting, setting
from alerts.baseline.tail import SMALLEST, upper_tail

FORMAT = 1  # of the text of `Baseline.state`
_HEADER = struct.Struct("<HH?8s")
_LARGEST_COUNT = 10**9
_OTHER_FORMAT = "this baseline was stored in another format: rebuild it from its counts"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of the next bucket, without having learned from it.

    A window is a number of trailing buckets whose newest is the next one; a total is a count in
    such a window. Scores are those of `Baseline.update`: −log10 of the tail, damped by the
    series' own record, less the price of looking at several windows.
    """

    observed: bool  # False: the bucket has no exposure, or nothing is known yet; nothing fires
    provisional: bool  # the history is short: limits are wide
    bucket: Setting
    means: Floats  # expected counts, newest first
    counts: Floats  # observed counts, newest first; the first is 0 and stands for the next bucket
    forecast: Forecast
    damping: float

    def expected(self, window: int = 1) -> float:
        """Expected total of the window."""
        return float(self.means[:window].sum())

    def past(self, window: int) -> int:
        """What the window holds before its newest bucket."""
        return int(self.counts[:window].sum())

    def probability(self, window: int, total: int) -> float:
        """P(window's total ≥ `total`) given the past; 1.0 where nothing can be said."""
        if not self.observed or total <= 0:
            return 1.0
        column = sum(length <= window for length in self.bucket.windows) - 1
        mean = max(self.expected(window), 1e-6)
        forecast = self.forecast
        spill = 1.0 + 0.1 * min(column, 2)
        widen = float(forecast.busy[0, column] + forecast.growth[0, column])
        each = upper_tail(np.array(float(total)), np.array(mean), PHI * spill + widen * mean)
        return max(float(forecast.weights[0] @ each), SMALLEST)

    def score(self, window: int, total: int) -> float:
        """The score of `total` in the window: 0 where it is not above what is expected."""
        if total <= self.expected(window):
            return 0.0
        raw = -math.log10(self.probability(window, total))
        return max(raw / self.damping - math.log10(self.bucket.looks), 0.0)

    def upper(self, window: int, limit: float) -> int | None:
        """The smallest total whose score reaches `limit`; None where nothing can fire."""
        if not self.observed:
            return None
        high = max(1, math.ceil(self.expected(window)))
        while self.score(window, high) < limit:
            high *= 2
            if high > _LARGEST_COUNT:
                return None
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.score(window, middle) >= limit else (middle, high)
        return high

    def upper_of_bucket(self, limit: float) -> int | None:
        """The smallest count of the next bucket alone that makes any window reach `limit`."""
        uppers = [(window, self.upper(window, limit)) for window in self.bucket.windows]
        needed = [upper - self.past(window) for window, upper in uppers if upper is not None]
        return max(min(needed), 1) if needed else None


class Baseline:
    """The expectation of one series, one bucket at a time, in constant time and memory.

    `start` is the first bucket: a datetime, whose wall clock places it in the season, or a slot
    of the season; without it the series starts on a Monday at 00:00. `shares` says that exposures
    are shares of healthy sources (0 to 1) and not volumes of articles, which carry most of the
    calendar themselves.
    """

    def __init__(
        self, bucket: str, start: datetime | int | None = None, *, shares: bool = False
    ) -> None:
        self._setting = setting(bucket)
        slot = slot_of(self._setting, start) if isinstance(start, datetime) else start or 0
        self._prior_settled = shares
        self._bank = Bank(self._setting, newborn(self._setting, 1, slot))

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

    def update(self, count: float, exposure: float | None = None) -> float:
        """Take in the next bucket and return its score: −log10 of the upper-tail probability.

        `exposure` 0 means unobserved: the score is 0, nothing is learned, the mean drifts.
        """
        self._settle_prior(exposure)
        counts, exposures = np.array([float(count)]), np.array([exposed(exposure)])
        return float(self._bank.advance(counts, exposures).max())

    def peek(self, exposure: float | None = None) -> Outlook:
        """What the past says about the next bucket; changes nothing."""
        state, bank = self._bank.state, self._bank
        forecast = bank.forecast(np.array([exposed(exposure)]))
        return Outlook(
            observed=bool(forecast.observed[0]),
            provisional=bool(state.seen[0] < self._setting.mature),
            bucket=self._setting,
            means=np.concatenate([forecast.mean, state.history[0, 1, :-1]]),
            counts=np.concatenate([[0.0], state.history[0, 0, :-1]]),
            forecast=forecast,
            damping=float(bank.damping()[0]),
        )

    def copy(self) -> Baseline:
        """An independent baseline that gives the same answers."""
        twin = Baseline(self.bucket, shares=self._prior_settled)
        twin._bank.state = self._bank.state.copy()
        return twin

    def state(self) -> str:
        """Everything it knows, as text to be stored; `from_state` answers exactly the same."""
        state = self._bank.state
        name = self.bucket.encode().ljust(8)
        upper = np.triu_indices(state.mean.shape[1])
        parts = [
            a if n != "cov" else a[0][upper] for n, a in zip(ARRAYS, state.arrays(), strict=True)
        ]
        head = _HEADER.pack(FORMAT, state.slot, self._prior_settled, name)
        body = b"".join(part.astype("<f8").tobytes() for part in parts)
        return base64.b64encode(head + body).decode()

    @classmethod
    def from_state(cls, stored: str) -> Baseline:
        """The baseline whose `state` this is; a ValueError if it is of another format."""
        try:
            state = base64.b64decode(stored, validate=True)
        except ValueError as broken:
            raise ValueError(_OTHER_FORMAT) from broken
        if len(state) < _HEADER.size or struct.unpack_from("<H", state)[0] != FORMAT:
            raise ValueError(_OTHER_FORMAT)
        _, slot, settled, name = _HEADER.unpack_from(state)
        if (len(state) - _HEADER.size) % 8:
            raise ValueError(_OTHER_FORMAT)
        baseline = cls(name.decode().strip(), slot, shares=settled)
        baseline._restore(np.frombuffer(state, dtype="<f8", offset=_HEADER.size).astype(float))
        return baseline

    def _restore(self, flat: Floats) -> None:
        state = self._bank.state
        upper = np.triu_indices(state.mean.shape[1])
        named = list(zip(ARRAYS, state.arrays(), strict=True))
        lengths = [len(upper[0]) if name == "cov" else array.size for name, array in named]
        if len(flat) != sum(lengths):
            raise ValueError(_OTHER_FORMAT)
        parts = np.split(flat, np.cumsum(lengths)[:-1])
        for (name, array), part in zip(named, parts, strict=True):
            if name == "cov":
                array[0][upper] = part
                array[0].T[upper] = part
            else:
                array[...] = part.reshape(array.shape)

    def _settle_prior(self, exposure: float | None) -> None:
        """The first bucket decides whether exposures are given, and with them the calendar."""
        if self._prior_settled:
            return
        self._prior_settled = True
        if exposure is not None:
            calendar = slice(1, -1)
            self._bank.state.cov[:, calendar, calendar] *= VOLUME_SHRINKAGE**2


def update_all(
    baselines: Sequence[Baseline],
    counts: Sequence[npt.ArrayLike],
    exposures: Sequence[npt.ArrayLike],
    lessons: Sequence[npt.ArrayLike] | None = None,
) -> None:
    """The same as `update` for each of them with each of its counts, with the arithmetic shared.

    `counts` and `exposures` hold an array of consecutive buckets for each baseline. Those of one
    bucket size, one slot and one length go together: rebuilding hundreds is ten times as fast.
    Exposures are taken as shares: for volumes, give the first bucket to `update`. `lessons` are
    exposures to learn from where they differ: with 0 a bucket is compared and teaches nothing.
    """
    columns = [np.asarray(column, dtype=float) for column in counts]
    compared = [np.maximum(np.asarray(column, dtype=float), 0.0) for column in exposures]
    taught = (
        compared if lessons is None else [np.asarray(column, dtype=float) for column in lessons]
    )
    groups: dict[tuple[str, int, int], list[int]] = {}
    for position, (baseline, column) in enumerate(zip(baselines, columns, strict=True)):
        key = (baseline.bucket, baseline._bank.state.slot, len(column))
        groups.setdefault(key, []).append(position)
    for members in groups.values():
        states = [baselines[position]._bank.state for position in members]
        bank = Bank(baselines[members[0]]._setting, stack(states))
        by_bucket = (
            np.stack([series[position] for position in members]).T
            for series in (columns, compared, taught)
        )
        for count, exposure, lesson in zip(*by_bucket, strict=True):
            bank.advance(count, exposure, lesson)
        for row, position in enumerate(members):
            baselines[position]._prior_settled = True
            baselines[position]._bank.state = bank.state.row(row)


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
