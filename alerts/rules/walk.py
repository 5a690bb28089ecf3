"""What every rule sees, moment after moment: for whoever replays a history.

The same as `settle.prepare` from scratch at each of the moments, and much faster than that: nothing
is counted or learned again that was counted or learned before (see `trail`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from alerts.baseline import bucket_step
from alerts.rules.exposure import LEAST_SHARE, Exposure
from alerts.rules.passing import PassingTable
from alerts.rules.rule import KINDS, Rule, series_id
from alerts.rules.screen import AHEAD, Screen
from alerts.rules.trail import Trail
from alerts.rules.view import HOUR, LATENESS, RuleView, boundary_of
from alerts.series import Ints, floor, microseconds, microseconds_of

_MARGIN = timedelta(days=1)  # windows begin at starts of buckets
_MICROSECOND = timedelta(microseconds=1)


class Hearing(Protocol):
    """How much of the press was watched, hour by hour."""

    def whole(self, hour: datetime) -> float:
        """The share of healthy sources in an hour that is over, 0 to 1."""
        ...

    def begun(self, hour: datetime) -> float:
        """The same at the beginning of the hour, from what was known then."""
        ...


class Walk:
    """Rules on their way through a history; time only moves forward."""

    def __init__(
        self, rules: Sequence[Rule], table: PassingTable, hearing: Hearing, origin: datetime
    ) -> None:
        self.now = self._hour = floor(origin, HOUR)
        self._table, self._hearing, self._origin = table, hearing, origin
        self._rules = rules
        self._shares = {self._hour: hearing.begun(self._hour)}
        self._heard = [0]  # hours in which enough was heard, before each hour since the origin
        self._exposure = Exposure(self._shares, origin, self.now)
        self._steps = {rule.id: bucket_step(rule.bucket) for rule in rules}
        self._reach = {rule.id: rule.reach + rule.lookback + _MARGIN for rule in rules}
        self._screens: dict[str, Screen] = {}
        self._trails: dict[str, Trail] = {}
        self._trail_of: dict[str, Trail] = {}
        for rule in rules:
            if KINDS[rule.kind].learns:
                name = series_id(rule)
                if name not in self._trails:
                    step = self._steps[rule.id]
                    self._trails[name] = Trail(rule, table, origin, step)
                self._trail_of[rule.id] = self._trails[name]

    def look_ahead(self, until: datetime) -> None:
        """From now on pass over the buckets in which a spike cannot fire: see `screen`."""
        first, end = floor(self._origin, HOUR), until + AHEAD * timedelta(days=1)
        shares = {
            first + i * HOUR: self._hearing.whole(first + i * HOUR)
            for i in range((end - first) // HOUR + 1)
        }
        exposure = Exposure(shares, self._origin, end)
        for rule in self._rules:
            if rule.kind == "spike":
                step = self._steps[rule.id]
                self._screens[rule.id] = Screen(rule, self._table, exposure, step)

    def may_fire(self, rule: Rule) -> bool:
        """Whether the rule's look would come to anything now; True where nobody can say."""
        screen = self._screens.get(rule.id)
        if screen is None:
            return True
        now = microseconds(self.now)
        if not screen.covers(now):
            trail, step = self._trail_of[rule.id], self._steps[rule.id]
            screen.hand_over(trail, boundary_of(self.now, self._origin, step))
            self._table.turn_to(self.now, self.now)
            trail.outlook(self._exposure, self.now)
            screen.look_ahead(trail)
        return not screen.covers(now) or screen.may_fire(now)

    def turn_to(self, now: datetime) -> None:
        """Move on to `now` (aware UTC)."""
        hour = floor(now, HOUR)
        if hour > self._hour:
            while self._hour < hour:
                self._shares[self._hour] = self._hearing.whole(self._hour)
                self._exposure.hear(self._hour, self._shares[self._hour])
                self._heard.append(self._heard[-1] + (self._shares[self._hour] >= LEAST_SHARE))
                self._hour += HOUR
            self._shares[hour] = self._hearing.begun(hour)
            self._exposure.hear(hour, self._shares[hour])
        self.now = now

    def came(self, rule: Rule, at: int, now: int) -> None:
        """Tell the rule's series that something came at `now` which counts at `at`; both in
        microseconds since the epoch."""
        trail = self._trail_of.get(rule.id)
        if trail is not None:
            trail.changed(at)
            screen, step = self._screens.get(rule.id), self.step_of(rule)
            if screen is not None and now > (at // step + 1) * step + microseconds_of(LATENESS):
                screen.forget()

    def merge(self, younger: str, elder: str) -> None:
        """Let one story be part of another from now on."""
        moved = self._table.merge(younger, elder)
        if not len(moved):
            return
        for rule in self._rules:
            positions = self._table.whole(rule.where).positions
            if rule.id in self._trail_of and np.isin(moved, positions).any():
                self._trail_of[rule.id].changed(int(self._table.at[moved[0]]))
                if rule.id in self._screens:
                    self._screens[rule.id].forget()

    def step_of(self, rule: Rule) -> int:
        """The length of the rule's buckets, in microseconds."""
        return microseconds_of(self._steps[rule.id])

    def observed(self) -> bool:
        """Whether anything is listened to in the current hour."""
        return bool(self._shares[self._hour])

    def view(self, rule: Rule) -> RuleView:
        """What the rule sees now."""
        step, table, now = self._steps[rule.id], self._table, self.now
        since = now - self._reach[rule.id]
        table.turn_to(now, since)
        matching = table.matching(rule.where)
        bucket = floor(now, step)
        counted = table.counted(matching, rule.unit, rule.window)
        kind = KINDS[rule.kind]
        outlook = None
        if kind.learns and (kind.listens or self._any_within(rule, counted, bucket + step)):
            outlook = self._trail_of[rule.id].outlook(self._exposure, now)
        return RuleView(
            table=table,
            matching=matching,
            counted=counted,
            unit=rule.unit,
            shares=self._shares,
            now=now,
            bucket=bucket,
            step=step,
            origin=self._origin,
            outlook=outlook,
            last_before=self._last_before(rule, since) if kind.remembers else None,
            heard=self._share_heard(rule) if kind.remembers else None,
        )

    def _share_heard(self, rule: Rule) -> float:
        """The share of the hours of the rule's window, up to the current one, that were heard."""
        hours = (floor(self.now - rule.window, HOUR) - floor(self._origin, HOUR)) // HOUR
        heard = self._heard[-1] - self._heard[max(hours, 0)]
        return heard / max(rule.window // HOUR, 1)

    def _any_within(self, rule: Rule, counted: Ints, end: datetime) -> bool:
        start = microseconds(end - rule.window)
        return len(counted) > 0 and int(self._table.at[counted[-1]]) >= start

    def _last_before(self, rule: Rule, since: datetime) -> datetime | None:
        """When the newest matching signal before `since` counts that has come by now."""
        whole = self._table.whole(rule.where)
        first, now = microseconds(self._origin), microseconds(self.now)
        last = int(np.searchsorted(whole.at, microseconds(since))) - 1
        while last >= 0 and whole.came[last] > now:
            last -= 1
        if last < 0 or whole.at[last] < first:
            return None
        return since + (int(whole.at[last]) - microseconds(since)) * _MICROSECOND


def ceiling(at: Ints, step: timedelta) -> Ints:
    """The first moments on a grid of `step` that are not before these, in microseconds."""
    length = microseconds_of(step)
    return -(-at // length) * length
