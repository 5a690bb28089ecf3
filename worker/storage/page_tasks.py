"""What was seen, and which pages have yet to be read. Both outlive a crawl and its process."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from crawler.article import Article
from crawler.ports import PageTask
from crawler.urls import host_of
from worker.keys import article_key
from worker.storage.aliases import resolved
from worker.storage.codec import decode_article, encode_article
from worker.storage.database import Database
from worker.storage.seen import note_seen
from worker.storage.statements import chunks, upsert
from worker.storage.tables import page_tasks as tasks
from worker.storage.tables import signals

ATTEMPTS = 3
#: What a new task gets; classification lowers it for what turns out to be about the dyad. A page
#: that was read before and is looked at again waits for both.
AGAIN, ORDINARY, URGENT = 200, 100, 10


def remember(conn: Connection, articles: Sequence[Article], now: datetime) -> None:
    """Note crawled articles as seen; one that is known from its feed alone gets a page task when it
    is new there or its title was edited, and one whose page was read loses it.

    Belongs in the transaction that takes the articles in.
    """
    by_key = {article_key(article.canonical_url): article for article in articles}
    shown = note_seen(conn, articles, now)
    waiting = [
        _task_row(key, article, now)
        for key, article in sorted(by_key.items())
        if key in shown and article.stage == "feed"
    ]
    insert = upsert(conn, tasks)
    # Where a task waits already, its page is read once, for the newer headline.
    insert = insert.on_conflict_do_update(
        index_elements=["article"], set_={"payload": insert.excluded.payload}
    )
    for rows in chunks(waiting, 500):
        conn.execute(insert, rows)
    _drop(conn, [key for article in articles if article.stage == "page" for key in _keys(article)])


def ask_again(conn: Connection, articles: Sequence[Article], now: datetime) -> None:
    """Have these pages read once more, after all others; where a task waits already, it is that."""
    by_key = {article_key(article.canonical_url): article for article in articles}
    rows = [_task_row(key, article, now, AGAIN) for key, article in sorted(by_key.items())]
    insert = upsert(conn, tasks).on_conflict_do_nothing()
    for some in chunks(rows, 500):
        conn.execute(insert, some)


def _task_row(
    key: str, article: Article, now: datetime, priority: int = ORDINARY
) -> dict[str, object]:
    return {
        "article": key,
        "host": _host(article.url),
        "priority": priority,
        "attempts": 0,
        "created_at": now,
        "payload": encode_article(article),
    }


def _keys(article: Article) -> list[str]:
    return [article_key(url) for url in (article.canonical_url, *article.aliases)]


def _host(url: str) -> str:
    try:
        return host_of(url)
    except ValueError:  # a port that is none: whoever asks for it is refused
        return ""


def _drop(conn: Connection, keys: Collection[str]) -> None:
    for some in chunks(sorted(set(keys))):
        conn.execute(delete(tasks).where(tasks.c.article.in_(some)))


def page_tasks(db: Database, host: str, limit: int, now: datetime) -> list[PageTask]:
    """The pages to read on this host (`crawler.urls.host_of`): the urgent first, then those that
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


def move(
    conn: Connection, canonical_url: str, moved_to: str, now: datetime
) -> Literal["moved", "given_up", "unknown"]:
    """Note that another host has a page: its task is that host's from now on, to be read there.

    It counts as an attempt, so that two hosts that send each other's readers back have an end.
    """
    key = article_key(canonical_url)
    waiting = select(tasks.c.payload, tasks.c.attempts).where(tasks.c.article == key)
    row = conn.execute(waiting.with_for_update()).first()
    if row is None:
        return "unknown"
    if row.attempts + 1 >= ATTEMPTS:
        _give_up(conn, key, now)
        return "given_up"
    moved = replace(decode_article(row.payload), url=moved_to)
    there = {"host": _host(moved_to), "payload": encode_article(moved)}
    changed = update(tasks).where(tasks.c.article == key)
    conn.execute(changed.values(**there, attempts=row.attempts + 1))
    return "moved"


def settle(
    conn: Connection, canonical_url: str, error: str | None, permanent: bool, now: datetime
) -> Literal["read", "again", "given_up", "unknown"]:
    """Note that a page was read (error None) or could not be, and say what became of its task.

    After 3 attempts, or a permanent error, it is given up, and what the feed said may fire at once.
    """
    key = article_key(canonical_url)
    counted = (
        update(tasks)
        .where(tasks.c.article == key)
        .values(attempts=tasks.c.attempts + 1, error=error)
        .returning(tasks.c.attempts)
    )
    attempts = conn.execute(counted).scalar()
    if attempts is None:
        return "unknown"
    if error is None:
        _drop(conn, [key])
        return "read"
    if not permanent and attempts < ATTEMPTS:
        return "again"
    _give_up(conn, key, now)
    return "given_up"


def _give_up(conn: Connection, key: str, now: datetime) -> None:
    _drop(conn, [key])
    (stored,) = resolved(conn, [key]).values()
    released = update(signals).where(signals.c.article == stored, signals.c.fires_from > now)
    conn.execute(released.values(fires_from=now))
