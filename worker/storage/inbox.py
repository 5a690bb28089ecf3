"""The inbox: articles that were taken in and wait to be classified. The broker may forget; this
table does not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, RowMapping, and_, case, delete, func, insert, or_, select, update

from crawler.article import Article
from worker import clock
from worker.keys import article_key
from worker.storage.codec import decode_article, encode_article
from worker.storage.database import Database
from worker.storage.page_tasks import remember
from worker.storage.statements import chunks
from worker.storage.tables import inbox
from worker.timing import Origin

ATTEMPTS = 3
BATCH = 50

PENDING, QUARANTINED = "pending", "quarantined"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One article that waits. `attempts` counts how often its processing was begun."""

    id: int
    article: Article
    origin: Origin
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to do with the rows of one task: work on `begun`; send each of `alone` again as a task
    of its own (they were begun before without an end, and one of them may be what kills the
    worker); `quarantined` were given up just now. Rows in none of these are done."""

    begun: tuple[int, ...]
    alone: tuple[int, ...]
    quarantined: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How much waits, how much was given up, and since when the oldest waits (None: nothing)."""

    pending: int
    quarantined: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """An article that was given up, with the reason as a sentence; its payload is kept."""

    id: int
    url: str
    origin: Origin
    attempts: int
    received_at: datetime
    reason: str


def put(db: Database, articles: Sequence[Article], now: datetime, origin: Origin) -> list[int]:
    """Take articles in, in one transaction, and return their inbox ids in the order given.

    Crawled ones are also remembered as seen, and those of stage `feed` leave a page task. The same
    article twice is harmless. Whoever calls this enqueues the ids; if that fails, the reconciler
    will.
    """
    if not articles:
        return []
    return db.retrying(lambda conn: _put(conn, articles, now, origin))


def _put(conn: Connection, articles: Sequence[Article], now: datetime, origin: Origin) -> list[int]:
    if origin == "crawl":
        remember(conn, articles, now)
    waiting = [
        {
            "article": article_key(article.canonical_url),
            "origin": origin,
            "status": PENDING,
            "attempts": 0,
            "received_at": now,
            "touched_at": now,
            "payload": encode_article(article),
        }
        for article in articles
    ]
    statement = insert(inbox).returning(inbox.c.id, sort_by_parameter_order=True)
    return [id for rows in chunks(waiting, 500) for id in conn.execute(statement, rows).scalars()]


def load(conn: Connection, ids: Collection[int]) -> list[InboxRow]:
    """The rows of these ids that still wait, by id. A payload that cannot be read raises
    `codec.Undecodable`: load row by row then."""
    waiting = select(inbox).where(inbox.c.id.in_(sorted(ids)), inbox.c.status == PENDING)
    return [_row(found) for found in conn.execute(waiting.order_by(inbox.c.id)).mappings()]


def _row(found: RowMapping) -> InboxRow:
    return InboxRow(
        id=found["id"],
        article=decode_article(found["payload"]),
        origin=found["origin"],
        attempts=found["attempts"],
        received_at=found["received_at"],
    )


def begin_attempt(db: Database, ids: Collection[int], now: datetime | None = None) -> Attempt:
    """Count an attempt at these rows before working on them, so that even one that kills its
    process is counted. After 3 attempts without an end a row is quarantined."""
    began_at = now or clock.now()

    def begin(conn: Connection) -> Attempt:
        attempts = _attempts(conn, ids)
        worn = tuple(id for id, count in attempts.items() if count >= ATTEMPTS)
        rest = tuple(id for id in attempts if id not in worn)
        alone = tuple(id for id in rest if attempts[id] > 0) if len(attempts) > 1 else ()
        begun = tuple(id for id in rest if id not in alone)
        _quarantine(conn, worn)
        if begun:
            counted = update(inbox).where(inbox.c.id.in_(begun))
            conn.execute(counted.values(attempts=inbox.c.attempts + 1, touched_at=began_at))
        return Attempt(begun, alone, worn)

    return db.retrying(begin)


