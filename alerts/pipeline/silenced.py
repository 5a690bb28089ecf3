"""Second stage: what somebody has silenced for a time is held, with their name."""

from datetime import datetime

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import SILENCED
from alerts.pipeline.verdict import Held, Passed, Verdict


def silence(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held while a silence matches the episode, whatever the message says of it."""
    episode = candidate.episode
    categories = ledger.categories.get(episode.id, ())
    for found in ledger.silences:
        if found.active(ledger.now) and found.match.takes(episode, categories):
            return Held(SILENCED, found.sentence)
    return Passed(due)
