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
When signals came into settled buckets, the counts since the checkpoint have another digest, and
they are learned again from there; when `dirty_from` lies before the checkpoint, from `origin`. So
the answer is the same as from scratch, whatever was stored.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from alerts.baseline import Baseline, Outlook, bucket_step, update_all
from alerts.rules.exposure import Exposure, Watched
from alerts.rules.rule import KINDS, Rule, series_id
from alerts.rules.view import RuleView, Shares
from alerts.series import Ints, SignalTable, bucket_counts, floor

LATENESS = timedelta(hours=6)
CHECKPOINT_AGE = timedelta(days=7)
OLDEST_CHECKPOINT = 2 * CHECKPOINT_AGE


class Stored(Protocol):
    """A series as storage hands it back."""

    @property
    def through(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def dirty_from(self) -> datetime | None: ...


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
        starts.append(now - rule.window - rule.lookback)
        if KINDS[rule.kind].learns:
            memory = _remember(stored.get(series_id(rule)), rule, origin, now)
            starts.append((memory.checkpoint if memory else origin) - rule.lookback)
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
    asked = {series_id(rule) for rule in rules if views[rule.id].any_within(rule.window)}
    _look_ahead([series for name, series in every.items() if name in asked], exposure)
    for rule in rules:
        series = every.get(series_id(rule))
        if series is not None:
            views[rule.id] = replace(views[rule.id], outlook=series.outlook)
    return Prepared(views, {name: s.to_store() for name, s in every.items() if s.changed})


@dataclass(frozen=True, slots=True)
class _Memory:
    """What `Settled.state` says."""

    origin: datetime
    checkpoint: datetime
    early: str  # the baseline at the checkpoint
    late: str  # the baseline at `through`
    digest: int  # of what was learned in between


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
            series._recall(memory, stored.through)
        return series

    def _recall(self, memory: _Memory, through: datetime) -> None:
        """Take up what was stored: at `through` or, where the past has changed, the checkpoint."""
        unchanged = memory.digest == self.digest(memory.checkpoint, through)
        self.baseline = Baseline.from_state(memory.late if unchanged else memory.early)
        self.position = through if unchanged else memory.checkpoint
        self.changed = self.position < self.boundary
        self.checkpoint, self.early = memory.checkpoint, memory.early

    def learned(self, since: datetime, until: datetime) -> tuple[Ints, Watched]:
        """Counts and exposures of settled buckets."""
        view = self.view
        counts = bucket_counts(view.table, view.counted, since, until, view.step)
        return counts, self.exposure.settled(since, until, view.step)

    def digest(self, since: datetime, through: datetime) -> int:
        """Of everything learned in between."""
        counts, watched = self.learned(since, through)
        parts = (counts, watched.compared, watched.lessons)
        return zlib.crc32(b"".join(part.tobytes() for part in parts))

    def to_store(self) -> Settled:
        """Itself for storage, settled up to the boundary."""
        state = {
            "origin": self.exposure.origin.isoformat(),
            "checkpoint": self.checkpoint.isoformat(),
            "early": self.early,
            "late": self.baseline.state(),
            "digest": self.digest(self.checkpoint, self.boundary),
        }
        return Settled(self.boundary, json.dumps(state))


def _boundary(rule: Rule, origin: datetime, now: datetime) -> datetime:
    """The start of the first bucket that is not settled."""
    step = bucket_step(rule.bucket)
    return max(floor(now - LATENESS, step), floor(origin, step))


def _remember(stored: Stored | None, rule: Rule, origin: datetime, now: datetime) -> _Memory | None:
    """What storage kept, unless it cannot be read or no longer holds: then the series is built
    anew, which needs signals from `origin` on, so `signals_since` must have asked the same."""
    if stored is None or stored.through > _boundary(rule, origin, now):
        return None
    try:
        state = json.loads(stored.state)
        memory = _Memory(
            origin=datetime.fromisoformat(state["origin"]),
            checkpoint=datetime.fromisoformat(state["checkpoint"]),
            early=state["early"],
            late=state["late"],
            digest=state["digest"],
        )
        # Of another version of the arithmetic: a ValueError.
        for text in (memory.early, memory.late):
            Baseline.from_state(text)
    except (ValueError, KeyError, TypeError):
        return None
    dirty = stored.dirty_from is not None and stored.dirty_from < memory.checkpoint
    return None if dirty or memory.origin != origin else memory


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
    """Replay the buckets since on copies, and peek at the current one."""
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
        series.outlook = baseline.peek(last)
