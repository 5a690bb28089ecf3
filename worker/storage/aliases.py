"""The addresses that lead to an article under another one; `identity` decides, this remembers."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from crawler.article import Article
from worker.keys import article_key
from worker.storage.identity import Addresses, Link, links_of
from worker.storage.statements import chunks, replace_rows, within
from worker.storage.tables import aliases, articles


def resolved(conn: Connection, keys: Collection[str]) -> dict[str, str]:
    """The key of the article that each of these keys leads to: its own, unless it is an alias."""
    known = select(aliases.c.alias, aliases.c.article)
    led = {
        alias: article
        for some in chunks(sorted(set(keys)))
        for alias, article in conn.execute(known.where(within(conn, aliases.c.alias, some)))
    }
    return {key: led.get(key, key) for key in keys}


def addresses(conn: Connection, batch: Sequence[Article]) -> Addresses:
    """What is known of the addresses of these articles, and of those they name as aliases."""
    links = links_of(batch)
    asked = {article_key(a.canonical_url) for a in batch} | {article_key(k.alias) for k in links}
    known: dict[str, str] = {}
    for some in chunks(sorted(asked)):
        led = select(aliases.c.alias, articles.c.canonical_url).join_from(aliases, articles)
        known.update(
            (alias, url)
            for alias, url in conn.execute(led.where(within(conn, aliases.c.alias, some)))
        )
    grown = asked | {article_key(url) for url in known.values()} if links else set()
    return Addresses(known, _crowd(conn, grown))


def _crowd(conn: Connection, keys: Collection[str]) -> dict[str, int]:
    return {
        article: count
        for some in chunks(sorted(keys))
        for article, count in conn.execute(
            select(aliases.c.article, func.count())
            .where(within(conn, aliases.c.article, some))
            .group_by(aliases.c.article)
        )
    }


def note(conn: Connection, learnt: Iterable[Link], known: Addresses, now: datetime) -> None:
    """Remember aliases; their articles must be stored before."""
    rows = [
        {
            "alias": article_key(link.alias),
            "article": article_key(known.leads_to(link.alias)),
            "noted_at": now,
        }
        for link in learnt
    ]
    replace_rows(conn, aliases, ["alias"], sorted(rows, key=lambda row: str(row["alias"])))
