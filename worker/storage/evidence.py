"""Snapshots of what episodes rested on, and what is stored of their articles by now.

A snapshot is written once and never changed: its digest says so (`alerts.evidence`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, select

from alerts.evidence import StoredWords
from worker.storage.aliases import resolved
from worker.storage.desk_tables import evidence as table
from worker.storage.statements import chunks, upsert, within
from worker.storage.tables import articles, revisions


@dataclass(frozen=True, slots=True)
class Kept:
    """One snapshot as it is stored; `body` is the canonical JSON that `digest` was made of."""

    episode: str
    taken_at: datetime
    digest: str
    body: str


def keep(conn: Connection, kept: Kept) -> Literal["kept", "known"]:
    """Write a snapshot, in the transaction in which its episode changes; the same one is one."""
    written = (
        upsert(conn, table)
        .values(episode=kept.episode, taken_at=kept.taken_at, digest=kept.digest, body=kept.body)
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )
    return "kept" if conn.execute(written).first() else "known"


def of_episode(conn: Connection, episode: str) -> list[Kept]:
    """The snapshots of an episode, in the order in which they were taken."""
    return [_kept(row) for row in conn.execute(_chosen(episode).order_by(table.c.id))]


def newest(conn: Connection, episode: str) -> Kept | None:
    """The last snapshot of an episode."""
    row = conn.execute(_chosen(episode).order_by(table.c.id.desc()).limit(1)).first()
    return None if row is None else _kept(row)


def stored_words(conn: Connection, keys: Collection[str]) -> dict[str, StoredWords]:
    """What is stored of these articles now, by the keys that were asked for: an alias leads to its
    article. What is not stored is left out."""
    led = resolved(conn, keys)
    edits = (
        select(func.count())
        .where(revisions.c.article == articles.c.key, revisions.c.stage == articles.c.stage)
        .correlate(articles)
        .scalar_subquery()
    )
    found: dict[str, StoredWords] = {}
    for some in chunks(sorted(set(led.values()))):
        chosen = select(
            articles.c.key,
            articles.c.canonical_url.label("url"),
            articles.c.title,
            articles.c.text,
            articles.c.stage,
            edits.label("edits"),
            articles.c.worded_at,
            articles.c.gone_at,
        ).where(within(conn, articles.c.key, some))
        for row in conn.execute(chosen).mappings():
            found[row["key"]] = StoredWords(**row)
    return {key: found[article] for key, article in led.items() if article in found}


def _chosen(episode: str) -> Select[Any]:
    columns = (table.c.episode, table.c.taken_at, table.c.digest, table.c.body)
    return select(*columns).where(table.c.episode == episode)


def _kept(row: Row[Any]) -> Kept:
    return Kept(row.episode, row.taken_at, row.digest, row.body)
