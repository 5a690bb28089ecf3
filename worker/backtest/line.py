"""The line of a back-test's picture: what was reported each day, and what is usual.

Also when what was reported came, for the time to detect, and when nobody listened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from alerts.baseline import Baseline
from alerts.rules import Rule
from alerts.rules.walk import Hearing
from alerts.series import SignalTable, count, floor
from alerts.signal import Signal
from worker.backtest.history import History
from worker.backtest.scoring import Reports

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: An hour in which fewer of the sources were healthy counts as an outage.
LEAST_SHARE = 0.5

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Line:
    """Stories by day (UTC) that some rule counts; `usual` is the least and the most that nine of
    ten quiet days would hold, from the days before alone, None where that is not known."""

    days: tuple[date, ...]
    counts: tuple[int, ...]
    usual: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A filter that takes what some rule counts."""

    rules: tuple[Rule, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for rule in self.rules for key in rule.where.keys)

    def facet(self, signal: Signal) -> tuple[object, ...]:
        return tuple(part for rule in self.rules for part in rule.where.facet(signal))

    def matches(self, signal: Signal) -> bool:
        return any(rule.where.matches(signal) for rule in self.rules)


def line_of(rules: Sequence[Rule], history: History, since: datetime, until: datetime) -> Line:
    """The days from `since` to `until`, both aware UTC; what is usual is learnt from the origin of
    the history on."""
    first = floor(min(history.origin, since), DAY)
    last = floor(until - timedelta(microseconds=1), DAY) + DAY
    table = SignalTable([one.signal for one in history.came])
    counts = [one.stories for one in count(table, AnyOf(tuple(rules)), DAY, first, last)]
    days = [first + place * DAY for place in range(len(counts))]
    usual = _usual(first, counts, [_watched(history, day) for day in days])
    start = floor(since, DAY)
    kept = [place for place, day in enumerate(days) if day >= start]
    return Line(
        tuple(days[place].date() for place in kept),
        tuple(counts[place] for place in kept),
        tuple(usual[place] for place in kept),
    )


def outages_of(hearing: Hearing, since: datetime, until: datetime) -> tuple[Span, ...]:
    """The spans of whole hours in which less than half of the sources were healthy."""
    spans: list[Span] = []
    hour = floor(since, HOUR)
    while hour + HOUR <= until:
        if hearing.whole(hour) < LEAST_SHARE:
            begins = spans.pop()[0] if spans and spans[-1][1] == hour else hour
            spans.append((begins, hour + HOUR))
        hour += HOUR
    return tuple(spans)


def reports_of(rules: Sequence[Rule], history: History) -> Reports:
    """For each rule when the reports came that it counts, ascending."""
    table = history.table()
    by_where: dict[str, list[datetime]] = {}
    for rule in rules:
        name = rule.where.canonical
        if name not in by_where:
            came = sorted(table.whole(rule.where).came.tolist())
            by_where[name] = [_EPOCH + timedelta(microseconds=one) for one in came]
    return {rule.id: by_where[rule.where.canonical] for rule in rules}


def _watched(history: History, day: datetime) -> float:
    """The mean share of healthy sources of a day that the history holds; 0 where it was too low to
    compare the day with others."""
    hours = [day + place * HOUR for place in range(24)]
    mean = sum(history.hearing.whole(hour) for hour in hours) / len(hours)
    return mean if mean >= LEAST_SHARE else 0.0


def _usual(
    first: datetime, counts: Sequence[int], watched: Sequence[float]
) -> list[tuple[int, int] | None]:
    baseline = Baseline("day", first, shares=True)
    found: list[tuple[int, int] | None] = []
    for number, share in zip(counts, watched, strict=True):
        outlook = baseline.peek(share)
        found.append(outlook.usual(1) if outlook.observed else None)
        baseline.update(number, share)
    return found
