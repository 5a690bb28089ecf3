"""Pages that were deleted: noted beside their articles, which stay."""

from datetime import datetime

from sqlalchemy import Connection, update

from worker.keys import article_key
from worker.storage.aliases import resolved
from worker.storage.tables import articles


def note_gone(conn: Connection, canonical_url: str, now: datetime) -> None:
    """The server says that there is no such page (any more); the first time is kept."""
    key = _key(conn, canonical_url)
    first = update(articles).where(articles.c.key == key, articles.c.gone_at.is_(None))
    conn.execute(first.values(gone_at=now))


def note_back(conn: Connection, canonical_url: str) -> None:
    """The page was read: it is there, whatever was noted before."""
    key = _key(conn, canonical_url)
    back = update(articles).where(articles.c.key == key, articles.c.gone_at.is_not(None))
    conn.execute(back.values(gone_at=None))


def _key(conn: Connection, canonical_url: str) -> str:
    key = article_key(canonical_url)
    return resolved(conn, [key])[key]
