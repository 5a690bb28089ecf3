"""Third stage: in the mute times of its route nothing leaves, critical or not."""

from datetime import datetime

from alerts.pipeline.candidate import Candidate
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import MUTED
from alerts.pipeline.verdict import Held, Passed, Verdict


def mute(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held until the mute time ends; an episode that is still open then is told."""
    times = candidate.route.mute_times if candidate.route else ()
    ends = [end for one in times if (end := one.end_after(ledger.now)) is not None]
    if ends:
        return Held(MUTED, f"The route is mute until {max(ends):%Y-%m-%d %H:%M} UTC.")
    return Passed(due)
