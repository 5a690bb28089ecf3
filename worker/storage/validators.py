"""The `ETag` and `Last-Modified` of each address of each source, for conditional requests."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, select

from crawler.ports import FeedValidators
from worker.keys import digest
from worker.storage.database import Database
from worker.storage.statements import replace_rows
from worker.storage.tables import validators as table

#: Sitemaps of one day, pages of a search: such addresses are never asked for again.
KEPT = timedelta(days=60)


def validators_of(db: Database, source: str, url: str) -> FeedValidators:
    """Those of the last good answer of this address; empty where there are none."""
    mine = and_(table.c.source == source, table.c.address == digest(url))
    with db.read() as conn:
        row = conn.execute(select(table).where(mine)).first()
    return FeedValidators(row.etag, row.last_modified) if row else FeedValidators()


def keep(
    conn: Connection, source: str, answered: Mapping[str, FeedValidators], now: datetime
) -> None:
    """Remember those of each address that answered; what is not among them stays as it was."""
    rows = [
        {
            "source": source,
            "address": digest(url),
            "etag": given.etag,
            "last_modified": given.last_modified,
            "noted_at": now,
        }
        for url, given in sorted(answered.items(), key=lambda pair: digest(pair[0]))
    ]
    replace_rows(conn, table, ["source", "address"], rows)


def forget(conn: Connection, now: datetime) -> None:
    """Drop addresses that were not asked for in a long time."""
    conn.execute(delete(table).where(table.c.noted_at < now - KEPT))
