"""What a back-test comes to in numbers; None where nothing can be said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Two-sided 95 %.
_Z = 1.959963984540054

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule's alerts, and how many events of those that it watches for it found."""

    alerts: int
    right: int | None
    wrong: int | None
    unjudged: int | None
    events: int | None
    found: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of one back-test of `days` days.

    `alerts` is every opening. With a truth file: `precision` is the share of right ones among the
    `right` and `wrong`; `recall` the share of the `events` of the span that were `found`;
    `incidents` the events in whose time something was raised, each once, and the wrong alerts: how
    often somebody was called, all rules about one event taken together. The intervals are Wilson's,
    95 %. `lead_hours_median` is positive where alerts came before the first moment (UTC) of the
    event's first day and negative after it; `time_to_detect_hours_median` counts from the first
    report that the rule matched.
    """

    days: float
    alerts: int
    alerts_per_week: float | None
    precision: float | None = None
    recall: float | None = None
    lead_hours_median: float | None = None
    time_to_detect_hours_median: float | None = None
    precision_interval: Interval | None = None
    recall_interval: Interval | None = None
    events: int | None = None
    found: int | None = None
    right: int | None = None
    wrong: int | None = None
    unjudged: int | None = None
    incidents: int | None = None
    rules: Mapping[str, RuleScore] | None = None

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract first."""
        ahead = ("alerts", "alerts_per_week", "precision", "recall", "lead_hours_median")
        every = asdict(self)
        return {key: every[key] for key in (*ahead, *(k for k in every if k not in ahead))}


def wilson(part: int, whole: int) -> Interval | None:
    """Wilson's 95 % interval of the share `part` of `whole`; None without anything."""
    if not whole:
        return None
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = share * (1 - share) / whole + square / (4 * whole * whole)
    half = _Z * math.sqrt(spread) / (1 + square / whole)
    # At the ends the formula gives 0 and 1, but for the last digit.
    low = 0.0 if part == 0 else max(middle - half, 0.0)
    return low, 1.0 if part == whole else min(middle + half, 1.0)


def share(part: int, whole: int) -> float | None:
    """`part` of `whole`; None without a whole."""
    return part / whole if whole else None
