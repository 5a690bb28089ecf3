"""Which buckets of a replayed history can make a spike fire at all: the others are passed over.

Ahead of the clock, a fortnight at a time, each bucket is scored with all that it will hold by its
end: what comes only ever adds to the newest bucket, so that a bucket which ends below the limit was
below it all the time. That holds where every earlier bucket was seen then as it was learned in the
end. Where something came later than its own bucket, or the sources were not all heard, a bucket is
never passed over. Nothing is decided here: what is not passed over is evaluated as if live.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from alerts.baseline import Baseline, threshold
from alerts.baseline.setting import Floats, setting
from alerts.rules.exposure import Exposure
from alerts.rules.passing import PassingTable
from alerts.rules.rule import Rule
from alerts.rules.spike import DEFAULT_FALSE_ALARMS
from alerts.rules.trail import Taken, Trail
from alerts.rules.view import LATENESS
from alerts.series import Ints, microseconds, microseconds_of

Bools = npt.NDArray[np.bool_]

AHEAD = 336  # buckets
#: Scores from here and from a look agree to the last digits, which this leaves out.
SLACK = 1e-6


class Screen:
    """One rule's buckets ahead, from a settled baseline on."""

    def __init__(
        self, rule: Rule, table: PassingTable, exposure: Exposure, step: timedelta
    ) -> None:
        self._rule, self._table, self._exposure, self._step = rule, table, exposure, step
        longest = rule.window // step
        size = setting(rule.bucket)
        self._windows = sorted({w for w in size.windows if w < longest} | {longest})
        rate = rule.false_alarms_per_year or DEFAULT_FALSE_ALARMS
        self._limit = threshold(rule.bucket, rate) - SLACK
        self._start = self._end = 0
        self._open = np.empty(0, dtype=bool)
        self._ahead: tuple[Baseline, datetime, list[Taken]] | None = None

    def covers(self, now: int) -> bool:
        """Whether the bucket of this moment (microseconds since the epoch) was looked at."""
        return self._start <= now < self._end

    def may_fire(self, now: int) -> bool:
        """Whether the rule can fire in the bucket of this moment, which is covered."""
        return bool(self._open[(now - self._start) // microseconds_of(self._step)])

    def forget(self) -> None:
        """The past has changed: what was looked at does not hold any more."""
        self._end, self._ahead = self._start, None

    def look_ahead(self, trail: Trail) -> None:
        """Look at the buckets after what the trail has settled. What was learned on the last way
        ahead is handed to it."""
        settled, since = trail.settled
        until = since + AHEAD * self._step
        seen, learned, late = self._counts(since, until)
        watched = self._exposure.settled(since, until, self._step)
        columns = (seen, learned, watched.compared, watched.lessons)
        ahead, done = settled.copy(), AHEAD - LATENESS // self._step - 2
        early = _scored(ahead, columns, slice(done), self._windows)
        taken = [one[:done].tolist() for one in (learned, watched.compared, watched.lessons)]
        self._ahead = ahead.copy(), since + done * self._step, list(zip(*taken, strict=True))
        late_scores = _scored(ahead, columns, slice(done, None), self._windows)
        scores = np.concatenate([early, late_scores])
        self._open = (scores >= self._limit) | late | ~self._calm(since, until)
        self._start, self._end = microseconds(since), microseconds(until)

    def hand_over(self, trail: Trail, boundary: datetime) -> None:
        """Give the trail what was learned on the way to the end, where that still holds."""
        if self._ahead is not None and self._ahead[1] <= boundary:
            trail.adopt(*self._ahead)
            self._ahead = None

    def _counts(self, since: datetime, until: datetime) -> tuple[Ints, Ints, Bools]:
        """What each bucket holds at its end, what it teaches in the end, and whether something
        came in its time, or after it, for a bucket before it."""
        rule, table = self._rule, self._table
        start, step = microseconds(since), microseconds_of(self._step)
        whole = table.whole(rule.where)
        first = start - microseconds_of(rule.lookback) - step
        part = slice(*np.searchsorted(whole.at, [first, microseconds(until)]).tolist())
        positions, at, came = whole.positions[part], whole.at[part], whole.came[part]
        number = (at - start) // step
        ends = start + (number + 1) * step
        teaching = came <= ends + microseconds_of(LATENESS)
        seen = self._held(positions[teaching & (came <= ends)], start, step)
        learned = self._held(positions[teaching], start, step)
        late = np.zeros(AHEAD + 1, dtype=bool)
        arrived = (came - start) // step
        behind = (arrived > number) & (arrived >= 0)
        for k, j in zip(number[behind].tolist(), arrived[behind].tolist(), strict=True):
            late[max(k + 1, 0) : j + 2] = True
        return seen, learned, late[:AHEAD]

    def _held(self, positions: Ints, start: int, step: int) -> Ints:
        counted = self._table.counted(positions, self._rule.unit, self._rule.window)
        number = (self._table.at[counted] - start) // step
        return np.bincount(number[(number >= 0) & (number < AHEAD)], minlength=AHEAD)

    def _calm(self, since: datetime, until: datetime) -> Bools:
        """Whether all was heard in the buckets that a look replays."""
        back = LATENESS // self._step + 2
        first = max(since - back * self._step, self._exposure.first(self._step))
        heard = self._exposure.heard(first, until, self._step) >= 1.0
        skip = (since - first) // self._step
        deaf = np.concatenate([[0], np.cumsum(~heard)])
        ends = np.arange(skip, skip + AHEAD) + 1
        return np.asarray(deaf[ends] - deaf[np.maximum(ends - back - 1, 0)] == 0)


def _scored(
    baseline: Baseline,
    columns: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    part: slice,
    windows: Sequence[int],
) -> Floats:
    """The highest score of each bucket of this part, which the baseline takes in."""
    from alerts.baseline.scan import scan  # what it compiles, only a replay needs

    seen, learned, exposures, lessons = (np.asarray(one)[part] for one in columns)
    return scan(baseline, seen, learned, exposures, lessons, windows)
