"""Seventh stage: repeats and updates keep their distance."""

from datetime import datetime, timedelta

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import JUST_UPDATED, NOT_DUE
from alerts.pipeline.verdict import Held, Passed, Verdict

#: A message is changed at most once in this time, however fast its numbers grow.
UPDATE_EVERY = timedelta(minutes=1)


def repeat(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held where the route's `repeat_every`, or the pause between two updates, is not over."""
    if candidate.change == "repeat" and candidate.due_from and candidate.due_from > due:
        when = f"{candidate.due_from:%Y-%m-%d %H:%M} UTC"
        return Held(NOT_DUE, f"{candidate.channel} was told; it is told again at {when}.")
    if candidate.change == "updated":
        told = ledger.of(candidate.episode.id, candidate.channel)
        last = max((one.meant_for for one in told), default=None)
        if last is not None and ledger.now - last < UPDATE_EVERY:
            return Held(JUST_UPDATED, f"{candidate.channel} has a message of a moment ago.")
    return Passed(due)
