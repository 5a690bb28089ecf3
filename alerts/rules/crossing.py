"""crossing: a story moves from one part of the press to another, and how long that took.

From one side's press to the other's, or from the fringe to an official body: what both sides tell,
or a government takes up, is no longer a rumour of one. A story crosses when the first report in
`to` comes after the first in `from`, by another newsroom, within `window`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from alerts.finding import Finding, Held
from alerts.rules import reasons
from alerts.rules.gates import finding, took, words
from alerts.rules.rule import Kind, Rule
from alerts.rules.view import RuleView
from alerts.rules.where import Where
from alerts.series import STORY_LOOKBACK, Contents, microseconds
from alerts.signal import Signal

SIDE_KEYS = ("side", "stance", "newsroom", "language")  # who reports
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """A story that arrived, with all of its reports that may fire, by time."""

    left: Signal  # the first report in `from`
    arrived: Signal  # the first in `to`
    reports: tuple[Signal, ...]

    @property
    def newsrooms(self) -> frozenset[str]:
        return frozenset({self.left.newsroom, *(signal.newsroom for signal in self.reports)})


def check(rule: Rule) -> None:
    """It needs both sides, told apart by who reports, and counts stories."""
    for key, where in (("from", rule.from_where), ("to", rule.to_where)):
        if where is None or not where.conditions:
            raise ValueError(
                f"rule {rule.id}: {key} is missing; a crossing goes from one part of the press to "
                f"another: write {key} with {', '.join(SIDE_KEYS)}"
            )
        stray = [name for name in where.keys if name not in SIDE_KEYS]
        if stray:
            raise ValueError(
                f"rule {rule.id}: {key} takes {', '.join(SIDE_KEYS)}, not {stray[0]}; "
                "what is reported belongs into where"
            )
    if rule.from_where == rule.to_where:
        raise ValueError(f"rule {rule.id}: to is the same as from; name another part of the press")
    if rule.count != "stories":
        raise ValueError(f"rule {rule.id}: count must be stories; a crossing counts nothing else")
    if rule.window > LONGEST:
        raise ValueError(
            f"rule {rule.id}: window of a crossing is at most 14d, not {words(rule.window)}"
        )
    if rule.at_least is not None and rule.at_least < 1:
        raise ValueError(f"rule {rule.id}: at_least must be 1 or more, not {rule.at_least}")


def reach(rule: Rule) -> timedelta:
    """A story may have left so long before it arrived, and arrivals are news for 48 hours."""
    return rule.window + STORY_LOOKBACK


def evaluate(rule: Rule, view: RuleView, now: datetime) -> Finding | Held:
    """Fires while `at_least` stories that enough newsrooms tell have arrived in the last 48 hours.

    With a shorter window the arrivals of that window alone are news.
    """
    fresh = min(rule.window, STORY_LOOKBACK)
    start = max(now - fresh, view.origin)
    found = _crossings(rule, view, start)
    late = [one for one in found if not one.arrived.fires]
    on_time = [one for one in found if one.arrived.fires]
    if not on_time:
        if late:
            detail = f"{len(late)} stories crossed, all of them told late or backfilled."
            return Held(rule.id, reasons.LATE, detail)
        detail = f"No story went {_way(rule)} in {words(fresh)}."
        return Held(rule.id, reasons.NOT_CROSSED, detail)
    least = rule.at_least or 1
    if len(on_time) < least:
        detail = f"{len(on_time)} stories crossed in {words(fresh)}; the limit is {least}."
        return Held(rule.id, reasons.BELOW, detail)
    told = [one for one in on_time if len(one.newsrooms) >= rule.min_newsrooms]
    if len(told) < least:
        most = max(len(one.newsrooms) for one in on_time)
        detail = (
            f"{len(on_time)} stories crossed, told by {most} newsrooms at most; "
            f"the rule asks for {rule.min_newsrooms}."
        )
        return Held(rule.id, reasons.FEW_NEWSROOMS, detail)
    seen = _contents(told, len(late), rule.min_newsrooms)
    alone = seen.without_largest >= least
    return finding(
        rule, view, now, seen, fresh, start, without_largest=alone, said=_said(rule, told)
    )  # fmt: skip


def _crossings(rule: Rule, view: RuleView, start: datetime) -> list[_Crossing]:
    """Every story that arrived from `start` on, the newest first."""
    stories: dict[str, list[Signal]] = {}
    signals, at = view.table.signals, view.table.at
    fresh = view.matching[np.searchsorted(at[view.matching], microseconds(start)) :]
    arriving = {s.story for p in fresh.tolist() if _is(rule.to_where, s := signals[p])}
    if not arriving:
        return []
    for position in view.matching.tolist():
        signal = signals[position]
        if signal.story in arriving and signal.at <= view.now:
            stories.setdefault(signal.story, []).append(signal)
    found = [one for told in stories.values() if (one := _crossing(rule, told, start)) is not None]
    return sorted(found, key=lambda one: one.arrived.at, reverse=True)


def _crossing(rule: Rule, told: list[Signal], start: datetime) -> _Crossing | None:
    """What one story did, given its reports by time."""
    left = next((signal for signal in told if _is(rule.from_where, signal)), None)
    there = [signal for signal in told if _is(rule.to_where, signal)]
    if left is None or not there or there[0].at <= left.at:
        return None
    arrived = next((signal for signal in there if signal.newsroom != left.newsroom), None)
    if arrived is None or not start <= arrived.at <= left.at + rule.window:
        return None
    return _Crossing(left, arrived, tuple(signal for signal in told if signal.fires))


def _is(where: Where | None, signal: Signal) -> bool:
    return where is not None and where.matches(signal)


def _contents(crossed: list[_Crossing], late: int, needed: int) -> Contents:
    """The stories that crossed; without a newsroom those are left that neither began nor arrived
    with it, and that others tell often enough."""
    firing = sorted((s for one in crossed for s in one.reports), key=lambda s: s.at, reverse=True)
    newsrooms = sorted({name for one in crossed for name in one.newsrooms})
    articles = Counter(name for name, _ in {(s.newsroom, s.article) for s in firing})
    largest = max(newsrooms, key=lambda name: (articles[name], name))
    left = [
        one
        for one in crossed
        if largest not in (one.left.newsroom, one.arrived.newsroom)
        and len(one.newsrooms - {largest}) >= needed
    ]
    return Contents(
        count=len(crossed),
        late=late,
        largest=largest,
        without_largest=len(left),
        articles=tuple(dict.fromkeys(signal.article for signal in firing)),
        stories=tuple(one.arrived.story for one in crossed),
        newsrooms=tuple(newsrooms),
    )


def _said(rule: Rule, crossed: list[_Crossing]) -> str:
    """The way of the newest crossing and its time."""
    newest = crossed[0]
    way = _way(rule)
    return f"{way[0].upper()}{way[1:]} in {took(newest.arrived.at - newest.left.at)}."


def _way(rule: Rule) -> str:
    if rule.sides is not None:
        return f"from {rule.sides[0]} to {rule.sides[1]}"
    return f"from {_called(rule.from_where)} to {_called(rule.to_where)}"


def _called(where: Where | None) -> str:
    """The part of the press in the words of the rule."""
    conditions = where.conditions if where is not None else ()
    named = [str(value) for one in conditions for value in sorted(map(str, one.values))]
    return f"the press of {', '.join(named)}"


KIND = Kind(
    name="crossing", check=check, evaluate=evaluate, learns=False,
    takes=frozenset({"from_where", "to_where", "at_least", "sides"}), reach=reach,
)  # fmt: skip
