"""What a rule sees when it is evaluated: its signals, its expectation, and how much was watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from alerts.baseline import Outlook
from alerts.series import (
    Contents,
    Ints,
    SignalTable,
    Unit,
    contents,
    floor,
    microseconds,
    totals,
)

HOUR = timedelta(hours=1)
#: A signal may still come so long after its time; what is older is settled.
LATENESS = timedelta(hours=6)
Shares = Mapping[datetime, float]  # start of an hour → share of sources that were healthy, 0 to 1


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule's part of the world at `now`; `outlook` is None where the rule needs no baseline
    or has nothing to compare with it.

    `last_before` is when the newest matching signal came before the part of the past that `table`
    holds; None: never, since `origin`. `heard` is the share of the hours of the rule's window in
    which enough sources were healthy, None where `shares` holds them all. `listened` is `shares` of
    the sources alone that the rule's `where` is about, None where they are not told apart.
    """

    table: SignalTable
    matching: Ints  # positions of the rule's signals
    counted: Ints  # those at which something counts
    unit: Unit
    shares: Shares
    now: datetime
    bucket: datetime  # start of the current bucket
    step: timedelta
    origin: datetime  # nothing was expected of the time before
    outlook: Outlook | None = None
    last_before: datetime | None = None
    heard: float | None = None
    listened: Shares | None = None

    def since(self, start: datetime) -> Contents:
        """What came from `start` until now."""
        return contents(self.table, self.matching, self.counted, self.unit, start, self.now)

    def since_origin(self, start: datetime) -> Contents:
        """The same, without what is dated before anything was watched."""
        return self.since(max(start, self.origin))

    def totals(self, starts: Sequence[datetime]) -> list[int]:
        """How much came `since_origin` of each start that may fire: cheaper than the contents."""
        firsts = [max(start, self.origin) for start in starts]
        return totals(self.table, self.matching, self.counted, self.unit, firsts, self.now)

    def any_within(self, window: timedelta) -> bool:
        """Whether anything counts in the window that ends with the current bucket."""
        start = microseconds(self.bucket + self.step - window)
        return len(self.counted) > 0 and int(self.table.at[self.counted[-1]]) >= start

    def coverage(self, start: datetime) -> float | None:
        """Mean share of healthy sources from `start` until now; None where nobody measured."""
        hours = (floor(self.now, HOUR) - floor(start, HOUR)) // HOUR + 1
        known = [
            share
            for i in range(hours)
            if (share := self.shares.get(floor(start, HOUR) + i * HOUR)) is not None
        ]
        return float(np.mean(known)) if known else None


def boundary_of(now: datetime, origin: datetime, step: timedelta) -> datetime:
    """The start of the first bucket that is not settled."""
    return max(floor(now - LATENESS, step), floor(origin, step))
