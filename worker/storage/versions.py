"""Reading back what an article has said: its words of today, and those that they replaced."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, RowMapping, select

from worker.storage.archive import StoredArticle
from worker.storage.database import Database
from worker.storage.tables import articles as table
from worker.storage.tables import revisions


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said from `first_seen` until `last_seen`, the last time that it was read so.

    `replaced_at` is None for what it says today; `first_seen`, `last_seen` and `text` are None
    where they were not kept.
    """

    article: str
    url: str
    newsroom: str
    stage: str
    content_hash: str
    title: str
    text: str | None
    first_seen: datetime | None
    last_seen: datetime | None
    replaced_at: datetime | None = None


def versions(db: Database, article: StoredArticle) -> list[Version]:
    """Everything that an article has said, what it says today first; nothing once it is gone."""
    with db.read() as conn:
        row = conn.execute(select(table).where(table.c.key == article.key)).mappings().first()
        replaced = select(revisions).where(revisions.c.article == article.key)
        before = conn.execute(replaced.order_by(revisions.c.id.desc())).all()
    return _told(row, before) if row else []


def _told(row: RowMapping, before: Sequence[Row[Any]]) -> list[Version]:
    today = Version(
        article=row["key"],
        url=row["url"],
        newsroom=row["newsroom"],
        stage=row["stage"],
        content_hash=row["content_hash"],
        title=row["title"],
        text=row["text"],
        first_seen=row["worded_at"] or row["first_seen"],
        last_seen=row["confirmed_at"] or row["updated_at"],
    )
    told = [today]
    for old in before:
        text = old.text if old.first_seen is None or old.text is not None else told[-1].text
        told.append(
            replace(
                today,
                stage=old.stage,
                content_hash=old.content_hash,
                title=old.title,
                text=text,
                first_seen=old.first_seen,
                last_seen=old.last_seen,
                replaced_at=old.replaced_at,
            )
        )
    return told
