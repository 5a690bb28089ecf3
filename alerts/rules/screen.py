"""Which buckets of a replayed history can make a spike fire at all: the others are passed over.

Ahead of the clock, a fortnight at a time, each bucket is scored with all that it will hold by its
end: what comes only ever adds to the newest bucket, so that a bucket which ends below the limit was
below it all the time. That holds where every earlier bucket was seen then as it was learned in the
end. Where something came later than its own bucket, or some sources were not heard, the bucket is
scored with the most that can have been seen over the least that can have been expected, and passed
over only where that stays well below the limit; where few were heard it never is. Nothing is
decided here: what is not passed over is evaluated as if live.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from alerts.baseline import DEFAULT_FALSE_ALARMS, Baseline, threshold
from alerts.baseline.setting import Floats, setting
from alerts.rules.exposure import LEAST_SHARE, Exposure
from alerts.rules.passing import PassingTable
from alerts.rules.rule import Rule
from alerts.rules.trail import Taken, Trail
from alerts.rules.view import LATENESS
from alerts.series import Ints, microseconds, microseconds_of

if TYPE_CHECKING:
    from alerts.baseline.scan import Ahead

Bools = npt.NDArray[np.bool_]

AHEAD = 336  # buckets
#: Scores from here and from a look agree to the last digits, which this leaves out.
SLACK = 1e-6
#: How far below the limit the bound of a bucket must stay that was seen otherwise at the time: it
#: leaves out that a burst of which half was seen teaches more than the whole.
DOUBT = 0.3


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
        self._limit = threshold(rule.bucket, rate)
        self._back = LATENESS // step + 2  # buckets that a look replays
        self._start = self._end = 0
        self._length = microseconds_of(step)
        self._open = np.empty(0, dtype=bool)
        self._ahead: tuple[Baseline, datetime, list[Taken]] | None = None

    def covers(self, now: int) -> bool:
        """Whether the bucket of this moment (microseconds since the epoch) was looked at."""
        return self._start <= now < self._end

    def may_fire(self, now: int) -> bool:
        """Whether the rule can fire in the bucket of this moment, which is covered."""
        return bool(self._open[(now - self._start) // self._length])

    def forget(self) -> None:
        """The past has changed: what was looked at does not hold any more."""
        self._end, self._ahead = self._start, None

    def look_ahead(self, trail: Trail) -> None:
        """Look at the buckets after what the trail has settled. What was learned on the last way
        ahead is handed to it."""
        settled, since = trail.settled
        until = since + AHEAD * self._step
        from alerts.baseline.scan import scan  # what it compiles, only a replay needs

        heard = self._heard(since, until)
        ahead = self._columns(since, until, heard)
        done = AHEAD - self._back
        scores, baseline = scan(settled, ahead, self._windows, self._back, done)
        taken = [one[:done].tolist() for one in (ahead.learned, ahead.exposures, ahead.lessons)]
        self._ahead = baseline, since + done * self._step, list(zip(*taken, strict=True))
        limits = np.where(ahead.sure, self._limit - SLACK, self._limit - DOUBT)
        self._open = (scores >= limits) | self._recently(heard < LEAST_SHARE)
        self._start, self._end = microseconds(since), microseconds(until)

    def hand_over(self, trail: Trail, boundary: datetime) -> None:
        """Give the trail what was learned on the way to the end, where that still holds."""
        if self._ahead is not None and self._ahead[1] <= boundary:
            trail.adopt(*self._ahead)
            self._ahead = None

    def _columns(self, since: datetime, until: datetime, heard: Floats) -> Ahead:
        """What the buckets will have held at each moment."""
        from alerts.baseline.scan import Ahead

        rule, table = self._rule, self._table
        start, step = microseconds(since), microseconds_of(self._step)
        whole = table.whole(rule.where)
        first = start - microseconds_of(rule.lookback) - step
        part = slice(*np.searchsorted(whole.at, [first, microseconds(until)]).tolist())
        positions, at, came = whole.positions[part], whole.at[part], whole.came[part]
        number, arrived = (at - start) // step, (came - start) // step
        ends = start + (number + 1) * step
        teaching = came <= ends + microseconds_of(LATENESS)
        behind = teaching & (arrived > number)
        in_time = self._counted(positions[teaching & (came <= ends)])
        in_the_end = self._counted(positions[teaching])
        watched = self._exposure.settled(since, until, self._step)
        sure = ~self._recently(heard < 1.0)
        for k, j in zip(number[behind].tolist(), arrived[behind].tolist(), strict=True):
            sure[max(k + 1, 0) : max(j + 1, 0)] = False
        timely = self._by_bucket(in_time, start, step)
        most = np.union1d(np.union1d(in_time, in_the_end), positions[behind])
        return Ahead(
            seen=timely,
            timely=timely,
            most=self._by_bucket(most, start, step),
            learned=self._by_bucket(in_the_end, start, step),
            exposures=watched.compared,
            lessons=watched.lessons,
            sure=sure,
        )

    def _counted(self, positions: Ints) -> Ints:
        return self._table.counted(positions, self._rule.unit, self._rule.window)

    def _by_bucket(self, positions: Ints, start: int, step: int) -> Floats:
        number = (self._table.at[positions] - start) // step
        inside = number[(number >= 0) & (number < AHEAD)]
        return np.bincount(inside, minlength=AHEAD).astype(float)

    def _heard(self, since: datetime, until: datetime) -> Floats:
        """The share of healthy sources of the buckets ahead, and of those before that a look
        replays; all of them before anything was watched."""
        first = max(since - self._back * self._step, self._exposure.first(self._step))
        heard = self._exposure.heard(first, until, self._step)
        return np.concatenate([np.ones(AHEAD + self._back - len(heard)), heard])

    def _recently(self, some: Bools) -> Bools:
        """For each bucket ahead, whether it or one that its look replays is among these."""
        before = np.concatenate([[0], np.cumsum(some)])
        return np.asarray(before[self._back + 1 :] - before[: -self._back - 1] > 0)
