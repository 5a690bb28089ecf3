"""Two stories prove to be one: what the younger had is the elder's, and its name leads there."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from worker.storage.desk_tables import judgements
from worker.storage.statements import chunks, replace_rows, within
from worker.storage.tables import (
    articles,
    happening_marks,
    happenings,
    signals,
    story_aliases,
    tellings,
)


def merge(conn: Connection, elder: str, younger: Sequence[str], now: datetime) -> list[datetime]:
    """Move everything of the younger stories; returns the times whose counts may have changed.

    Nothing is counted twice afterwards, and nothing wakes anybody: fewer stories are left than
    there were. Only under the store's lock.
    """
    theirs = select(articles.c.key).where(articles.c.story.in_(younger))
    moved = update(signals).where(signals.c.article.in_(theirs)).values(story=elder)
    touched = list(conn.execute(moved.returning(signals.c.at)).scalars())
    for table in (articles, tellings, judgements):
        conn.execute(update(table).where(table.c.story.in_(younger)).values(story=elder))
    for gone in (happenings, happening_marks):
        conn.execute(delete(gone).where(gone.c.story.in_(younger)))
    again = update(story_aliases).where(story_aliases.c.story.in_(younger))
    conn.execute(again.values(story=elder))
    rows = [{"alias": one, "story": elder, "merged_at": now} for one in sorted(younger)]
    replace_rows(conn, story_aliases, ["alias"], rows)
    return touched


def present_names(conn: Connection, stories: Collection[str]) -> dict[str, str]:
    """The present name of those of these stories that were merged into another."""
    return {
        row.alias: row.story
        for some in chunks(sorted(stories))
        for row in conn.execute(
            select(story_aliases.c.alias, story_aliases.c.story).where(
                within(conn, story_aliases.c.alias, some)
            )
        )
    }
