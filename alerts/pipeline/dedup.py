"""Tenth stage: one key is one message."""

from datetime import datetime

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import TOLD_ALREADY
from alerts.pipeline.verdict import Held, Passed, Verdict


def dedup(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held where the outbox has this message."""
    if any(told.key == candidate.key for told in ledger.told):
        return Held(TOLD_ALREADY, f"{candidate.key} is in the outbox already.")
    return Passed(due)
