"""Last stage: the next person is told when nobody has acknowledged by then."""

from datetime import datetime

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import NOT_ESCALATED_YET
from alerts.pipeline.verdict import Held, Passed, Verdict


def escalation(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held until the step's time is over; an acknowledgement holds it before it comes here."""
    if candidate.change != "escalation" or candidate.due_from is None:
        return Passed(due)
    if candidate.due_from > ledger.now:
        when = f"{candidate.due_from:%Y-%m-%d %H:%M} UTC"
        return Held(
            NOT_ESCALATED_YET,
            f"{candidate.channel} is told at {when}, unless somebody acknowledges it by then.",
        )
    return Passed(due)
