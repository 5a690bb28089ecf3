"""Spans of time that were filled from history: there, no article means that none appeared."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from worker.storage.merging import ClassifiedArticle, draft
from worker.storage.statements import one_at_a_time
from worker.storage.tables import backfilled_spans as table

#: Two pieces of history closer than this are one: their silence is the news', not ours.
JOINED = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A `provisional` one was filled by a walk through sitemaps, which never bring everything."""

    since: datetime
    until: datetime
    provisional: bool = False


def backfilled_spans(conn: Connection) -> list[Span]:
    """The spans, by time; they do not overlap."""
    rows = conn.execute(select(table.c.since, table.c.until, table.c.provisional))
    return sorted(Span(*row) for row in rows)


def walked_until(conn: Connection) -> datetime | None:
    """The end of the latest provisional span, None where there is none."""
    return max((s.until for s in backfilled_spans(conn) if s.provisional), default=None)


def extend(conn: Connection, batch: Collection[ClassifiedArticle]) -> None:
    """Count the time of a batch of history as observed."""
    if batch:
        moments = [draft(None, classified).timing.at for classified in batch]
        add_span(conn, Span(min(moments), max(moments)))


def add_span(conn: Connection, span: Span) -> None:
    """Count a span as observed, and join it with those beside it."""
    one_at_a_time(conn, "spans")
    known = backfilled_spans(conn)
    merged = merge([*known, span])
    if merged != known:
        conn.execute(delete(table))
        conn.execute(
            insert(table),
            [{"since": s.since, "until": s.until, "provisional": s.provisional} for s in merged],
        )


def merge(spans: Collection[Span]) -> list[Span]:
    """The fewest spans that cover these, gaps shorter than a week included (pure)."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.since - merged[-1].until <= JOINED:
            merged[-1] = Span(
                merged[-1].since,
                max(merged[-1].until, span.until),
                merged[-1].provisional or span.provisional,
            )
        else:
            merged.append(span)
    return merged
