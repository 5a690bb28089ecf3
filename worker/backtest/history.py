"""A history to replay: its signals with when they came, and how much of the press was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.rules import Rule
from alerts.rules.passing import Came, PassingTable
from alerts.rules.walk import Hearing


@dataclass(frozen=True, slots=True)
class Merge:
    """At `at` (aware UTC) the story `younger` proved to be part of `elder`."""

    at: datetime
    younger: str
    elder: str


def not_told_apart(_rule: Rule) -> Hearing | None:
    """Nobody knows whom the rule listens to."""
    return None


@dataclass(frozen=True, slots=True)
class History:
    """What a back-test replays; nothing in it depends on the rules.

    `origin` is the first hour that was watched, `until` the last moment; aware UTC. `articles` is
    how many were read, relevant or not. `apart` says how much was heard of those alone whom a rule
    is about, None where they are not told apart.
    """

    came: Sequence[Came]
    merges: Sequence[Merge]
    hearing: Hearing
    origin: datetime
    until: datetime
    articles: int = 0
    apart: Callable[[Rule], Hearing | None] = not_told_apart

    def table(self) -> PassingTable:
        """Its signals, of which a replay shows what has come; each replay needs one of its own."""
        return PassingTable(self.came)
