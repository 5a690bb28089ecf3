"""One series as time passes: its baseline up to now, kept between looks and never learned twice.

What a look needs is what `settle.prepare` would make from scratch: a baseline that has learned the
settled buckets, and the buckets since replayed on a copy. Here the replay is kept, step by step,
with what each bucket was compared with and taught; as long as that is the same, so is the step. A
settled bucket is mostly the step that was replayed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from alerts.baseline import Baseline, Outlook, update_all
from alerts.rules.exposure import Exposure
from alerts.rules.passing import PassingTable
from alerts.rules.rule import Rule
from alerts.rules.view import boundary_of
from alerts.series import Ints, bucket_counts, floor, microseconds, microseconds_of

#: So often a baseline is put aside, in buckets, to go back to when something comes late.
KEPT_EVERY = 336

Taken = tuple[float, float, float]  # a bucket's count, what it was compared with, and taught with


@dataclass(frozen=True, slots=True)
class _Step:
    """One bucket that was taken in: with what, and what the baseline was afterwards."""

    taken: Taken
    after: Baseline


class Trail:
    """The baseline of one rule's series."""

    def __init__(self, rule: Rule, table: PassingTable, origin: datetime, step: timedelta) -> None:
        self._rule, self._table, self._step = rule, table, step
        self._origin = self._base_at = floor(origin, step)
        self._base = Baseline(rule.bucket, self._origin, shares=True)
        self._kept = [(0, self._base.copy())]  # by buckets since the origin
        self._learned: list[Taken] = []  # up to `_base_at`
        self._steps: list[_Step] = []  # from there on
        self._changed_from: int | None = None  # microseconds since the epoch
        self._outlook: tuple[object, Outlook] | None = None

    def changed(self, at: int) -> None:
        """Something came, or moved, that counts at this time (microseconds since the epoch)."""
        if self._changed_from is None or at < self._changed_from:
            self._changed_from = at

    @property
    def settled(self) -> tuple[Baseline, datetime]:
        """The baseline of what is settled, not to be changed, and up to when it has learned."""
        return self._base, self._base_at

    def adopt(self, baseline: Baseline, until: datetime, taken: list[Taken]) -> None:
        """Take over a baseline that has learned `taken`, up to `until`, elsewhere."""
        if until <= self._base_at:
            return
        known = len(self._learned) - ((until - self._origin) // self._step - len(taken))
        if known < 0:
            return
        self._learned += taken[known:]
        self._base, self._base_at, self._steps = baseline, until, []
        self._outlook = None
        start = microseconds(until - len(taken) * self._step)
        if self._changed_from is not None and self._changed_from >= start:
            self._changed_from = None  # it was learned as it came to be
        if len(self._learned) >= self._kept[-1][0] + KEPT_EVERY:
            self._kept.append((len(self._learned), baseline))

    def outlook(self, exposure: Exposure, now: datetime) -> Outlook:
        """What the past as it can be seen at `now` says of the current bucket."""
        boundary = boundary_of(now, self._origin, self._step)
        current = max(floor(now, self._step), boundary)
        key = (current, self._changed_from, exposure.version)
        if self._outlook is not None and self._outlook[0] == key and self._changed_from is None:
            return self._outlook[1]
        self._go_back()
        taken = self._to_take(exposure, boundary, current)
        self._settle(taken, (boundary - self._base_at) // self._step)
        done = len(self._steps)
        for one in taken[len(taken) - (current - boundary) // self._step + done :]:
            latest = self._steps[-1].after if self._steps else self._base
            self._steps.append(_Step(one, _taught(latest.copy(), [one])))
        latest = self._steps[-1].after if self._steps else self._base
        outlook = latest.peek(exposure.fresh(boundary, current, self._step)[1])
        outlook = outlook.judged_as(self._base.peek(1.0))
        self._outlook = ((current, None, exposure.version), outlook)
        return outlook

    def _to_take(self, exposure: Exposure, boundary: datetime, current: datetime) -> list[Taken]:
        """Every bucket from the base to the current one, as it is known now."""
        counts = self._counts(self._base_at, current)
        settled = exposure.settled(self._base_at, boundary, self._step)
        fresh, _ = exposure.fresh(boundary, current, self._step)
        compared = np.concatenate([settled.compared, fresh.compared])
        lessons = np.concatenate([settled.lessons, fresh.lessons])
        return list(zip(counts.tolist(), compared.tolist(), lessons.tolist(), strict=True))

    def _counts(self, since: datetime, until: datetime) -> Ints:
        rule, table = self._rule, self._table
        first = microseconds(since) - microseconds_of(rule.lookback)
        counted = table.counted(table.seen(rule.where, first), rule.unit, rule.window)
        return bucket_counts(table, counted, since, until, self._step)

    def _settle(self, taken: list[Taken], settled: int) -> None:
        """Move the base up by so many buckets, and forget the steps that no longer hold."""
        same = 0
        while same < min(len(self._steps), len(taken)) and self._steps[same].taken == taken[same]:
            same += 1
        del self._steps[same:]
        if same >= settled:
            if settled:
                self._base = self._steps[settled - 1].after
            del self._steps[:settled]
            if len(self._learned) + settled >= self._kept[-1][0] + KEPT_EVERY:
                self._kept.append((len(self._learned) + settled, self._base))
        else:
            self._base = (self._steps[-1].after if self._steps else self._base).copy()
            self._learn(taken[same:settled], len(self._learned) + same)
            self._steps = []
        self._learned += taken[:settled]
        self._base_at += settled * self._step

    def _learn(self, taken: list[Taken], number: int) -> None:
        """Take in settled buckets, the first of which has this number, and put some aside."""
        while taken:
            due = max(self._kept[-1][0] + KEPT_EVERY - number, 1)
            _taught(self._base, taken[:due])
            number, taken = number + len(taken[:due]), taken[due:]
            if number >= self._kept[-1][0] + KEPT_EVERY:
                self._kept.append((number, self._base.copy()))

    def _go_back(self) -> None:
        """To before the first settled bucket that counts otherwise by now."""
        changed, self._changed_from = self._changed_from, None
        if changed is None or changed >= microseconds(self._base_at):
            return
        known = max((changed - microseconds(self._origin)) // microseconds_of(self._step), 0)
        counts = self._counts(self._origin + known * self._step, self._base_at).tolist()
        pairs = enumerate(zip(counts, self._learned[known:], strict=True), known)
        first = next((number for number, (new, old) in pairs if new != old[0]), None)
        if first is None:
            return
        while self._kept[-1][0] > first:
            self._kept.pop()
        number, kept = self._kept[-1]
        self._base, self._steps = kept.copy(), []
        del self._learned[number:]
        self._base_at = self._origin + number * self._step


def _taught(baseline: Baseline, taken: list[Taken]) -> Baseline:
    counts, compared, lessons = zip(*taken, strict=True)
    update_all([baseline], [counts], [compared], [lessons])
    return baseline
