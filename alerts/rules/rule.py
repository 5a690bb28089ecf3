"""A rule as its author wrote it, and the registry of what rules there can be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.finding import Finding, Held
from alerts.rules.where import Where
from alerts.series import Unit, lookback

if TYPE_CHECKING:
    from alerts.rules.view import RuleView

UNITS: dict[str, Unit] = {"stories": "stories", "newsrooms": "newsrooms", "articles": "articles"}
SEVERITIES = ("info", "warning", "critical")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file of `alerts.rules` adds: how rules of this kind are checked and evaluated."""

    name: str
    check: Callable[[Rule], None]  # raises ValueError with a sentence
    evaluate: Callable[[Rule, RuleView, datetime], Finding | Held]
    learns: bool  # it needs a baseline


KINDS: dict[str, Kind] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """What raises an alert. A ValueError says in a sentence what is wrong with it."""

    id: str
    kind: str
    where: Where
    window: timedelta
    count: str = "stories"
    min_newsrooms: int = 2
    severity: str = "warning"
    false_alarms_per_year: float | None = None
    at_least: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"rule {self.id}: there is no kind {self.kind!r}; the kinds are {', '.join(KINDS)}"
            )
        if self.count not in UNITS:
            raise ValueError(
                f"rule {self.id}: count must be one of {', '.join(UNITS)}, not {self.count!r}"
            )
        if self.severity not in SEVERITIES:
            raise ValueError(
                f"rule {self.id}: severity must be one of {', '.join(SEVERITIES)}, "
                f"not {self.severity!r}"
            )
        if self.window <= timedelta(0):
            raise ValueError(f"rule {self.id}: window must be longer than zero, not {self.window}")
        if self.min_newsrooms < 1:
            raise ValueError(
                f"rule {self.id}: min_newsrooms must be at least 1, not {self.min_newsrooms}"
            )
        KINDS[self.kind].check(self)

    @property
    def unit(self) -> Unit:
        """What it counts."""
        return UNITS[self.count]

    @property
    def bucket(self) -> str:
        """The bucket size of its series: 15min for windows up to 2 h, hour up to 48 h, else day."""
        if self.window <= timedelta(hours=2):
            return "15min"
        return "hour" if self.window <= timedelta(hours=48) else "day"

    @property
    def lookback(self) -> timedelta:
        """How long something that was counted is not counted again."""
        return lookback(self.unit, self.window)


def series_id(rule: Rule) -> str:
    """The name of the rule's series: the same for rules that count the same thing."""
    # 1: of the way of counting; another number makes every series anew.
    seconds = int(rule.lookback.total_seconds())
    text = f"1|{rule.where.canonical}|{rule.count}|{seconds}|{rule.bucket}"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
