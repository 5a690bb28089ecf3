"""How much of the press was watched, as the baselines take it.

Settled buckets teach with their share, and not at all below half of it; in the buckets since, the
share does not lower the expectation. An unobserved bucket hands its whole expectation to the next
observed one, which teaches nothing: what piled up during an outage is compared with all the time in
which it did, whether it is dated then or arrives undated afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from alerts.baseline.setting import Floats
from alerts.rules.view import HOUR, Shares
from alerts.series import floor

LEAST_SHARE = 0.5  # fewer healthy sources than this: the bucket was not observed
LONGEST_BACKLOG = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Watched:
    """Two exposures for each bucket: what its count is compared with, and what it teaches with."""

    compared: Floats
    lessons: Floats


class Exposure:
    """Shares of healthy sources by bucket, from the day of `origin` until now."""

    def __init__(self, shares: Shares, origin: datetime, now: datetime) -> None:
        self.origin = origin
        self._start = floor(origin, timedelta(days=1))
        hours = max((now - self._start) // HOUR + 1, 1)
        first = floor(origin, HOUR)
        times = [self._start + i * HOUR for i in range(hours)]
        self._known: dict[tuple[datetime, datetime, timedelta, bool], tuple[Watched, float]] = {}
        self.version = 0  # rises whenever something is heard anew
        self._hourly = np.array([shares.get(at, 0.0) if at >= first else 0.0 for at in times])

    def hear(self, hour: datetime, share: float) -> None:
        """Note the share of an hour, of one after those that are known or of one of those."""
        position = (hour - self._start) // HOUR
        if position >= len(self._hourly):
            more = max(position + 1 - len(self._hourly), len(self._hourly))
            self._hourly = np.concatenate([self._hourly, np.zeros(more)])
        self._hourly[position] = share if hour >= floor(self.origin, HOUR) else 0.0
        self._known.clear()
        self.version += 1

    def first(self, step: timedelta) -> datetime:
        """The start of the first bucket that anything is known of."""
        return max(floor(self.origin, step), self._start)

    def heard(self, since: datetime, until: datetime, step: timedelta) -> Floats:
        """The share of healthy sources in each bucket."""
        return self._shares(since, until, step)

    def settled(self, since: datetime, until: datetime, step: timedelta) -> Watched:
        """For the buckets that are learned for good."""
        return self._watched(since, until, step, settled=True)[0]

    def fresh(self, since: datetime, until: datetime, step: timedelta) -> tuple[Watched, float]:
        """For the buckets since, and what the current one, at `until`, is compared with."""
        return self._watched(since, until, step, settled=False)

    def _watched(
        self, since: datetime, until: datetime, step: timedelta, *, settled: bool
    ) -> tuple[Watched, float]:
        key = (since, until, step, settled)
        if key not in self._known:
            before = max(since - LONGEST_BACKLOG // step * step, floor(self.origin, step))
            shares = self._shares(min(before, since), until, step)
            watched, backlog = _with_backlog(shares, LONGEST_BACKLOG / step, settled)
            buckets = max((until - since) // step, 0)
            skip = len(shares) - buckets
            self._known[key] = (
                Watched(watched.compared[skip:], watched.lessons[skip:]), 1.0 + backlog
            )  # fmt: skip
        return self._known[key]

    def _shares(self, since: datetime, until: datetime, step: timedelta) -> Floats:
        buckets = max((until - since) // step, 0)
        if step < HOUR:
            hours = [(since + i * step - self._start) // HOUR for i in range(buckets)]
            return self._hourly[hours] if hours else np.empty(0)
        hour, each = (since - self._start) // HOUR, step // HOUR
        hourly = self._hourly[hour : hour + buckets * each]
        return np.asarray(hourly.reshape(buckets, each).mean(axis=1))


def _with_backlog(shares: Floats, longest: float, settled: bool) -> tuple[Watched, float]:
    """Hand the expectation of unobserved buckets on; returns what is left at the end, too."""
    compared, lessons = np.zeros(len(shares)), np.zeros(len(shares))
    backlog = 0.0
    for i, share in enumerate(shares.tolist()):
        if share < LEAST_SHARE:
            backlog = min(backlog + 1.0, longest)
            continue
        watched = share if settled else 1.0
        compared[i] = watched + backlog
        lessons[i] = 0.0 if backlog else watched
        backlog = 0.0
    return Watched(compared, lessons), backlog
