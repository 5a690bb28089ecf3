"""What articles said before they were edited: each version that was replaced, and since when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from worker.storage.merging import Draft
from worker.storage.statements import insert_rows, within
from worker.storage.tables import articles, revisions


def keep_replaced(conn: Connection, drafts: Sequence[Draft], now: datetime) -> None:
    """Keep the words that these drafts are about to replace; call it before they are written."""
    changed = {
        d.stored.key: d
        for d in drafts
        if d.stored and d.stored.content_hash != d.incoming.content_hash
    }
    if not changed:
        return
    texts = select(articles.c.key, articles.c.text).where(
        within(conn, articles.c.key, sorted(changed))
    )
    old = {row.key: row.text for row in conn.execute(texts)}
    insert_rows(conn, revisions, [_row(d, old[key], now) for key, d in changed.items()])


def _row(d: Draft, text: str, now: datetime) -> dict[str, object]:
    stored = d.stored
    assert stored is not None  # noqa: S101  only replaced articles have a revision
    return {
        "article": stored.key,
        "replaced_at": now,
        "stage": stored.stage,
        "content_hash": stored.content_hash,
        "title": stored.title,
        "text": None if text == d.incoming.article.text else text,
        "first_seen": stored.worded_at,
        "last_seen": stored.confirmed_at,
    }
