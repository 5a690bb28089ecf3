"""Keeping the baselines of many rules: what is settled, what is stored, and when it is rebuilt.

Signals may still arrive for six hours after their time (LATENESS). A bucket that ended before that
is settled: the baseline learns it once and the result is stored. The buckets since are replayed
on a copy at every evaluation and forgotten again, so a late signal counts where it belongs.

The protocol for the service, at every evaluation:

    stored = load_series(series_id(rule) for the rules that learn)
    since = signals_since(rules, stored, origin, now)
    prepared = prepare(rules, SignalTable(signals(since, now)), shares, origin, stored, now)
    outcome = evaluate(rule, prepared.views[rule.id], now)           for each rule
    save_series(prepared.settled)                                    what has changed

`origin` is the start of the first hour that was ever observed or backfilled (or a horizon that
moves rarely); baselines begin there. `shares` says for each hour what share of the sources was
healthy; an hour that is missing was not observed.

A stored series holds two baselines: one up to `through`, and a checkpoint one to two weeks before.
When signals came into settled buckets (`dirty_from`), they are learned again from the checkpoint,
or from `origin` where the checkpoint has learned otherwise. So the answer is the same as from
scratch, and no look needs more of the past than the look-back before `through`, save the one a week
that moves the checkpoints. A rule that remembers instead of counting stores what `remember` says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from alerts.baseline import Baseline, Outlook, bucket_step, update_all
from alerts.rules import remember
from alerts.rules.exposure import Exposure, Watched
from alerts.rules.remember import Stored
from alerts.rules.rule import KINDS, Rule, series_id
from alerts.rules.view import LATENESS, RuleView, Shares, boundary_of
from alerts.series import Ints, SignalTable, bucket_counts, floor

__all__ = ["LATENESS", "Prepared", "Settled", "Stored", "prepare", "signals_since"]

CHECKPOINT_AGE = timedelta(days=7)
OLDEST_CHECKPOINT = 2 * CHECKPOINT_AGE


@dataclass(frozen=True, slots=True)
class Settled:
    """A series as storage is to keep it: learned up to `through` (exclusive)."""

    through: datetime
    state: str
    dirty_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """One view for each rule, and the series that must be stored anew, by `series_id`."""

    views: dict[str, RuleView]
    settled: dict[str, Settled]


def signals_since(
    rules: Sequence[Rule], stored: Mapping[str, Stored], origin: datetime, now: datetime
) -> datetime:
    """From when on `prepare` must be given signals."""
    starts = [now]
    for rule in rules:
        starts.append(now - rule.reach - rule.lookback)
        kept = stored.get(series_id(rule))
        if KINDS[rule.kind].learns:
            starts.append(_read_from(rule, kept, origin, now) - rule.lookback)
        elif KINDS[rule.kind].remembers:
            starts.append(remember.read_from(rule, kept, origin, now))
    return min(starts) - timedelta(days=1)  # windows begin at starts of buckets


def prepare(
    rules: Sequence[Rule], table: SignalTable, shares: Shares, origin: datetime,
    stored: Mapping[str, Stored], now: datetime,
) -> Prepared:  # fmt: skip
    """Bring every baseline up to `now` and give each rule its view."""
    exposure = Exposure(shares, origin, now)
    views = _views(rules, table, shares, origin, now)
    every: dict[str, _Series] = {}
    for rule in rules:
        name = series_id(rule)
        if KINDS[rule.kind].learns and name not in every:
            every[name] = _Series.recalled(views[rule.id], rule, exposure, stored.get(name))
    _settle(list(every.values()))
    asked = {
        series_id(rule)
        for rule in rules
        if KINDS[rule.kind].listens or views[rule.id].any_within(rule.window)
    }
    _look_ahead([series for name, series in every.items() if name in asked], exposure)
    settled = {name: s.to_store() for name, s in every.items() if s.changed}
    for rule in rules:
        name, view = series_id(rule), views[rule.id]
        if name in every:
            views[rule.id] = replace(view, outlook=every[name].outlook)
        elif KINDS[rule.kind].remembers:
            views[rule.id], kept = remember.bring_up(rule, view, stored.get(name))
            settled |= {name: Settled(*kept)} if kept else {}
    return Prepared(views, settled)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What `Settled.state` says."""

    origin: datetime
    checkpoint: datetime
    early: str  # the baseline at the checkpoint
    late: Baseline  # the one at `through`, never to be changed


