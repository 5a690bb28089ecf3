"""Ninth stage: in quiet hours only what is critical and gets no better leaves at once."""

from datetime import datetime

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.verdict import Passed, Verdict

_NO_HURRY = ("de_escalated", "resolved")


def quiet_hours(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Moved to the end of the quiet hours. What only changes a message that is there wakes nobody,
    and is not moved."""
    quiet = candidate.route.quiet_hours if candidate.route else None
    better = candidate.change in _NO_HURRY
    silent = candidate.channel in ledger.editing and (better or candidate.change == "updated")
    urgent = candidate.episode.severity == "critical" and not better
    if quiet is None or silent or urgent:
        return Passed(due)
    return Passed(quiet.end_after(due) or due)
