"""Which events of a truth file a rule watches for, by what its `where` says."""

from __future__ import annotations

from collections.abc import Collection

from alerts.rules import Rule
from worker.backtest.truth import TrueEvent, Truth

#: A rule of this kind says that something did not happen: a list of what did cannot judge it.
SILENCE = "silence"


def same_direction(rule: Rule, event: TrueEvent) -> bool:
    """Whether the rule counts reports of the event's direction; so it does where one is silent."""
    directions = _values(rule, "direction")
    return event.direction is None or directions is None or event.direction in directions


def watches_for(rule: Rule, event: TrueEvent) -> bool:
    """Whether the rule can find the event: direction, category and severity, where both say.

    An event of severity 4 comes with reports of less, so a rule finds it that counts any severity
    up to the event's.
    """
    if rule.kind == SILENCE or not same_direction(rule, event):
        return False
    categories, severities = _values(rule, "category"), _values(rule, "severity")
    if categories is not None and event.categories and not event.categories & set(categories):
        return False
    if severities is None or event.severity is None:
        return True
    return any(isinstance(level, int) and level <= event.severity for level in severities)


def judged(rule: Rule, truth: Truth) -> bool:
    """Whether the truth file can tell a right alert of this rule from a wrong one: it must speak of
    some direction that the rule counts."""
    if rule.kind == SILENCE:
        return False
    directions = _values(rule, "direction")
    if directions is None or not truth.events:
        return True
    return any(isinstance(one, str) and truth.speaks_of(one) for one in directions)


def _values(rule: Rule, key: str) -> Collection[object] | None:
    """The values of `key` that the rule's `where` allows; None where it says nothing of it."""
    found = [one.values for one in rule.where.conditions if one.key == key]
    return frozenset().union(*found) if found else None
