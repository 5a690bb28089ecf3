"""first_in: the first event of its `where` after the length of `window` without any.

A step of the ladder, a category, an actor: what matters is that it had not happened for so long.
The first event fires, and whatever follows it within 48 hours is the same news: so long one waits
for a second newsroom, and so long the finding lasts. To say "the first in 90 days" one must have
listened for 90 days: where the watch began later, or too many hours of it were missed, it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from alerts.finding import Finding, Held
from alerts.rules import reasons
from alerts.rules.exposure import LEAST_SHARE
from alerts.rules.gates import few_newsrooms, finding, nothing, rests_on_largest, words
from alerts.rules.rule import Kind, Rule
from alerts.rules.view import HOUR, RuleView
from alerts.series import STORY_LOOKBACK, floor, microseconds
from alerts.signal import Signal

SHORTEST, LONGEST = timedelta(days=1), timedelta(days=400)
LEAST_HEARD = 0.6  # share of the window's hours in which most sources must have been heard
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _First:
    """The earliest event of the fresh part, and when there was one before it."""

    signal: Signal
    before: datetime | None


def check(rule: Rule) -> None:
    """Its window is a day to 400 days."""
    if not SHORTEST <= rule.window <= LONGEST:
        raise ValueError(
            f"rule {rule.id}: the window of first_in is 1d to 400d, not {words(rule.window)}"
        )


def reach(rule: Rule) -> timedelta:
    """The fresh part: what came before it is remembered, not read."""
    return min(rule.window, STORY_LOOKBACK)


def evaluate(rule: Rule, view: RuleView, now: datetime) -> Finding | Held:
    """Fires from the first event on, while it is fresh, once enough newsrooms report it."""
    start = max(now - reach(rule), view.origin)
    seen = view.since(start)
    if seen.count == 0:
        return nothing(rule, seen, reach(rule))
    first = _first(view, start, frozenset(seen.stories))
    held = _seen_before(rule, first) or _too_little_watched(rule, view, first)
    held = held or few_newsrooms(rule, seen)
    if held is not None:
        return held
    if rule.min_newsrooms > 1 and seen.without_largest < 1:
        return rests_on_largest(rule, seen, 1, "there must be at least")
    alone = seen.without_largest >= 1 and len(seen.newsrooms) > rule.min_newsrooms
    said = _said(view, first)
    return finding(
        rule, view, now, seen, reach(rule), start, without_largest=alone, said=said
    )  # fmt: skip


def _first(view: RuleView, start: datetime, stories: frozenset[str]) -> _First:
    """The earliest event of these stories that may fire; it exists, since they were counted.

    Other reports of its story are no event before it. Whatever else matched before it was seen,
    whether it might fire or not.
    """
    signals, at = view.table.signals, view.table.at
    fresh = view.matching[np.searchsorted(at[view.matching], microseconds(start)) :].tolist()
    first = next(s for p in fresh if (s := signals[p]).fires and s.story in stories)
    earlier = view.matching[: np.searchsorted(at[view.matching], microseconds(first.at))].tolist()
    before = next((s.at for p in earlier[::-1] if not _same(s := signals[p], first)), None)
    return _First(first, before or view.last_before)


def _same(earlier: Signal, first: Signal) -> bool:
    return earlier.story == first.story and first.at - earlier.at <= STORY_LOOKBACK


def _seen_before(rule: Rule, first: _First) -> Held | None:
    before = first.before
    if before is None or first.signal.at - before >= rule.window:
        return None
    gap = words(_whole(first.signal.at - before))
    detail = f"The one before was on {before:%Y-%m-%d}, {gap} earlier; the rule asks for "
    return Held(rule.id, reasons.SEEN, f"{detail}{words(rule.window)} without any.")


def _too_little_watched(rule: Rule, view: RuleView, first: _First) -> Held | None:
    """Held where nobody can say that there was none: too short a watch, or too many gaps in it."""
    begin = first.signal.at - rule.window
    if view.origin > begin:
        since = words(_whole(first.signal.at - view.origin))
        detail = f"Watched for {since}; 'the first in {words(rule.window)}' needs all of them."
        return Held(rule.id, reasons.LEARNING, detail)
    heard = view.heard if view.heard is not None else _heard(view, begin)
    if heard >= LEAST_HEARD:
        return None
    detail = (
        f"In only {heard:.0%} of the hours of {words(rule.window)} most sources were heard; "
        f"it takes {LEAST_HEARD:.0%} to say that nothing happened."
    )
    return Held(rule.id, reasons.LEARNING, detail)


def _heard(view: RuleView, begin: datetime) -> float:
    """The share of hours since `begin` in which most sources were healthy."""
    hours = max((floor(view.now, HOUR) - floor(begin, HOUR)) // HOUR, 1)
    known = sum(
        view.shares.get(floor(begin, HOUR) + i * HOUR, 0.0) >= LEAST_SHARE for i in range(hours)
    )
    return known / hours


def _said(view: RuleView, first: _First) -> str:
    if first.before is None:
        watched = words(_whole(first.signal.at - view.origin))
        return f"None since watching began {watched} ago."
    gap = words(_whole(first.signal.at - first.before))
    return f"The first in {gap}; the last was on {first.before:%Y-%m-%d}."


def _whole(span: timedelta) -> timedelta:
    """In whole days, or in hours below one."""
    unit = _DAY if span >= _DAY else HOUR
    return span // unit * unit


KIND = Kind(
    name="first_in", check=check, evaluate=evaluate, learns=False, reach=reach, remembers=True
)
