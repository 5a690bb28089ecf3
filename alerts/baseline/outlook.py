"""What is expected of the next bucket, asked in both directions: too much, and too little."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from alerts.baseline.setting import Floats, Setting

USUAL_TAIL = 0.05  # of each side: nine of ten quiet windows lie between


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of the next bucket, without having learned from it.

    A window is a number of trailing buckets whose newest is the next one; a total is a count in
    such a window. Scores are those of `Baseline.update` and `Baseline.silence`: −log10 of the
    tail, damped by the series' own record, less the price of looking at several windows.
    """

    observed: bool  # False: the bucket has no exposure, or nothing is known yet; nothing fires
    provisional: bool  # the history is short: limits are wide
    bucket: Setting
    means: Floats  # expected counts, newest first
    counts: Floats  # observed counts, newest first; the first is 0 and stands for the next bucket
    weights: Floats  # of each dispersion
    growth: Floats  # relative variance that the unknown mean adds, for each of the bucket's windows
    busy: Floats  # that of busy days
    bars: Floats  # how high the series' own record makes the bar of each tail, upper first

    def judged_as(self, earlier: Outlook) -> Outlook:
        """The same, with the bars of an earlier moment: what a burst has scored since then is not
        held against the rest of it."""
        return replace(self, bars=earlier.bars)

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
        return self._tail(window, total, upper=True)

    def probability_below(self, window: int, total: int) -> float:
        """P(window's total ≤ `total`) given the past; 1.0 where nothing can be said."""
        if not self.observed or total < 0:
            return 1.0
        return self._tail(window, total + 1, upper=False)

    def score(self, window: int, total: int) -> float:
        """The score of `total` in the window: 0 where it is not above what is expected."""
        if not self.observed:
            return 0.0
        from alerts.baseline.record import priced
        from alerts.baseline.surprise import excess

        raw = excess(float(total), *self._of(window))
        return float(priced(raw, self.bars[0], self.bucket.constants))

    def silence(self, window: int, total: int) -> float:
        """The score of so little in the window: 0 where it is not below what is expected."""
        if not self.observed:
            return 0.0
        from alerts.baseline.record import priced
        from alerts.baseline.surprise import lack

        raw = lack(float(total), *self._of(window))
        return float(priced(raw, self.bars[1], self.bucket.constants))

    def upper(self, window: int, limit: float) -> int | None:
        """The smallest total whose score reaches `limit`; None where nothing can fire."""
        if not self.observed:
            return None
        from alerts.baseline.surprise import least_total

        least = least_total(limit, 1.0, *self._of(window), self.bars[0], self.bucket.constants)
        return int(least) if math.isfinite(least) else None

    def lower(self, window: int, limit: float) -> int | None:
        """The largest total whose silence reaches `limit`; None where even 0 is no surprise."""
        if not self.observed or self.silence(window, 0) < limit:
            return None
        most = math.ceil(self.expected(window))
        return _first(0, most, lambda total: self.silence(window, total) < limit) - 1

    def usual(self, window: int) -> tuple[int, int]:
        """The least and the most that nine of ten quiet windows hold; (0, 0) where nothing can be
        said."""
        if not self.observed:
            return 0, 0
        most = max(1, math.ceil(self.expected(window)))
        while self.probability(window, most + 1) > USUAL_TAIL:
            most *= 2
        least = _first(0, most, lambda n: self.probability_below(window, n) > USUAL_TAIL)
        return least, _first(least, most, lambda n: self.probability(window, n + 1) <= USUAL_TAIL)

    def upper_of_bucket(self, limit: float) -> int | None:
        """The smallest count of the next bucket alone that makes any window reach `limit`."""
        uppers = [(window, self.upper(window, limit)) for window in self.bucket.windows]
        needed = [upper - self.past(window) for window, upper in uppers if upper is not None]
        return max(min(needed), 1) if needed else None

    def _tail(self, window: int, count: int, *, upper: bool) -> float:
        from alerts.baseline.surprise import mixed_tail

        return float(mixed_tail(float(count), *self._of(window), upper))

    def _of(self, window: int) -> tuple[float, Floats, float]:
        """What the tails of a window are made of: its mean, dispersions, and widening."""
        column = max(sum(length <= window for length in self.bucket.windows) - 1, 0)
        widen = float(self.busy[column] + self.growth[column])
        return max(self.expected(window), 1e-6), self.weights, widen


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The smallest number from `low` to `high` for which it holds, which it does from there on."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
