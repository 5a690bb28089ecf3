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
AFTER_WITHIN = timedelta(days=30)  # how long friction may lie back for a rule that comes after it
# The keys that not every kind takes, as people write them.
SPECIAL_KEYS = {
    "false_alarms_per_year": "false_alarms_per_year",
    "at_least": "at_least",
    "from_where": "from",
    "to_where": "to",
    "against": "against",
}


def _window(rule: Rule) -> timedelta:
    return rule.window


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file of `alerts.rules` adds: how rules of this kind are checked and evaluated.

    `takes` names those of SPECIAL_KEYS that a rule of this kind may give. `reach` is how far back
    `evaluate` reads the signals of its view.
    """

    name: str
    check: Callable[[Rule], None]  # raises ValueError with a sentence
    evaluate: Callable[[Rule, RuleView, datetime], Finding | Held]
    learns: bool  # it needs a baseline
    takes: frozenset[str] = frozenset()
    reach: Callable[[Rule], timedelta] = _window
    remembers: bool = False  # it needs `RuleView.last_before` and `RuleView.heard`
    listens: bool = False  # it needs its outlook where nothing matched, too


KINDS: dict[str, Kind] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """What raises an alert. A ValueError says in a sentence what is wrong with it.

    `after` names rules of which one must have had an episode `within` the time before.
    `from_where` and `to_where` are the two sides of a crossing, `sides` what people call them
    ("Russia's press"); `against` is the other direction of a spike.
    """

    id: str
    kind: str
    where: Where
    window: timedelta
    count: str = "stories"
    min_newsrooms: int = 2
    severity: str = "warning"
    false_alarms_per_year: float | None = None
    at_least: int | None = None
    after: tuple[str, ...] = ()
    within: timedelta | None = None
    from_where: Where | None = None
    to_where: Where | None = None
    against: Where | None = None
    sides: tuple[str, str] | None = None

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
        self._check_after()
        self._check_special()
        KINDS[self.kind].check(self)

    def _check_after(self) -> None:
        if self.id in self.after:
            raise ValueError(f"rule {self.id}: after must name other rules, not the rule itself")
        if self.within is None:
            return
        if not self.after:
            raise ValueError(f"rule {self.id}: within is read with after alone; name the rules")
        if self.within <= timedelta(0):
            raise ValueError(f"rule {self.id}: within must be longer than zero, not {self.within}")

    def _check_special(self) -> None:
        for field, key in SPECIAL_KEYS.items():
            if getattr(self, field) is not None and field not in KINDS[self.kind].takes:
                takers = [name for name, kind in KINDS.items() if field in kind.takes]
                raise ValueError(
                    f"rule {self.id}: {key} is for {' and '.join(takers)}; "
                    f"a rule of kind {self.kind} does not take it"
                )

    @property
    def unit(self) -> Unit:
        """What it counts."""
        return UNITS[self.count]

    @property
    def reach(self) -> timedelta:
        """How far back it reads signals, besides the look-back of what it counts."""
        return KINDS[self.kind].reach(self)

    @property
    def bucket(self) -> str:
        """The bucket size of its series: 15min for windows up to 2 h, hour up to 48 h, else day.

        A kind that remembers instead of counting reads no more than 48 hours.
        """
        window = self.reach if KINDS[self.kind].remembers else self.window
        if window <= timedelta(hours=2):
            return "15min"
        return "hour" if window <= timedelta(hours=48) else "day"

    @property
    def lookback(self) -> timedelta:
        """How long something that was counted is not counted again.

        Never longer than the rule reads: one that remembers need not read what it remembers.
        """
        return lookback(self.unit, min(self.window, self.reach))


def series_id(rule: Rule) -> str:
    """The name of the rule's series: the same for rules that count the same thing."""
    # 1: of the way of counting; another number makes every series anew.
    seconds = int(rule.lookback.total_seconds())
    kept = f"last|{rule.reach}" if KINDS[rule.kind].remembers else "1"
    text = f"{kept}|{rule.where.canonical}|{rule.count}|{seconds}|{rule.bucket}"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
