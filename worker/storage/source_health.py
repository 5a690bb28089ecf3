"""How each source is doing, for people: `dyadwatch sources`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, func, select

from crawler.source import Source
from worker.storage.database import Database
from worker.storage.tables import articles
from worker.storage.tables import source_states as states

DAY = timedelta(hours=24)
#: A source falls short below this share of the articles a day that it promised.
SHORT = 0.5
#: Longer than any pace and back-off together, save a fixed pace slower than this.
SILENT = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source as of now; `why` says what is wrong, None when it is healthy. `entries` are those
    of the last poll that brought any; `articles_24h` were stored in the last 24 hours."""

    source: str
    last_poll: datetime | None
    last_success: datetime | None
    status: int | None
    error: str | None
    failures: int
    entries: int
    newest: datetime | None
    articles_24h: int
    expected: float | None
    healthy: bool
    why: str | None


def source_health(db: Database, sources: Iterable[Source], now: datetime) -> list[SourceHealth]:
    """The health of these sources, in their order."""
    with db.read() as conn:
        known = {row["source"]: row for row in conn.execute(select(states)).mappings()}
        stored = _stored_since(conn, now - DAY)
    return [_health(s, known.get(s.id), stored.get(s.id, 0), now) for s in sources]


def _stored_since(conn: Connection, since: datetime) -> dict[str, int]:
    per_source = (
        select(articles.c.source, func.count().label("stored"))
        .where(articles.c.first_seen >= since, articles.c.origin != "backfill")
        .group_by(articles.c.source)
    )
    return {row.source: row.stored for row in conn.execute(per_source)}


def _health(
    source: Source, state: RowMapping | None, articles_24h: int, now: datetime
) -> SourceHealth:
    why = _why(source, state, articles_24h, now)
    return SourceHealth(
        source=source.id,
        last_poll=state["last_poll"] if state else None,
        last_success=state["last_success"] if state else None,
        status=state["status"] if state else None,
        error=state["error"] if state else None,
        failures=state["failures"] if state else 0,
        entries=state["entries"] if state else 0,
        newest=state["newest"] if state else None,
        articles_24h=articles_24h,
        expected=source.articles_per_day,
        healthy=why is None,
        why=why,
    )


def _why(source: Source, state: RowMapping | None, articles_24h: int, now: datetime) -> str | None:
    if not source.enabled:
        return "It is switched off in the profile."
    if state is None:
        return "It has not been polled yet."
    if state["failures"]:
        return str(state["error"])
    since = now - max(SILENT, 3 * (source.every or timedelta(0)))
    if state["last_poll"] < since:
        return f"It has not been polled since {state['last_poll']:%Y-%m-%d %H:%M} UTC."
    return _shortfall(source, state["first_success"], articles_24h, now)


def _shortfall(
    source: Source, first_success: datetime | None, articles_24h: int, now: datetime
) -> str | None:
    expected = source.articles_per_day
    if expected is None or first_success is None or now - first_success < DAY:
        return None
    if articles_24h >= expected * SHORT:
        return None
    return f"It brought {articles_24h} articles in 24 hours, where {expected:g} are expected."
