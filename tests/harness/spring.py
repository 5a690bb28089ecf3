"""A made-up spring for tests of back-tests: rules, and changes of episodes, short to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alerts.rules import Rule, parse_where

SINCE = datetime(2025, 3, 1, tzinfo=UTC)
UNTIL = datetime(2025, 5, 24, tzinfo=UTC)  # twelve weeks


@dataclass(frozen=True, slots=True)
class Said:
    """A change of an episode, with no more than scoring reads."""

    time: datetime
    rule: str
    episode: str
    change: str = "opened"


def at(text: str) -> datetime:
    """`03-14T09:30`: that time of 2025, in UTC."""
    return datetime.fromisoformat(f"2025-{text}").replace(tzinfo=UTC)


def alert(rule: str, text: str, change: str = "opened") -> Said:
    return Said(at(text), rule, f"{rule}-{text}", change)


def spike(id: str, hours: int = 6, alarms: float = 12.0, **where: object) -> Rule:
    window = timedelta(hours=hours)
    return Rule(id, "spike", parse_where(where), window, false_alarms_per_year=alarms)
