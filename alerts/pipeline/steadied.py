"""Fifth stage: an episode that goes up and down is told of seldom."""

from datetime import datetime

from alerts import flapping as turns
from alerts.pipeline.candidate import Candidate, rank
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import FLAPPING
from alerts.pipeline.verdict import Held, Passed, Verdict

_TURNING = ("escalated", "de_escalated", "resolved")


def flapping(candidate: Candidate, ledger: Ledger, due: datetime) -> Verdict:
    """Held where the episode flaps and the channel has heard so, unless it is worse than ever."""
    episode = candidate.episode
    if candidate.change not in _TURNING:
        return Passed(due)
    told = ledger.of(episode.id, candidate.channel)
    last = max((one.meant_for for one in told), default=None)
    if not turns.holds(episode.flapping, last, record=_is_worse_than_ever(candidate, ledger)):
        return Passed(due)
    since = episode.flapping.since or ledger.now
    return Held(
        FLAPPING, f"It goes up and down since {since:%Y-%m-%d %H:%M} UTC, and that was told."
    )


def _is_worse_than_ever(candidate: Candidate, ledger: Ledger) -> bool:
    """Whether the episode is more severe than it was, or than this channel knows."""
    moved = ledger.moved.get(candidate.episode.id)
    if moved is not None and moved.record and candidate.change == "escalated":
        return True
    told = ledger.of(candidate.episode.id, candidate.channel)
    known = [rank(one.severity) for one in told if one.severity is not None]
    return bool(known) and rank(candidate.episode.severity) > max(known)
