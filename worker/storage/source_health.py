"""How each source is doing, for people: `dyadwatch sources`, and the operator's notices.

Read from counters alone: it costs the same after a year as after a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, func, select

from crawler.source import Source
from worker.storage import source_days
from worker.storage.coverage import new_entries
from worker.storage.database import Database
from worker.storage.expectation import HISTORY, Days, usual_24h
from worker.storage.feed_memory import host_of_source, poll_memory
from worker.storage.hosts import resting_hosts
from worker.storage.pace import next_poll
from worker.storage.silence import silence
from worker.storage.source_days import Counters
from worker.storage.source_trouble import (
    DAY,
    Brought,
    Kind,
    Polled,
    pages_asked,
    read_share,
    trouble,
)
from worker.storage.tables import source_states as states

#: Over how many days pages and lost entries are counted, today included.
LATELY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source as of now; `why` says what is wrong, None when it is healthy, and `trouble` is its
    kind. `entries` are those of the last poll that brought any; `articles_24h` were new in the last
    24 hours, `expected` so many by the profile (`promised`) or by its own last weeks. `read_share`
    is the share of the `pages` of the last three days from which an article was extracted."""

    source: str
    last_poll: datetime | None
    last_success: datetime | None
    next_poll: datetime | None
    status: int | None
    error: str | None
    failures: int
    entries: int
    newest: datetime | None
    articles_24h: int
    expected: float | None
    promised: bool
    pages: int
    read_share: float | None
    note: str | None
    trouble: Kind | None
    why: str | None

    @property
    def healthy(self) -> bool:
        return self.trouble is None


def polled_since(db: Database, since: datetime) -> tuple[int, int]:
    """How many sources were polled from then on, and how many new entries that brought."""
    counted = select(func.count(), func.coalesce(func.sum(states.c.new_entries), 0)).where(
        states.c.last_poll >= since
    )
    with db.read() as conn:
        polled, new = conn.execute(counted).one()
    return int(polled), int(new)


def source_health(db: Database, sources: Iterable[Source], now: datetime) -> list[SourceHealth]:
    """The health of these sources, in their order."""
    listed = list(sources)
    with db.read() as conn:
        known = {row["source"]: row for row in conn.execute(select(*_SHOWN)).mappings()}
        seen = new_entries(conn, now - DAY, now)
        days = source_days.since(conn, (now - HISTORY).date(), [source.id for source in listed])
        resting = resting_hosts(conn, now)
    return [
        _health(
            source,
            known.get(source.id),
            _brought(source, known.get(source.id), seen.get(source.id, 0), days[source.id], now),
            resting.get(host_of_source(source)),
            now,
        )
        for source in listed
    ]


#: All but the rhythm, which is long.
_SHOWN = tuple(column for column in states.columns if column.name != "rhythm")


def _health(
    source: Source,
    state: RowMapping | None,
    brought: Brought,
    resting_until: datetime | None,
    now: datetime,
) -> SourceHealth:
    known: Mapping[str, Any] = dict(state) if state else {}
    wrong = trouble(source, _polled(state, now), brought, resting_until, now)
    return SourceHealth(
        source=source.id,
        last_poll=known.get("last_poll"),
        last_success=known.get("last_success"),
        next_poll=_next(source, state, resting_until, now),
        status=known.get("status"),
        error=known.get("error"),
        failures=known.get("failures") or 0,
        entries=known.get("entries") or 0,
        newest=known.get("newest"),
        articles_24h=brought.seen,
        expected=brought.expected,
        promised=brought.promised,
        pages=pages_asked(brought.lately),
        read_share=read_share(brought.lately),
        note=known.get("note"),
        trouble=wrong.kind if wrong else None,
        why=wrong.sentence if wrong else None,
    )


def _next(
    source: Source, state: RowMapping | None, resting_until: datetime | None, now: datetime
) -> datetime | None:
    """When it is polled next, None for one that is not; what is due is due now."""
    if not source.enabled:
        return None
    due = next_poll(poll_memory(state), source.every) if state else now
    return max(due, resting_until or now, now)


def _polled(state: RowMapping | None, now: datetime) -> Polled | None:
    if state is None:
        return None
    return Polled(
        memory=poll_memory(state),
        error=state["error"] if state["failures"] else None,
        robots_denied=state["robots_denied"],
        first_success=state["first_success"],
        fresh_at=state["fresh_at"],
        overdue=state["overdue"],
        silence=silence(state["fresh_at"], state["overdue"], now),
    )


def _brought(
    source: Source, state: RowMapping | None, seen: int, days: Days, now: datetime
) -> Brought:
    lately = sum(
        (counters for day, counters in days.items() if day >= (now - LATELY).date()), Counters()
    )
    promised = source.articles_per_day is not None
    expected = source.articles_per_day
    if expected is None and state is not None and state["first_success"] is not None:
        expected = usual_24h(days, state["first_success"], now)
    return Brought(seen, expected, promised, lately)
