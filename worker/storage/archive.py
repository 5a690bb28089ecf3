"""Reading stored articles back: for exports, for messages and for the dashboard."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    or_,
    select,
)

from worker.classify.record import Event
from worker.storage.aliases import resolved
from worker.storage.codec import from_json
from worker.storage.database import Database
from worker.storage.statements import chunks, contains, within
from worker.storage.tables import articles as table
from worker.storage.tables import revisions

#: Rows of one short read: between two pages no reader keeps SQLite's log from shrinking.
PAGE = 500

NEWEST_FIRST = (table.c.at.desc(), table.c.key.desc())

_EDITS = (
    select(func.count())
    .where(revisions.c.article == table.c.key, revisions.c.stage == table.c.stage)
    .correlate(table)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """One article as it is stored. `key` is what signals name it by; `id` is what whoever handed
    it in called it, else its URL. `at` is when it counts, `timing` says why then."""

    key: str
    id: str
    url: str
    source: str
    newsroom: str
    country: str | None
    title: str
    text: str
    language: str
    published: datetime | date | None
    fetched: datetime
    first_seen: datetime
    at: datetime
    timing: str
    stage: str
    origin: str
    story: str
    relevant: bool
    relevance: float
    direction: str
    severity: int
    initiator: str | None
    escalation: float
    reason: str
    events: tuple[Event, ...]
    revisions: int = 0
    canonical_url: str = ""
    gone_at: datetime | None = None


def articles(
    db: Database,
    since: datetime | None = None,
    until: datetime | None = None,
    query: str | None = None,
    limit: int | None = None,
    *,
    relevant: bool | None = None,
    edited: bool = False,
) -> Iterator[StoredArticle]:
    """Stored articles, the newest first, that count from `since` (inclusive) to `until`
    (exclusive) and whose title or text contains `query`, in any case; with `edited` only those that
    have said something else before.

    The query is a plain search through all rows of that time. What is stored while this runs may
    or may not be among them.
    """
    left, after = limit, None
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        with db.read() as conn:
            chosen = _chosen(conn, since, until, query, relevant, after).limit(size)
            if edited:
                chosen = chosen.where(_EDITS > 0)
            page = [_article(row) for row in conn.execute(chosen).mappings()]
        yield from page
        if len(page) < size:
            return
        left = None if left is None else left - size
        after = page[-1]


def get(conn: Connection, keys: Collection[str]) -> dict[str, StoredArticle]:
    """The articles of these keys, by their own, as far as they are stored; an alias leads to its
    article."""
    return {
        row["key"]: _article(row)
        for some in chunks(sorted(set(resolved(conn, keys).values())))
        for row in conn.execute(
            select(table, _EDITS.label("revisions")).where(within(conn, table.c.key, some))
        ).mappings()
    }


def matching(
    conn: Connection,
    since: datetime | None,
    until: datetime | None,
    query: str | None,
    relevant: bool | None,
) -> list[ColumnElement[bool]]:
    """What is true of the articles that are asked for; see `articles`."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(table.c.at >= since)
    if until is not None:
        conditions.append(table.c.at < until)
    if relevant is not None:
        conditions.append(table.c.relevant == relevant)
    if query:
        conditions.append(or_(*(contains(conn, c, query) for c in (table.c.title, table.c.text))))
    return conditions


def older(at: datetime, key: str) -> ColumnElement[bool]:
    """What is true of the articles that come after this one, the newest first."""
    # The first half is what the index understands: each page begins where the last one ended.
    return and_(table.c.at <= at, or_(table.c.at < at, table.c.key < key))


def _chosen(
    conn: Connection,
    since: datetime | None,
    until: datetime | None,
    query: str | None,
    relevant: bool | None,
    after: StoredArticle | None,
) -> Select[tuple[object, ...]]:
    conditions = matching(conn, since, until, query, relevant)
    if after is not None:
        conditions.append(older(after.at, after.key))
    chosen = select(*table.c, _EDITS.label("revisions")).where(*conditions)
    return chosen.order_by(*NEWEST_FIRST)


def _article(row: RowMapping) -> StoredArticle:
    kept = {name: row[name] for name in StoredArticle.__dataclass_fields__ if name in row}
    kept["id"] = row["given_id"] or row["url"]
    kept["published"] = row["published_at"] or row["published_on"]
    kept["events"] = tuple(from_json(Event, event) for event in json.loads(row["events"]))
    return StoredArticle(**kept)
