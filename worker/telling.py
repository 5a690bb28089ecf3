"""What is told of episodes after an evaluation: gathered, decided, kept, put into the outbox."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from alerts.episode import Episode, Transition
from alerts.pipeline import Decision, Passed, decide
from alerts.pipeline.candidates import OVER_IS_NEWS
from worker.profile.model import Profile
from worker.storage import decisions, outbox, silences

log = logging.getLogger(__name__)


def tell(
    conn: Connection,
    profile: Profile,
    known: Collection[Episode],
    moved: Mapping[str, Transition],
    categories: Mapping[str, Collection[str]],
    now: datetime,
) -> int:
    """Decide of every message that could be sent now, and put what passes into the outbox; returns
    how many.

    Belongs in the transaction of the evaluation. `known` is the newest episode of each rule as the
    evaluation left it, `moved` what it did to which of them, `categories` what the counted events
    of each episode are about. Every decision is kept, with its reason.
    """
    current = [episode for episode in known if _is_current(episode, now)]
    new = {name for name, transition in moved.items() if transition.change == "opened"}
    opened = [episode for episode in current if episode.id in new]
    standing = [episode for episode in current if episode.id not in new]
    names = [episode.id for episode in current]
    decided = decide(
        opened,
        standing,
        profile.routes,
        outbox.told(conn, names),
        now,
        categories,
        moved=moved,
        silences=silences.active(conn, now),
        earlier=decisions.earlier(conn, names),
        editing={name for name, channel in profile.channels.items() if channel.edits},
    )
    decisions.note(conn, decided, now, recipients(profile))
    return _put_in(conn, decided, now)


def recipients(profile: Profile) -> dict[str, str]:
    """Who reads each channel, in words."""
    return {name: channel.recipient for name, channel in profile.channels.items()}


def _is_current(episode: Episode, now: datetime) -> bool:
    over = episode.resolved_at
    return episode.state == "open" or (over is not None and now - over <= OVER_IS_NEWS)


def _put_in(conn: Connection, decided: Sequence[Decision], now: datetime) -> int:
    added = 0
    for decision in decided:
        candidate, verdict = decision.candidate, decision.verdict
        if not isinstance(verdict, Passed):
            continue
        for replaced in verdict.replaces:
            if outbox.replace(conn, replaced, candidate.key) == "replaced":
                log.warning("%s takes the place of %s.", candidate.key, replaced)
        written = outbox.add(
            conn,
            candidate.key,
            candidate.channel,
            candidate.episode.id,
            outbox.OF_EPISODE,
            verdict.due_at,
            now=now,
            number=candidate.number,
            change=candidate.change,
            severity=candidate.episode.severity,
            said=candidate.said,
        )
        added += written == "added"
    return added
