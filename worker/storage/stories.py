"""Reading stored stories back: their articles, without the texts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, Row, select

from worker.storage.archive import NEWEST_FIRST, PAGE, matching, older
from worker.storage.database import Database
from worker.storage.statements import within
from worker.storage.story_merging import present_names
from worker.storage.tables import articles as table
from worker.story_figures import Told

_TOLD = tuple(table.c[name] for name in Told.__dataclass_fields__)


def stories(
    db: Database,
    since: datetime | None = None,
    until: datetime | None = None,
    query: str | None = None,
    limit: int | None = None,
) -> Iterator[tuple[Told, ...]]:
    """Every story of which a relevant article is among those that `archive.articles` would give;
    that with the newest such article comes first.

    Each is all its relevant articles, also those of another time, in the order of time.
    """
    left, seen = limit, set[str]()
    after: Row[datetime, str, str] | None = None
    while left is None or left > 0:
        with db.read() as conn:
            page = _page(conn, since, until, query, after)
            names = [one for one in dict.fromkeys(row.story for row in page) if one not in seen]
            found = _told(conn, names[:left])
        yield from found
        if len(page) < PAGE:
            return
        seen.update(names)
        left = None if left is None else left - len(found)
        after = page[-1]


def story(conn: Connection, named: str) -> tuple[Told, ...]:
    """Every article of the story that has or had this name, in the order of time; none where there
    is no such story."""
    name = present_names(conn, [named]).get(named, named)
    chosen = select(*_TOLD).where(table.c.story == name).order_by(table.c.at, table.c.key)
    return tuple(Told(*row) for row in conn.execute(chosen))


def _page(
    conn: Connection,
    since: datetime | None,
    until: datetime | None,
    query: str | None,
    after: Row[datetime, str, str] | None,
) -> Sequence[Row[datetime, str, str]]:
    conditions = matching(conn, since, until, query, relevant=True)
    if after is not None:
        conditions.append(older(after.at, after.key))
    chosen = select(table.c.at, table.c.key, table.c.story).where(*conditions)
    return conn.execute(chosen.order_by(*NEWEST_FIRST).limit(PAGE)).all()


def _told(conn: Connection, names: Sequence[str]) -> list[tuple[Told, ...]]:
    """The relevant articles of each of these stories, in the order of the names."""
    chosen = (
        select(*_TOLD)
        .where(within(conn, table.c.story, names), table.c.relevant)
        .order_by(table.c.story, table.c.at, table.c.key)
    )
    told = (Told(*row) for row in conn.execute(chosen))
    by_name = {name: tuple(some) for name, some in groupby(told, attrgetter("story"))}
    # On PostgreSQL one may have been merged into another a moment ago.
    return [by_name[name] for name in names if name in by_name]
