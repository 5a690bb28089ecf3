"""Two addresses turn out to be one article: what was stored under the one becomes the other's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, literal, select, update

from worker.keys import article_key
from worker.storage.identity import Link
from worker.storage.merging import trust
from worker.storage.tables import (
    aliases,
    articles,
    bands,
    revisions,
    signals,
    sketches,
    tellings,
)
from worker.stories.sketch import bands_of
from worker.timing import Timing, when_it_counts

Row = Mapping[str, Any]


def fold(conn: Connection, link: Link, now: datetime) -> list[datetime]:
    """Make what is stored under the alias the article's; returns the times whose counts changed.

    Nothing is counted twice afterwards, and no words are lost: the worse of two versions is kept as
    a revision. Only under the store's lock.
    """
    gone, kept = article_key(link.alias), article_key(link.canonical_url)
    rows = {
        row["key"]: dict(row)
        for row in conn.execute(select(articles).where(articles.c.key.in_((gone, kept)))).mappings()
    }
    if gone not in rows:
        return []
    touched: list[datetime] = []
    if kept in rows:
        touched = _unite(conn, rows[kept], rows[gone], now)
    else:
        _carry_over(conn, gone, kept, link.canonical_url)
    for table in (aliases, revisions, signals):
        _move(conn, table, gone, kept)
    _move_sketches(conn, gone, kept, rows.get(kept, rows[gone])["telling"])
    conn.execute(delete(articles).where(articles.c.key == gone))
    return touched


def united(own: Row, other: Row) -> dict[str, Any]:
    """The row of an article that was stored twice (pure).

    A page's words win over a feed's, and the article's own over its alias's. It was first seen when
    either was; the more trustworthy date stands; the story is its own, unless only the alias's was
    ever compared with others.
    """
    words, _ = _by_words(own, other)
    first = other if other["first_seen"] < own["first_seen"] else own
    told = other if own["telling"] is None and other["telling"] is not None else own
    dated = other if trust(other["published_from"]) > trust(own["published_from"]) else own
    timing = _timing(words, first, dated)
    return {
        **words,
        "key": own["key"],
        "canonical_url": own["canonical_url"],
        "given_id": own["given_id"] or other["given_id"],
        "story": told["story"],
        "telling": told["telling"],
        **{name: first[name] for name in ("first_seen", "origin", "first_poll")},
        **{name: dated[name] for name in ("published_at", "published_on", "published_from")},
        "at": timing.at,
        "timing": timing.reason,
    }


def _by_words(own: Row, other: Row) -> tuple[Row, Row]:
    """The row with the better words, and the one with the worse."""
    return (other, own) if own["stage"] == "feed" and other["stage"] == "page" else (own, other)


def _timing(words: Row, first: Row, dated: Row) -> Timing:
    return when_it_counts(
        dated["published_at"] or dated["published_on"],
        first["first_seen"],
        words["fetched"],
        origin=first["origin"],
        first_poll=first["first_poll"],
        stage=words["stage"],
        characters=len(words["title"]) + len(words["text"]),
    )


def _carry_over(conn: Connection, gone: str, kept: str, canonical_url: str) -> None:
    changed = {"key": literal(kept), "canonical_url": literal(canonical_url)}
    columns = [changed.get(column.name, column) for column in articles.columns]
    chosen = select(*columns).where(articles.c.key == gone)
    conn.execute(insert(articles).from_select(articles.columns.keys(), chosen))


def _unite(conn: Connection, own: Row, other: Row, now: datetime) -> list[datetime]:
    words, worse = _by_words(own, other)
    row = united(own, other)
    conn.execute(update(articles).where(articles.c.key == own["key"]).values(row))
    if words["content_hash"] != worse["content_hash"]:
        conn.execute(insert(revisions).values(_replaced(own["key"], worse, words, now)))
    dropped = delete(signals).where(signals.c.article == worse["key"]).returning(signals.c.at)
    touched = list(conn.execute(dropped).scalars())
    timing = _timing(row, row, row)
    moved = (
        update(signals)
        .where(signals.c.article == words["key"])
        .values(
            at=timing.at,
            fires_from=timing.fires_from,
            story=row["story"],
            teller=_teller(conn, row),
        )
        .returning(signals.c.id)
    )
    # Counted at another time, or in another story: both times have changed.
    if conn.execute(moved).all() and (words["at"], words["story"]) != (timing.at, row["story"]):
        touched += [words["at"], timing.at]
    return touched


def _teller(conn: Connection, row: Row) -> str:
    """Whose words the telling has that an article belongs to: its own, where it belongs to none."""
    told = select(tellings.c.newsroom).where(tellings.c.telling == row["telling"])
    return conn.execute(told).scalar() or str(row["newsroom"])


def _replaced(article: str, worse: Row, words: Row, now: datetime) -> dict[str, Any]:
    return {
        "article": article,
        "replaced_at": now,
        "stage": worse["stage"],
        "content_hash": worse["content_hash"],
        "title": worse["title"],
        "text": worse["text"] if worse["text"] != words["text"] else None,
        "first_seen": worse["worded_at"] or worse["first_seen"],
        "last_seen": worse["confirmed_at"] or worse["updated_at"],
    }


def _move(conn: Connection, table: Any, gone: str, kept: str) -> None:
    conn.execute(update(table).where(table.c.article == gone).values(article=kept))


def _move_sketches(conn: Connection, gone: str, kept: str, telling: str | None) -> None:
    """Wordings of a stage that the article has none of become its own; the others are forgotten."""
    theirs = list(conn.execute(select(sketches).where(sketches.c.article == gone)).mappings())
    if not theirs:
        return
    known = set(conn.execute(select(sketches.c.stage).where(sketches.c.article == kept)).scalars())
    for wording in theirs:
        stage = wording["stage"]
        filed = bands.c.band.in_(bands_of(wording["signature"]))
        mine = (filed, bands.c.article == gone, bands.c.stage == stage)
        if stage in known:
            conn.execute(delete(bands).where(*mine))
            continue
        conn.execute(update(bands).where(*mine).values(article=kept))
        here = (sketches.c.article == gone, sketches.c.stage == stage)
        moved = telling or wording["telling"]
        conn.execute(update(sketches).where(*here).values(article=kept, telling=moved))
