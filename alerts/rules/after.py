"""`after`: a rule that speaks only when there was friction before.

An ordinary summit in calm times is no news to be woken for; the first one after a crisis is. So
such a rule names others, and fires only while one of them has an episode or had one `within` the
time before. An episode that a person called a false alarm was no friction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from alerts.episode import Episode
from alerts.finding import Finding, Held
from alerts.rules import reasons
from alerts.rules.gates import words
from alerts.rules.rule import AFTER_WITHIN, Rule


def gated(
    rule: Rule, outcome: Finding | Held, episodes: Mapping[str, Episode], now: datetime
) -> Finding | Held:
    """The same outcome, or Held where the rule comes after others and none of them fired.

    `episodes` is the newest episode of each rule that has had one.
    """
    if not rule.after or isinstance(outcome, Held):
        return outcome
    within = rule.within or AFTER_WITHIN
    friction = [episodes[name] for name in rule.after if name in episodes]
    if any(_was_open(episode, now - within) for episode in friction):
        return outcome
    return Held(
        rule.id,
        reasons.NO_FRICTION,
        f"{outcome.count} {outcome.unit}, but none of {', '.join(rule.after)} had an episode in "
        f"the {words(within)} before.",
    )


def _was_open(episode: Episode, since: datetime) -> bool:
    """Whether it was open at any time from `since` on, and is not known to be a false alarm."""
    if episode.handling.false_alarm:
        return False
    return episode.resolved_at is None or episode.resolved_at >= since
