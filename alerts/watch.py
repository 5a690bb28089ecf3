"""The one step from what rules see to what becomes of their episodes: live and in a back-test.

    outcomes = look(rules, prepared, now)                              each rule says what it sees
    for step in conclude(rules, outcomes, known, now, observed): ...   and its episode moves on

Both are pure. Whoever calls them stores what changed, or prints it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.episode import Episode, Transition, advance
from alerts.finding import Finding, Held
from alerts.rules import Prepared, Rule, evaluate
from alerts.rules.after import gated

Outcome = Finding | Held


def look(rules: Sequence[Rule], prepared: Prepared, now: datetime) -> dict[str, Outcome]:
    """What each rule says at `now` (aware UTC), by its identifier."""
    return {rule.id: evaluate(rule, prepared.views[rule.id], now) for rule in rules}


def conclude(
    rules: Sequence[Rule],
    outcomes: Mapping[str, Outcome],
    known: Mapping[str, Episode],
    now: datetime,
    observed: Mapping[str, bool],
) -> list[Transition]:
    """One transition for each of the rules, in their order.

    `known` is the newest episode of each rule that has had one, of rules that are not asked about
    too; `observed` says by rule whether anything was listened to (absent: it was). A rule that
    comes after others sees what has become of their episodes at this very moment.
    """
    episodes = dict(known)
    found = []
    for rule in rules:
        outcome = gated(rule, outcomes[rule.id], episodes, now)
        transition = advance(
            episodes.get(rule.id), outcome, now, observed=observed.get(rule.id, True)
        )
        if transition.change != "unchanged" and transition.episode is not None:
            episodes[rule.id] = transition.episode
        found.append(transition)
    return found
