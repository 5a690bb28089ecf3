"""Rules on a simulated clock over a history: exactly what runs live, moment after moment.

The rules look whenever something came that one of them counts, and at every quarter of an hour
while something of it may change by itself: a bucket begins, or an episode is open. At any other
moment a look comes to what the last one came to. Nothing is seen before it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from alerts import watch
from alerts.episode import GREW, Episode, Transition
from alerts.finding import Finding
from alerts.rules import KINDS, Rule, evaluate
from alerts.rules.view import HOUR, LATENESS
from alerts.rules.walk import Hearing, Walk, ceiling
from alerts.rules.where import Where
from alerts.series import Ints, floor, microseconds, microseconds_of
from worker.backtest.changes import EpisodeChange, change_of
from worker.backtest.history import History

#: A live installation takes some seconds from an article's coming to the look that sees it.
TAKEN_IN = timedelta(seconds=10)
QUARTER = timedelta(minutes=15)

Progress = Callable[[float], None]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _unheeded(_share: float) -> None:
    """Nobody watches the progress."""


def replay(
    rules: Sequence[Rule],
    history: History,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress = _unheeded,
    *,
    ahead: bool = True,
) -> Iterator[EpisodeChange]:
    """Every change of an episode from `since` to `until` (aware UTC; absent: all), by time.

    What came before `since` teaches only. `progress` is told how much is done, 0 to 1.
    Without `ahead` every bucket is looked at, also where no spike can fire: the same, more slowly.
    """
    return _Replay(rules, history, since, until, ahead).run(progress)


class _Replay:
    """One run; everything in it is made anew for each."""

    def __init__(
        self,
        rules: Sequence[Rule],
        history: History,
        since: datetime | None,
        until: datetime | None,
        ahead: bool,
    ) -> None:
        self.rules, self.history = rules, history
        self.apart: dict[str, Hearing | None] = {}
        self.table = history.table()
        self.walk = Walk(rules, self.table, history.hearing, history.origin)
        if ahead:
            self.walk.look_ahead(history.until)
        self.since = microseconds(max(since or history.origin, history.origin))
        self.until = microseconds(min(until or history.until + TAKEN_IN, history.until + TAKEN_IN))
        self.known: dict[str, Episode] = {}
        merges = sorted(history.merges, key=lambda merge: merge.at)
        self.merges = [(microseconds(merge.at), merge) for merge in merges]
        self.merged = 0
        self.learns = np.array([KINDS[rule.kind].learns for rule in rules], dtype=bool)
        self.listens = np.array([KINDS[rule.kind].listens for rule in rules], dtype=bool)
        self.window = np.array([microseconds_of(rule.window) for rule in rules], dtype=np.int64)
        self.step = np.array([self.walk.step_of(rule) for rule in rules], dtype=np.int64)
        self.open = np.zeros(len(rules), dtype=bool)
        self.newest = np.full(len(rules), np.iinfo(np.int64).min // 2, dtype=np.int64)
        self.after = [i for i, rule in enumerate(rules) if rule.after]

    def run(self, progress: Progress) -> Iterator[EpisodeChange]:
        times, rules, counts = self._arrivals()
        starts = np.flatnonzero(np.diff(times, prepend=-1))
        ends = np.append(starts[1:], len(times))[: len(starts)]  # none, where nothing came
        quarter = microseconds_of(QUARTER)
        clock = -(-self.since // quarter) * quarter
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            now = int(times[start])
            if now > self.until:
                break
            while clock < now:
                yield from self._tick(clock, self._due(clock))
                clock += quarter
            due = rules[start:end]
            for rule, at in zip(due.tolist(), counts[start:end].tolist(), strict=True):
                self.walk.came(self.rules[rule], at, now)
                self.newest[rule] = max(self.newest[rule], at)
            if now < self.since:
                self._merge(now)
                continue
            chosen = set(due.tolist())
            if now == clock:
                chosen |= set(self._due(clock))
                clock += quarter
            yield from self._tick(now, sorted(chosen))
            progress((now - self.since) / max(self.until - self.since, 1))
        while clock <= self.until:
            yield from self._tick(clock, self._due(clock))
            clock += quarter
        progress(1.0)

    def _arrivals(self) -> tuple[Ints, Ints, Ints]:
        """When something came that a rule reads, which rule, and when it counts; by time."""
        times, rules, counts = [], [], []
        for number, rule in enumerate(self.rules):
            for where in _wheres(rule):
                whole = self.table.whole(where)
                times.append(ceiling(whole.came, TAKEN_IN))
                rules.append(np.full(len(whole.came), number, dtype=np.int64))
                counts.append(whole.at)
        if not times:
            empty = np.empty(0, dtype=np.int64)
            return empty, empty, empty
        every = np.concatenate(times), np.concatenate(rules), np.concatenate(counts)
        order = np.lexsort((every[1], every[0]))
        return every[0][order], every[1][order], every[2][order]

    def _due(self, now: int) -> list[int]:
        """The rules for which something may have changed by itself."""
        begins = (now % self.step == 0) | ((now - microseconds_of(LATENESS)) % self.step == 0)
        full = self.newest + self.window > now
        return np.flatnonzero(self.open | (begins & ((self.learns & full) | self.listens))).tolist()

    def _merge(self, now: int) -> None:
        while self.merged < len(self.merges) and self.merges[self.merged][0] <= now:
            merge = self.merges[self.merged][1]
            self.walk.merge(merge.younger, merge.elder)
            self.merged += 1

    def _tick(self, at: int, due: Sequence[int]) -> Iterator[EpisodeChange]:
        self._merge(at)
        if not due:
            return
        now = _EPOCH + timedelta(microseconds=at)
        self.walk.turn_to(now)
        outcomes = {}
        for number in due:
            rule = self.rules[number]
            if not self.open[number] and not self.walk.may_fire(rule):
                continue
            outcome = self._look(rule, now)
            # A rule that holds and has nothing open stays as it is.
            if isinstance(outcome, Finding) or self.open[number]:
                outcomes[number] = outcome
        if not outcomes:
            return
        observed = self.walk.observed()
        asked = [self.rules[number] for number in outcomes]
        steps = watch.conclude(
            asked,
            {self.rules[number].id: outcome for number, outcome in outcomes.items()},
            self.known,
            now,
            {rule.id: observed for rule in asked},
        )
        for number, step in zip(outcomes, steps, strict=True):
            change = self._changed(number, step, now)
            if change is not None:
                yield change

    def _look(self, rule: Rule, now: datetime) -> watch.Outcome:
        """What the rule sees; that something is quiet is believed, as live, only where those were
        heard whom it is about."""
        view = self.walk.view(rule)
        outcome = evaluate(rule, view, now)
        if not KINDS[rule.kind].listens or not isinstance(outcome, Finding):
            return outcome
        if rule.id not in self.apart:
            self.apart[rule.id] = self.history.apart(rule)
        hearing = self.apart[rule.id]
        if hearing is None:
            return outcome
        hour, since = floor(now, HOUR), floor(max(view.origin, now - rule.reach), HOUR)
        hours = [since + number * HOUR for number in range((hour - since) // HOUR)]
        listened = {one: hearing.whole(one) for one in hours} | {hour: hearing.begun(hour)}
        return evaluate(rule, replace(view, listened=listened), now)

    def _changed(self, number: int, step: Transition, now: datetime) -> EpisodeChange | None:
        """Note what became of an episode; returns what is worth a line: an open episode is updated
        by every look, and only one that grew has something to tell."""
        if step.change == "unchanged" or step.episode is None:
            return None
        self.known[step.episode.rule] = step.episode
        self.open[number] = step.episode.state == "open"
        if step.change == "updated" and step.reason != GREW:
            return None
        return change_of(step.episode, step.change, now)


def _wheres(rule: Rule) -> list[Where]:
    """Everything that the rule reads."""
    return [rule.where] if rule.against is None else [rule.where, rule.against]
