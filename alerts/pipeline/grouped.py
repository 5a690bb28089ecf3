"""Sixth stage: a message waits for the rest of its burst, and says what came meanwhile."""

from datetime import datetime, timedelta

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import ABOUT_TO_LEAVE
from alerts.pipeline.verdict import Held, Passed, Verdict

#: A message that leaves within this says all that has changed until then.
SOON = timedelta(seconds=60)


def group(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """The opening waits for `group_wait`; later changes are told by a message that waits anyway.

    The wait counts from the first message on the burst: it does not begin anew with each rule that
    takes the place of another. One that is told late has waited long enough.
    """
    if candidate.change == "opened":
        wait = candidate.route.group_wait if candidate.route else timedelta(0)
        waited = candidate.episode.opened_at + wait
        earliest = min([waited, *(told.due_at for told in ledger.milder_waiting(candidate))])
        return Passed(max(due, earliest))
    for told in ledger.waiting(candidate):
        if candidate.change != "escalated" or told.due_at - ledger.now < SOON:
            return Held(ABOUT_TO_LEAVE, f"{told.key} has not left yet, and will say so.")
    return Passed(due)
