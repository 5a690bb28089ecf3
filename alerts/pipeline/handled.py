"""Fourth stage: what people have done with the episode."""

from datetime import datetime

from alerts.episode import Episode
from alerts.notification import MessageChange
from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import ACKNOWLEDGED, CLOSED, SNOOZED
from alerts.pipeline.verdict import Held, Passed, Verdict

#: What calls somebody to an episode that is nobody's yet.
_CALLS: tuple[MessageChange, ...] = ("opened", "repeat", "escalation")


def handled(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held where the episode is closed, snoozed, or already somebody's."""
    return held_by_people(candidate.episode, candidate.change, ledger.now) or Passed(due)


def held_by_people(episode: Episode, change: MessageChange, now: datetime) -> Held | None:
    """What people have said that keeps this message back: closed says nothing more, snoozed nothing
    unless it gets worse, acknowledged calls nobody else."""
    handling = episode.handling
    if episode.closed:
        how = " as a false alarm" if handling.false_alarm else ""
        return Held(CLOSED, f"{handling.closed_by or 'Somebody'} closed it{how}.")
    snoozed = handling.snoozed_until
    if snoozed is not None and snoozed > now and change != "escalated":
        return Held(SNOOZED, f"It is snoozed until {snoozed:%Y-%m-%d %H:%M} UTC.")
    if handling.acknowledged_at is not None and change in _CALLS:
        return Held(ACKNOWLEDGED, f"{handling.acknowledged_by or 'Somebody'} has acknowledged it.")
    return None
