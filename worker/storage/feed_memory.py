"""What is remembered of each source between polls; implements `crawler.ports.FeedMemory`."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, select

from crawler.ports import FeedValidators, PollOutcome
from crawler.source import Source
from worker.keys import article_key
from worker.storage import page_tasks
from worker.storage.coverage import note_poll
from worker.storage.database import Database
from worker.storage.pace import START, PollMemory, adapted, next_poll, not_before
from worker.storage.statements import chunks, replace_rows, within
from worker.storage.tables import seen
from worker.storage.tables import source_states as states
from worker.timing import LATENESS

#: A source that was not polled well for so long serves a backlog, of which the time is unknown.
AWAY = LATENESS


class SqlFeedMemory:
    """A `FeedMemory` in the database; `clock` gives the present moment (aware UTC)."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    def validators(self, source: str) -> FeedValidators:
        with self._db.read() as conn:
            state = _state(conn, source)
        return FeedValidators(state["etag"], state["last_modified"]) if state else FeedValidators()

    def unseen(self, source: str, canonical_urls: Collection[str]) -> frozenset[str]:  # noqa: ARG002  the port's signature; what any source has shown is seen
        keys = {article_key(url): url for url in canonical_urls}
        with self._db.read() as conn:
            known = {
                key
                for some in chunks(sorted(keys))
                for key in conn.execute(
                    select(seen.c.article).where(within(conn, seen.c.article, some))
                ).scalars()
            }
        return frozenset(url for key, url in keys.items() if key not in known)

    def was_away(self, source: str, now: datetime) -> bool:
        with self._db.read() as conn:
            state = _state(conn, source)
        if state is None or state["last_success"] is None:
            return True
        return bool(now - state["last_success"] > AWAY)

    def polled(self, outcome: PollOutcome) -> None:
        def note(conn: Connection) -> None:
            row = _after(_state(conn, outcome.source, lock=True), outcome)
            replace_rows(conn, states, ["source"], [row])
            note_poll(conn, outcome.source, outcome.finished, ok=outcome.error is None)

        self._db.retrying(note)

    def page_read(self, canonical_url: str, error: str | None, permanent: bool) -> None:
        page_tasks.settle(self._db, canonical_url, error, permanent, self._clock())


def due_sources(db: Database, sources: Iterable[Source], now: datetime) -> list[Source]:
    """The enabled sources whose time has come, the longest overdue first; one that was never polled
    is due at once."""
    with db.read() as conn:
        known = {row["source"]: row for row in conn.execute(select(states)).mappings()}
    first = datetime.min.replace(tzinfo=UTC)
    due = [
        (next_poll(_memory(known[s.id]), s.every) if s.id in known else first, s)
        for s in sources
        if s.enabled
    ]
    due.sort(key=lambda pair: (pair[0], pair[1].id))
    return [source for when, source in due if when <= now]


def _state(conn: Connection, source: str, *, lock: bool = False) -> RowMapping | None:
    chosen = select(states).where(states.c.source == source)
    return conn.execute(chosen.with_for_update() if lock else chosen).mappings().first()


def _memory(state: RowMapping) -> PollMemory:
    interval = timedelta(seconds=state["interval_seconds"])
    return PollMemory(state["last_poll"], state["failures"], interval, state["not_before"])


def _after(before: RowMapping | None, outcome: PollOutcome) -> dict[str, object]:
    """The state of a source after a poll, from the one before it (pure)."""
    row: dict[str, object] = dict(before) if before else _never_polled(outcome.source)
    row |= {
        "last_poll": outcome.started,
        "status": outcome.status,
        "error": outcome.error,
        "not_before": not_before(outcome.finished, outcome.retry_after),
    }
    if outcome.error is not None:
        return row | {"failures": (before["failures"] if before else 0) + 1}
    first_success = before["first_success"] if before else None
    if first_success is not None and before is not None:
        interval = timedelta(seconds=before["interval_seconds"])
        # Not after the first success: then everything is new, and that says nothing.
        row["interval_seconds"] = adapted(interval, outcome.entries, outcome.new).total_seconds()
    row |= {
        "failures": 0,
        "first_success": first_success or outcome.finished,
        "last_success": outcome.finished,
        "newest": outcome.newest or row["newest"],
        "new_entries": outcome.new,
    }
    if not outcome.not_modified:
        row["entries"] = outcome.entries
    if not outcome.not_modified or outcome.validators != FeedValidators():
        row["etag"] = outcome.validators.etag
        row["last_modified"] = outcome.validators.last_modified
    return row


def _never_polled(source: str) -> dict[str, object]:
    nothing: dict[str, object] = dict.fromkeys(states.columns.keys())
    return nothing | {
        "source": source,
        "failures": 0,
        "interval_seconds": START.total_seconds(),
        "entries": 0,
        "new_entries": 0,
    }
