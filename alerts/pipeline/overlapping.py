"""Eighth stage: one burst is told once, whichever rules it fires."""

from datetime import datetime, timedelta

from alerts.episode import UNFOLDING
from alerts.pipeline.candidate import Candidate, Told, rank, worst_rank
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import COVERED, READING
from alerts.pipeline.verdict import Held, Passed, Verdict

#: One burst reaches several rules within seconds, by the order in which its reports come in.
JUST_TOLD = timedelta(seconds=60)


def overlap(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """One burst often fires several rules: a channel hears of it once, unless it gets worse."""
    if candidate.change not in ("opened", "escalated"):
        return Passed(due)
    channel, same = candidate.channel, ledger.same_burst(candidate)
    if candidate.change == "escalated":
        # What was told of it long ago says nothing of what is new now.
        same = [(told, other) for told, other in same if _since(told, ledger) < UNFOLDING]
    for told, other in same:
        if worst_rank(other) >= rank(candidate.episode.severity):
            return Held(COVERED, f"{channel} was told of this burst as {other.id}.")
        # Whoever was woken a moment ago is reading: how severe it is they see for themselves.
        if not told.waits and _since(told, ledger) < JUST_TOLD:
            return Held(READING, f"{channel} is being told of this burst as {other.id}.")
    if not same and COVERED in ledger.held_before(candidate) and candidate.change == "opened":
        return Held(COVERED, f"{channel} was told of this burst, which is over.")
    return Passed(due)


def _since(told: Told, ledger: Ledger) -> timedelta:
    return ledger.now - told.due_at
