"""What was seen, and which pages have yet to be read. Both outlive a crawl and its process."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from crawler.article import Article
from crawler.ports import PageTask
from crawler.urls import authority
from worker.keys import article_key
from worker.storage.codec import decode_article, encode_article
from worker.storage.database import Database
from worker.storage.statements import chunks, upsert
from worker.storage.tables import page_tasks as tasks
from worker.storage.tables import seen, signals

ATTEMPTS = 3
#: What a new task gets; classification lowers it for what turns out to be about the dyad.
ORDINARY, URGENT = 100, 10


def remember(conn: Connection, articles: Sequence[Article], now: datetime) -> None:
    """Note crawled articles as seen; a new one known from its feed alone gets a page task, and one
    whose page was read loses it. Belongs in the transaction that takes the articles in."""
    by_key = {article_key(article.canonical_url): article for article in articles}
    new = _note_seen(conn, dict(sorted(by_key.items())), now)
    waiting = [
        {
            "article": key,
            "host": _host(article.url),
            "priority": ORDINARY,
            "attempts": 0,
            "created_at": now,
            "payload": encode_article(article),
        }
        for key, article in sorted(by_key.items())
        if key in new and article.stage == "feed"
    ]
    for rows in chunks(waiting, 500):
        conn.execute(upsert(conn, tasks).on_conflict_do_nothing(), rows)
    _drop(conn, [key for key, article in by_key.items() if article.stage == "page"])


def _host(url: str) -> str:
    try:
        return authority(url)
    except ValueError:  # a port that is none: no crawl will ask for this host
        return ""


def _note_seen(conn: Connection, by_key: dict[str, Article], now: datetime) -> set[str]:
    new: set[str] = set()
    statement = upsert(conn, seen).on_conflict_do_nothing().returning(seen.c.article)
    for some in chunks(by_key.items(), 500):
        rows = [{"article": k, "source": a.source, "first_seen": now} for k, a in some]
        new.update(conn.execute(statement, rows).scalars())
    return new


def _drop(conn: Connection, keys: Collection[str]) -> None:
    for some in chunks(sorted(keys)):
        conn.execute(delete(tasks).where(tasks.c.article.in_(some)))


def page_tasks(db: Database, host: str, limit: int, now: datetime) -> list[PageTask]:
    """The pages to read on this host (`crawler.urls.authority`): the urgent first, then those that
    have not failed, then the oldest. Whoever holds the host's lease is the only one who asks."""
    waiting = (
        select(tasks.c.payload, tasks.c.attempts)
        .where(tasks.c.host == host, tasks.c.created_at <= now)
        .order_by(tasks.c.priority, tasks.c.attempts, tasks.c.created_at, tasks.c.article)
        .limit(limit)
    )
    with db.read() as conn:
        return [PageTask(decode_article(p), attempts) for p, attempts in conn.execute(waiting)]


def hosts_with_pages(db: Database) -> dict[str, int]:
    """How many pages wait on each host that has any."""
    with db.read() as conn:
        per_host = select(tasks.c.host, func.count().label("waiting")).group_by(tasks.c.host)
        return {row.host: row.waiting for row in conn.execute(per_host)}


def make_urgent(conn: Connection, keys: Collection[str]) -> None:
    """Read these articles' pages first: they are about the dyad."""
    if keys:
        conn.execute(update(tasks).where(tasks.c.article.in_(sorted(keys))).values(priority=URGENT))


def settle(
    db: Database, canonical_url: str, error: str | None, permanent: bool, now: datetime
) -> Literal["read", "again", "given_up", "unknown"]:
    """Note that a page was read (error None) or could not be, and say what became of its task.

    After 3 attempts, or a permanent error, it is given up, and what the feed said may fire at once.
    """
    key = article_key(canonical_url)

    def note(conn: Connection) -> Literal["read", "again", "given_up", "unknown"]:
        counted = (
            update(tasks)
            .where(tasks.c.article == key)
            .values(attempts=tasks.c.attempts + 1, error=error)
            .returning(tasks.c.attempts)
        )
        attempts = conn.execute(counted).scalar()
        if attempts is None:
            return "unknown"
        if error is not None and not permanent and attempts < ATTEMPTS:
            return "again"
        _drop(conn, [key])
        if error is None:
            return "read"
        released = update(signals).where(signals.c.article == key, signals.c.fires_from > now)
        conn.execute(released.values(fires_from=now))
        return "given_up"

    return db.retrying(note)