def _attempts(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    rows = (
        select(inbox.c.id, inbox.c.attempts)
        .where(inbox.c.id.in_(sorted(ids)), inbox.c.status == PENDING)
        .order_by(inbox.c.id)
        .with_for_update()
    )
    return {row.id: row.attempts for row in conn.execute(rows)}


def _quarantine(conn: Connection, ids: Collection[int]) -> None:
    if not ids:
        return
    unexplained = f"{ATTEMPTS} attempts ended without a word: it may have killed its worker."
    conn.execute(
        update(inbox)
        .where(inbox.c.id.in_(ids))
        .values(status=QUARANTINED, reason=func.coalesce(inbox.c.reason, unexplained))
    )


def fail(db: Database, id: int, reason: str) -> Literal["pending", "quarantined", "gone"]:
    """Note why an attempt failed, as a sentence, and say what became of the row."""

    def note(conn: Connection) -> Literal["pending", "quarantined", "gone"]:
        status = case((inbox.c.attempts >= ATTEMPTS, QUARANTINED), else_=PENDING)
        noted = update(inbox).where(inbox.c.id == id).values(reason=reason, status=status)
        found = conn.execute(noted.returning(inbox.c.status)).scalar()
        if found is None:
            return "gone"
        return "quarantined" if found == QUARANTINED else "pending"

    return db.retrying(note)


def give_back(db: Database, ids: Collection[int]) -> None:
    """Take back an attempt that ended through no fault of these rows."""
    begun = update(inbox).where(inbox.c.id.in_(sorted(ids)), inbox.c.attempts > 0)
    taken_back = begun.values(attempts=inbox.c.attempts - 1)
    db.retrying(lambda conn: conn.execute(taken_back) and None)


def done(conn: Connection, ids: Collection[int]) -> None:
    """Forget rows whose article is stored; belongs in the transaction that stores it."""
    for some in chunks(sorted(ids)):
        conn.execute(delete(inbox).where(inbox.c.id.in_(some)))


def stale(
    db: Database,
    begun_patience: timedelta,
    queued_patience: timedelta,
    now: datetime,
    limit: int = 1000,
) -> list[list[int]]:
    """Batches to enqueue again: rows that were begun longer ago than `begun_patience`, and rows
    that were enqueued longer ago than `queued_patience` and never begun.

    Untouched rows come fifty at a time, rows that were begun before each alone. They count as
    enqueued now, so two reconcilers never take the same row.
    """

    def take(conn: Connection) -> list[list[int]]:
        lost = and_(inbox.c.attempts > 0, inbox.c.touched_at < now - begun_patience)
        forgotten = and_(inbox.c.attempts == 0, inbox.c.touched_at < now - queued_patience)
        waiting = (
            select(inbox.c.id)
            .where(inbox.c.status == PENDING, or_(lost, forgotten))
            .order_by(inbox.c.touched_at, inbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(inbox)
            .where(inbox.c.id.in_(waiting.scalar_subquery()))
            .values(touched_at=now)
            .returning(inbox.c.id, inbox.c.attempts)
        )
        rows = sorted((id, attempts) for id, attempts in conn.execute(taken))
        fresh = [id for id, attempts in rows if attempts == 0]
        return list(chunks(fresh, BATCH)) + [[id] for id, attempts in rows if attempts > 0]

    return db.retrying(take)


def counts(db: Database) -> InboxCounts:
    """How full the inbox is."""
    per_status = select(inbox.c.status, func.count(), func.min(inbox.c.received_at))
    with db.read() as conn:
        found = {
            s: (n, oldest) for s, n, oldest in conn.execute(per_status.group_by(inbox.c.status))
        }
    pending, oldest = found.get(PENDING, (0, None))
    return InboxCounts(pending, found.get(QUARANTINED, (0, None))[0], oldest)


def quarantined(db: Database, limit: int = 1000) -> list[QuarantinedRow]:
    """What was given up, the newest first."""
    given_up = select(inbox).where(inbox.c.status == QUARANTINED).order_by(inbox.c.id.desc())
    with db.read() as conn:
        rows = conn.execute(given_up.limit(limit)).all()
    return [
        QuarantinedRow(r.id, _url(r.payload), r.origin, r.attempts, r.received_at, r.reason or "")
        for r in rows
    ]


def _url(payload: str) -> str:
    try:
        return decode_article(payload).url
    except ValueError:
        return "(unreadable)"


def retry(db: Database, ids: Collection[int], now: datetime) -> list[int]:
    """Give quarantined rows three attempts more; the ids that were, to be enqueued."""

    def again(conn: Connection) -> list[int]:
        chosen = (
            update(inbox)
            .where(inbox.c.id.in_(sorted(ids)), inbox.c.status == QUARANTINED)
            .values(status=PENDING, attempts=0, reason=None, touched_at=now)
            .returning(inbox.c.id)
        )
        return sorted(conn.execute(chosen).scalars())

    return db.retrying(again)


def waiting(db: Database, first: int = 0, last: int | None = None) -> int:
    """How many rows of these ids (both inclusive; None: no end) are pending."""
    return _count(db, PENDING, first, last)


def newest(db: Database) -> int:
    """The highest id that there is, 0 where nothing is in the inbox."""
    with db.read() as conn:
        return int(conn.execute(select(func.max(inbox.c.id))).scalar_one() or 0)


def set_aside(db: Database, first: int = 0, last: int | None = None) -> int:
    """How many rows of these ids are quarantined."""
    return _count(db, QUARANTINED, first, last)


def _count(db: Database, status: str, first: int, last: int | None) -> int:
    chosen = select(func.count()).where(inbox.c.status == status, inbox.c.id >= first)
    if last is not None:
        chosen = chosen.where(inbox.c.id <= last)
    with db.read() as conn:
        return int(conn.execute(chosen).scalar_one())
