"""The last look at a message, when it is about to leave: whether it has become untrue (pure)."""

from datetime import datetime

from alerts.episode import Episode
from alerts.notification import MessageChange
from alerts.pipeline.candidate import rank
from alerts.pipeline.handled import held_by_people
from alerts.pipeline.reasons import (
    MILDER_MEANWHILE,
    NOTHING_TO_CHANGE,
    REOPENED_MEANWHILE,
    RESOLVED_MEANWHILE,
    WORSE_MEANWHILE,
)
from alerts.pipeline.verdict import Held

_OPEN_ONLY = ("opened", "escalated", "de_escalated", "repeat", "escalation")
_NEEDS_ONE_BEFORE = ("updated", "de_escalated", "resolved")


def untrue(
    episode: Episode,
    change: MessageChange,
    severity: str | None,
    now: datetime,
    *,
    tried: bool,
    follows: bool,
) -> Held | None:
    """Why a message must not leave any more; None: it may. It was decided at this `severity`.

    One that was `tried` already is sent even if the episode is over by now: its receiver was away,
    and is told how the episode stands. `follows` says whether the channel has a message of it.
    """
    if held := held_by_people(episode, change, now):
        return held
    if change in _NEEDS_ONE_BEFORE and not follows:
        return Held(NOTHING_TO_CHANGE, "No message of this episode has arrived there before.")
    over = episode.state == "resolved"
    if over and change in _OPEN_ONLY and not tried:
        return Held(RESOLVED_MEANWHILE, "The episode was over before the message left.")
    if not over and change == "resolved":
        return Held(REOPENED_MEANWHILE, "The episode is open again.")
    if severity is None:
        return None
    if change == "escalated" and rank(episode.severity) < rank(severity):
        return Held(MILDER_MEANWHILE, f"The episode is {episode.severity} again.")
    if change == "de_escalated" and rank(episode.severity) > rank(severity):
        return Held(WORSE_MEANWHILE, f"The episode is {episode.severity} again.")
    return None
