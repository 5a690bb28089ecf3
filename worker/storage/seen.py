"""What sources have shown: each address once, and the headline that the first one gave it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy.sql.dml import ReturningInsert

from crawler.article import Article
from crawler.ports import Novelty
from worker.keys import article_key, digest
from worker.storage.statements import chunks, upsert, within
from worker.storage.tables import aliases, seen

#: A headline that a source edits more often than this is a counter, or one of two that it tries
#: out on its readers: it is not followed any further.
CHANGES = 10
_COMPARED_CHARACTERS = 500


def seen_novelty(conn: Connection, source: str, titles: Mapping[str, str]) -> dict[str, Novelty]:
    """What is new among these titles by canonical URL, and what this very source, the first to
    show it, now gives another title, whatever the case and the spaces."""
    urls = {article_key(url): url for url in titles}
    known: dict[str, bool] = {}
    for some in chunks(sorted(urls)):
        for row in conn.execute(select(seen).where(within(conn, seen.c.article, some))):
            now_called = title_digest(titles[urls[row.article]])
            known[row.article] = (
                row.source == source
                and row.changes < CHANGES
                and None not in (now_called, row.title_digest)
                and now_called != row.title_digest
            )
    unseen = urls.keys() - known.keys()
    new: dict[str, Novelty] = {urls[key]: "new" for key in unseen - _aliases_among(conn, unseen)}
    return new | {urls[key]: "changed" for key, changed in known.items() if changed}


def _aliases_among(conn: Connection, keys: Collection[str]) -> set[str]:
    return {
        alias
        for some in chunks(sorted(keys))
        for alias in conn.execute(
            select(aliases.c.alias).where(within(conn, aliases.c.alias, some))
        ).scalars()
    }


def note_seen(conn: Connection, articles: Sequence[Article], now: datetime) -> set[str]:
    """Note these articles and their aliases as seen; the keys of those that are new, or that their
    source has given another title."""
    shown: set[str] = set()
    for some in chunks(_rows(articles, now), 500):
        shown.update(conn.execute(_statement(conn), some).scalars())
    return shown


def title_digest(title: str) -> str | None:
    """Changes with the words of a headline; None where it has none."""
    words = " ".join(title[:_COMPARED_CHARACTERS].casefold().split())
    return digest(words) if words else None


def _rows(articles: Sequence[Article], now: datetime) -> list[dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for article in articles:
        for alias in article.aliases:
            # What it is called there is for the source to say that shows it there.
            rows.setdefault(article_key(alias), _row(article, alias, None, now))
    for article in articles:
        # A page that was found under another address: no source has shown this one yet.
        title = None if article.aliases else title_digest(article.title)
        rows[article_key(article.canonical_url)] = _row(article, article.canonical_url, title, now)
    return [row for _, row in sorted(rows.items())]


def _row(article: Article, url: str, title: str | None, now: datetime) -> dict[str, object]:
    return {
        "article": article_key(url),
        "source": article.source,
        "first_seen": now,
        "stage": article.stage,
        "title_digest": title,
    }


def _statement(conn: Connection) -> ReturningInsert[Any]:
    """An upsert that returns what is new or changed.

    A page has its own headline, which is not an edit of the feed's: a headline is compared with
    one of the same stage, or comes from a feed.
    """
    insert = upsert(conn, seen)
    shown = insert.excluded
    edited = and_(
        seen.c.source == shown.source,
        seen.c.title_digest != shown.title_digest,
        seen.c.changes < CHANGES,
        or_(shown.stage == "feed", seen.c.stage == shown.stage),
    )
    changed = {
        "title_digest": shown.title_digest,
        "stage": shown.stage,
        "changes": seen.c.changes + 1,
    }
    return insert.on_conflict_do_update(
        index_elements=["article"], set_=changed, where=edited
    ).returning(seen.c.article)
