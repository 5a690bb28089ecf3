"""Two rule files on the same history: what each alone raises and finds, and which is better.

An alert is raised by both when the other opened one within a day of it: of the same rule where it
has that rule, else of any rule that is not paired yet. Each is paired once, the nearest first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from worker.backtest.scoring import HOUR, Alert, Outcome, Scored

SAME = timedelta(days=1)

#: A difference that chance alone makes more often than this is said to be one that it may make.
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both back-tests, and what only one of them has; `names` are those of the rule files.

    `found_first` are the events that only the first found. `earlier_hours` is how much earlier the
    second finds what both find, at the median (negative: later); None where both find nothing.
    """

    names: tuple[str, str]
    first: Scored
    second: Scored
    only_first: tuple[Alert, ...]
    only_second: tuple[Alert, ...]
    found_first: tuple[Outcome, ...]
    found_second: tuple[Outcome, ...]
    earlier_hours: float | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What differs, and last which is better at what."""
        return tuple(_sentences(self))

    def to_json(self) -> dict[str, Any]:
        return {
            "first": {"file": self.names[0], **self.first.to_json()},
            "second": {"file": self.names[1], **self.second.to_json()},
            "alerts_only_first": [one.to_json() for one in self.only_first],
            "alerts_only_second": [one.to_json() for one in self.only_second],
            "events_only_first": [one.to_json() for one in self.found_first],
            "events_only_second": [one.to_json() for one in self.found_second],
            "second_earlier_hours_median": self.earlier_hours,
            "says": list(self.sentences),
        }


def compare(first: Scored, second: Scored, names: tuple[str, str]) -> Comparison:
    """What two rule files came to over the same time and the same truth file."""
    if names[0] == names[1]:
        names = f"{names[0]} (1)", f"{names[1]} (2)"
    paired_first, paired_second = _paired(first, second)
    both = list(zip(first.outcomes or (), second.outcomes or (), strict=True))
    earlier = [
        (one.alerts[0].time - other.alerts[0].time) / HOUR
        for one, other in both
        if one.alerts and other.alerts
    ]
    return Comparison(
        names,
        first,
        second,
        _unpaired(first.alerts, paired_first),
        _unpaired(second.alerts, paired_second),
        tuple(one for one, other in both if one.alerts and not other.alerts),
        tuple(other for one, other in both if other.alerts and not one.alerts),
        median(earlier) if earlier else None,
    )


def chance_of(one: int, other: int) -> float:
    """How often a fair coin splits `one` + `other` throws at least as unevenly (sign test)."""
    throws = one + other
    tail = sum(math.comb(throws, k) for k in range(min(one, other) + 1))
    return float(min(1.0, 2 * tail / 2**throws))


def _unpaired(alerts: Sequence[Alert], paired: set[int]) -> tuple[Alert, ...]:
    return tuple(alert for place, alert in enumerate(alerts) if place not in paired)


def _paired(first: Scored, second: Scored) -> tuple[set[int], set[int]]:
    """The places of the alerts that both raised."""
    common = set(first.summary.rules or ()) & set(second.summary.rules or ())
    near = [
        (one.rule != other.rule, abs(one.time - other.time), i, j)
        for i, one in enumerate(first.alerts)
        for j, other in _near(second.alerts, one)
        # A rule that both files have is compared with itself.
        if one.rule == other.rule or not (one.rule in common or other.rule in common)
    ]
    ours: set[int] = set()
    theirs: set[int] = set()
    for _, _, i, j in sorted(near):
        if i not in ours and j not in theirs:
            ours.add(i)
            theirs.add(j)
    return ours, theirs


def _near(alerts: Sequence[Alert], to: Alert) -> Iterator[tuple[int, Alert]]:
    return ((j, one) for j, one in enumerate(alerts) if abs(one.time - to.time) <= SAME)


def _sentences(compared: Comparison) -> Iterator[str]:
    a, b = compared.names
    one, two = compared.first.summary, compared.second.summary
    better: dict[str, list[str]] = {a: [], b: []}
    if one.events is not None and two.events is not None:
        yield from _told_of_events(compared, better)
        yield from _told_of_wrong(compared, better)
        if compared.earlier_hours is not None:
            yield from _told_of_time(compared, better)
    if one.alerts_per_week is not None and two.alerts_per_week is not None:
        yield (
            f"{a} raises {one.alerts_per_week:.2f} alerts a week, {b} {two.alerts_per_week:.2f}; "
            f"{len(compared.only_first)} are raised by {a} alone, "
            f"{len(compared.only_second)} by {b} alone."
        )
    if one.events is None:
        yield "Without a truth file (--truth) nobody can say which is better."
    else:
        yield _verdict(better)


def _told_of_events(compared: Comparison, better: dict[str, list[str]]) -> Iterator[str]:
    a, b = compared.names
    one, two = compared.first.summary, compared.second.summary
    alone = len(compared.found_first), len(compared.found_second)
    told = f"Of {one.events} events {a} finds {one.found} and {b} {two.found}"
    if any(alone):
        told += f"; {alone[0]} are found by {a} alone, {alone[1]} by {b} alone"
    yield told + _by_chance(*alone) + "."
    _note(better, compared.names, alone, "finding events")


def _told_of_wrong(compared: Comparison, better: dict[str, list[str]]) -> Iterator[str]:
    a, b = compared.names
    one, two = compared.first.summary, compared.second.summary
    alone = _wrong(compared.only_first), _wrong(compared.only_second)
    yield (
        f"{a} raises {one.wrong} wrong alerts and {b} {two.wrong}"
        + (_by_chance(*alone) if one.wrong != two.wrong else "")
        + "."
    )
    _note(better, compared.names, (two.wrong or 0, one.wrong or 0), "avoiding false alarms")


def _told_of_time(compared: Comparison, better: dict[str, list[str]]) -> Iterator[str]:
    earlier = compared.earlier_hours or 0.0
    if not earlier:
        yield "What both find they find at the same time, at the median."
        return
    first = compared.names[1] if earlier > 0 else compared.names[0]
    yield f"What both find {first} finds {abs(earlier):.1f} hours earlier, at the median."
    better[first].append("speed")


def _note(
    better: dict[str, list[str]], names: tuple[str, str], counts: tuple[int, int], what: str
) -> None:
    if counts[0] != counts[1]:
        better[names[0] if counts[0] > counts[1] else names[1]].append(what)


def _verdict(better: dict[str, list[str]]) -> str:
    ahead = [f"{name} is better at {' and at '.join(at)}" for name, at in better.items() if at]
    return f"{'; '.join(ahead)}." if ahead else "Neither is better at anything that was measured."


def _by_chance(one: int, other: int) -> str:
    if one == other or (chance := chance_of(one, other)) <= CHANCE:
        return ""
    return f" (so few that chance may have made the difference: p = {chance:.2f})"


def _wrong(alerts: Sequence[Alert]) -> int:
    return sum(alert.verdict == "wrong" for alert in alerts)
