"""First stage: whether a route takes it, and tells of such a change at once."""

from datetime import datetime

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import IN_DIGEST, NOT_WANTED, UNROUTED
from alerts.pipeline.route import CHANGES
from alerts.pipeline.verdict import Held, Passed, Verdict

#: Changes that call nobody where a message that is there can be changed.
_QUIET_EDITS = ("de_escalated", "resolved")


def route(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held without a route, for a digest, and where its route does not tell of such a change."""
    chosen, change = candidate.route, candidate.change
    if chosen is None:
        return Held(UNROUTED, "No route takes it.")
    if chosen.digest is not None:
        return Held(IN_DIGEST, f"It goes into the digest of the {chosen.digest.period}.")
    edited = candidate.channel in ledger.editing and change in _QUIET_EDITS
    if change in CHANGES and change not in chosen.tell and not edited:
        return Held(NOT_WANTED, f"The route to {candidate.channel} does not tell of {change}.")
    return Passed(due)
