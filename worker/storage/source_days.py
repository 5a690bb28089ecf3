"""What each source brought and what became of its pages, counted by day (UTC)."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, select

from crawler.ports import PageOutcome, PageVerdict, PollOutcome
from worker.storage.statements import upsert
from worker.storage.tables import source_days as table

KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Counters:
    """`polls_ok` count 304s, too, `polls_not_modified` those alone. `polls_too_late` brought
    nothing but new entries: others may have been missed. `pages_empty` showed no article."""

    polls_ok: int = 0
    polls_not_modified: int = 0
    polls_failed: int = 0
    polls_too_late: int = 0
    requests: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    pages_read: int = 0
    pages_walled: int = 0
    pages_empty: int = 0
    pages_refused: int = 0
    pages_failed: int = 0

    def __add__(self, other: "Counters") -> "Counters":
        sums = {name: getattr(self, name) + getattr(other, name) for name in NAMES}
        return Counters(**sums)


NAMES = tuple(one.name for one in fields(Counters))

_OF_PAGE: dict[PageVerdict, Counters] = {
    "read": Counters(pages_read=1, requests=1),
    "wall": Counters(pages_walled=1, requests=1),
    "no_text": Counters(pages_empty=1, requests=1),
    "not_html": Counters(pages_empty=1, requests=1),
    "refused": Counters(pages_refused=1),
    "moved": Counters(requests=1),
    "gone": Counters(pages_failed=1, requests=1),
    "failed": Counters(pages_failed=1, requests=1),
}


def of_poll(outcome: PollOutcome, *, too_late: bool) -> Counters:
    """What one poll adds to its day (pure)."""
    ok = outcome.error is None
    return Counters(
        polls_ok=int(ok),
        polls_not_modified=int(ok and outcome.not_modified),
        polls_failed=int(not ok),
        polls_too_late=int(too_late),
        requests=outcome.requests,
        entries=outcome.entries,
        new=outcome.new,
        changed=outcome.changed,
    )


def of_page(outcome: PageOutcome) -> Counters:
    """What one page adds to its day (pure)."""
    return _OF_PAGE[outcome.verdict]


def add(conn: Connection, source: str, at: datetime, counters: Counters) -> None:
    """Add to the day of `at` (aware UTC)."""
    values = {name: getattr(counters, name) for name in NAMES}
    statement = upsert(conn, table).values(day=at.date(), source=source, **values)
    sums = {name: table.c[name] + statement.excluded[name] for name in NAMES}
    conn.execute(statement.on_conflict_do_update(index_elements=["day", "source"], set_=sums))


def since(
    conn: Connection, first: date, sources: Collection[str]
) -> dict[str, dict[date, Counters]]:
    """The counters of these sources for each day from `first` on."""
    found: dict[str, dict[date, Counters]] = {source: {} for source in sources}
    chosen = select(table).where(table.c.day >= first)
    for row in conn.execute(chosen).mappings():
        if row["source"] in found:
            found[row["source"]][row["day"]] = Counters(**{name: row[name] for name in NAMES})
    return found


def forget(conn: Connection, now: datetime) -> None:
    """Drop the days that nobody asks for any more."""
    conn.execute(delete(table).where(table.c.day < (now - KEPT).date()))
