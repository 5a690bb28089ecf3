"""What a person does with an episode: decided purely, then stored with its history, in one
transaction that no evaluation can overtake."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from alerts.episode import Episode
from alerts.handling import Deed, apply
from worker.storage import episode_changes, episodes, judgements
from worker.storage.database import Database, DatabaseBusy
from worker.storage.episode_changes import Particulars

log = logging.getLogger(__name__)


class Unknown(LookupError):
    """There is no episode of this identifier."""


class _Overtaken(RuntimeError):
    """Somebody else was faster; the same again will see what they did."""


#: Each attempt sees what the one before it was overtaken by; an evaluation comes once in a while.
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Handled:
    """The episode after a deed; `changed` is False where it was done already. `stories` is how many
    were kept as a false alarm by it."""

    episode: Episode
    changed: bool
    stories: int = 0


def handle(
    database: Database,
    id: str,
    deed: Deed,
    by: str,
    now: datetime,
    *,
    note: str | None = None,
    until: datetime | None = None,
    to: str | None = None,
) -> Handled:
    """Do this to the episode; `note` says why. Raises `Unknown`, and `alerts.handling.Impossible`
    with a sentence."""
    particulars = Particulars(until=until, to=to)
    for _ in range(_ATTEMPTS):
        try:
            return database.retrying(
                lambda conn: _handle(conn, id, deed, by, note, now, particulars)
            )
        except _Overtaken:
            continue
    raise DatabaseBusy(f"{id} changes faster than it can be handled; try again.")


def _handle(
    conn: Connection,
    id: str,
    deed: Deed,
    by: str,
    note: str | None,
    now: datetime,
    particulars: Particulars,
) -> Handled:
    before = episodes.get(conn, id, for_update=True)
    if before is None:
        raise Unknown(id)
    later = episodes.later_of_rule(conn, before)
    after = apply(before, deed, by, now, until=particulars.until, to=particulars.to, later=later)
    if after is before:
        return Handled(before, changed=False)
    if episodes.save(conn, after, before.version) != "saved":
        raise _Overtaken(id)
    episode_changes.note_deed(conn, after, deed, by, note, now, particulars)
    stories = 0
    if after.handling.false_alarm and not before.handling.false_alarm:
        stories = judgements.false_alarm(conn, after, by, note, now)
    elif before.handling.false_alarm and not after.handling.false_alarm:
        judgements.withdraw(conn, after)
    log.info("Episode %s: %s by %s.", id, deed, by)
    return Handled(after, changed=True, stories=stories)
