"""When the pages that an alert rests on are looked at again, through ordinary page tasks.

After an hour, six hours, a day, three days and a week: so an article that is edited or deleted
afterwards is noticed. Looks that were missed are not made up for.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, or_, select

from crawler.article import Article
from worker.storage import page_tasks
from worker.storage.aliases import resolved
from worker.storage.desk_tables import revisits as table
from worker.storage.statements import chunks, replace_rows, within
from worker.storage.tables import aliases, articles, seen

AFTER = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)


def expect(conn: Connection, keys: Collection[str], now: datetime) -> None:
    """An alert rests on these articles as of `now`: their looks are counted from here, also where
    an earlier alert rests on them."""
    led = sorted(set(resolved(conn, keys).values()))
    rows = [{"article": key, "since": now, "due_at": now + AFTER[0]} for key in led]
    replace_rows(conn, table, ["article"], rows)


def ask(conn: Connection, now: datetime, most: int, pages_of: Collection[str]) -> int:
    """Ask for the pages that are due to be looked at, those of the newest alerts first, `most` at
    most; the number of pages.

    Only pages of these sources are asked for, and only what a crawl has brought: what somebody
    handed in, or what its source tells in full, says nothing of a page.
    """
    due = (
        select(table.c.article, table.c.since)
        .where(table.c.due_at <= now)
        .order_by(table.c.since.desc(), table.c.article)
        .limit(most)
    )
    since = {row.article: row.since for row in conn.execute(due)}
    wanted = _articles(conn, sorted(since), now, pages_of)
    page_tasks.ask_again(conn, wanted, now)
    _put_off(conn, since, now)
    return len(wanted)


def _put_off(conn: Connection, since: Mapping[str, datetime], now: datetime) -> None:
    """Set the next look of each, or forget those that have had their last."""
    later = {
        key: next((begun + span for span in AFTER if begun + span > now), None)
        for key, begun in since.items()
    }
    over = sorted(key for key, at in later.items() if at is None)
    for some in chunks(over):
        conn.execute(delete(table).where(within(conn, table.c.article, some)))
    rows = [
        {"article": key, "since": since[key], "due_at": at}
        for key, at in sorted(later.items())
        if at is not None
    ]
    replace_rows(conn, table, ["article"], rows)


def _articles(
    conn: Connection, keys: Sequence[str], now: datetime, pages_of: Collection[str]
) -> list[Article]:
    led = sorted(set(resolved(conn, keys).values()))
    names = aliases.c.article == articles.c.key, seen.c.article == aliases.c.alias
    other = select(seen.c.article).join_from(aliases, seen, names[1]).where(names[0])
    shown = select(seen.c.article).where(seen.c.article == articles.c.key)
    has_page = or_(*(chosen.where(seen.c.stage == "feed").exists() for chosen in (shown, other)))
    found: list[Article] = []
    for some in chunks(led):
        crawled = within(conn, articles.c.key, some), articles.c.origin == "crawl", has_page
        rows = conn.execute(select(articles).where(*crawled)).mappings()
        found += [_article(row, now) for row in rows if row["source"] in pages_of]
    return found


def _article(row: RowMapping, now: datetime) -> Article:
    """The article as its page task carries it: what is known of it, without its text."""
    return Article(
        url=row["url"],
        canonical_url=row["canonical_url"],
        source=row["source"],
        newsroom=row["newsroom"],
        fetched=now,
        title=row["title"],
        country=row["country"],
        language=row["declared_language"],
        published=row["published_at"] or row["published_on"],
        published_from=row["published_from"],
        authors=tuple(json.loads(row["authors"])),
        stage="feed",
        topical=row["topical"],
        first_poll=row["first_poll"],
    )