@dataclass(slots=True)
class _Series:
    """One series on its way to `now`."""

    view: RuleView
    bucket: str
    boundary: datetime  # buckets before it are settled
    position: datetime  # the baseline has learned what lies before it
    baseline: Baseline
    checkpoint: datetime
    early: str  # the stored baseline at the checkpoint
    changed: bool
    exposure: Exposure
    outlook: Outlook | None = None

    @classmethod
    def recalled(
        cls, view: RuleView, rule: Rule, exposure: Exposure, stored: Stored | None
    ) -> _Series:
        """From storage as far as that still holds, else from the origin."""
        start = floor(exposure.origin, view.step)
        boundary = _boundary(rule, exposure.origin, view.now)
        newborn = Baseline(rule.bucket, start, shares=True)
        series = cls(
            view, rule.bucket, boundary, start, newborn, start, newborn.state(), True, exposure
        )
        memory = _remember(stored, rule, exposure.origin, view.now)
        if stored is not None and memory is not None:
            series._recall(memory, stored)
        return series

    def _recall(self, memory: _Memory, stored: Stored) -> None:
        """Take up what was stored: at `through` or, where the past has changed, the checkpoint."""
        changed = stored.dirty_from is not None and stored.dirty_from < stored.through
        self.baseline = Baseline.from_state(memory.early) if changed else memory.late.copy()
        self.position = memory.checkpoint if changed else stored.through
        self.changed = changed or self.position < self.boundary
        self.checkpoint, self.early = memory.checkpoint, memory.early

    def learned(self, since: datetime, until: datetime) -> tuple[Ints, Watched]:
        """Counts and exposures of settled buckets."""
        view = self.view
        counts = bucket_counts(view.table, view.counted, since, until, view.step)
        return counts, self.exposure.settled(since, until, view.step)

    def to_store(self) -> Settled:
        """Itself for storage, settled up to the boundary."""
        state = {
            "origin": self.exposure.origin.isoformat(),
            "checkpoint": self.checkpoint.isoformat(),
            "early": self.early,
            "late": self.baseline.state(),
        }
        return Settled(self.boundary, json.dumps(state))


def _boundary(rule: Rule, origin: datetime, now: datetime) -> datetime:
    return boundary_of(now, origin, bucket_step(rule.bucket))


def _remember(stored: Stored | None, rule: Rule, origin: datetime, now: datetime) -> _Memory | None:
    """What storage kept, unless it cannot be read or no longer holds: then the series is built
    anew, which needs signals from `origin` on, so `signals_since` must have asked the same."""
    if stored is None or stored.through > _boundary(rule, origin, now):
        return None
    memory = _decoded(stored.state)
    if memory is None or memory.origin != origin:
        return None
    dirty = stored.dirty_from is not None and stored.dirty_from < memory.checkpoint
    return None if dirty else memory


@lru_cache(maxsize=8192)
def _decoded(text: str) -> _Memory | None:
    """What a stored text says; None where it cannot be read, or is of another arithmetic.

    A process that looks every minute reads each text once.
    """
    try:
        state = json.loads(text)
        Baseline.from_state(state["early"])
        return _Memory(
            origin=datetime.fromisoformat(state["origin"]),
            checkpoint=datetime.fromisoformat(state["checkpoint"]),
            early=state["early"],
            late=Baseline.from_state(state["late"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _read_from(rule: Rule, stored: Stored | None, origin: datetime, now: datetime) -> datetime:
    """From when on the rule's series must be counted."""
    memory = _remember(stored, rule, origin, now)
    if memory is None or stored is None:
        return origin
    aged = _boundary(rule, origin, now) - memory.checkpoint > OLDEST_CHECKPOINT
    changed = stored.dirty_from is not None and stored.dirty_from < stored.through
    return memory.checkpoint if aged or changed else stored.through


def _views(
    rules: Sequence[Rule], table: SignalTable, shares: Shares, origin: datetime, now: datetime
) -> dict[str, RuleView]:
    matching: dict[str, Ints] = {}
    views = {}
    for rule in rules:
        where = rule.where.canonical
        if where not in matching:
            matching[where] = table.matching(rule.where)
        step = bucket_step(rule.bucket)
        views[rule.id] = RuleView(
            table=table,
            matching=matching[where],
            counted=table.counted(matching[where], rule.unit, rule.window),
            unit=rule.unit,
            shares=shares,
            now=now,
            bucket=floor(now, step),
            step=step,
            origin=origin,
        )
    return views


def _settle(every: Sequence[_Series]) -> None:
    """Learn up to each boundary, and keep the checkpoints young."""
    aged = [s for s in every if s.boundary - s.checkpoint > OLDEST_CHECKPOINT]
    for series in aged:
        middle = floor(series.boundary - CHECKPOINT_AGE, series.view.step)
        if series.position > middle:
            series.position = series.checkpoint
            series.baseline = Baseline.from_state(series.early)
        series.changed = True
    _learn(aged, lambda s: floor(s.boundary - CHECKPOINT_AGE, s.view.step))
    for series in aged:
        series.checkpoint, series.early = series.position, series.baseline.state()
    _learn(every, lambda s: s.boundary)


def _learn(every: Sequence[_Series], until: Callable[[_Series], datetime]) -> None:
    behind = [series for series in every if series.position < until(series)]
    learned = [series.learned(series.position, until(series)) for series in behind]
    update_all(
        [series.baseline for series in behind],
        [counts for counts, _ in learned],
        [watched.compared for _, watched in learned],
        [watched.lessons for _, watched in learned],
    )
    for series in behind:
        series.position = until(series)


def _look_ahead(every: Sequence[_Series], exposure: Exposure) -> None:
    """Replay the buckets since on copies, and peek at the current one.

    How high the bar is, is told by what has settled: a crisis takes hours to be reported by as many
    newsrooms as a rule asks for, and its first hour must not raise the bar for the next ones.
    """
    copies = [series.baseline.copy() for series in every]
    counts, watched, current = [], [], []
    for series in every:
        view, since = series.view, series.boundary
        until = max(view.bucket, since)
        fresh, last = exposure.fresh(since, until, view.step)
        counts.append(bucket_counts(view.table, view.counted, since, until, view.step))
        watched.append(fresh)
        current.append(last)
    update_all(copies, counts, [w.compared for w in watched], [w.lessons for w in watched])
    for series, baseline, last in zip(every, copies, current, strict=True):
        series.outlook = baseline.peek(last).judged_as(series.baseline.peek(1.0))
