"""Silences: what people have said is not to be told for a time."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, insert, select, update

from alerts.silence import Silence, SilenceMatch
from worker.storage.codec import decode, encode
from worker.storage.desk_tables import silences as table

_ORDER = (table.c.until, table.c.id)


def add(conn: Connection, silence: Silence) -> None:
    """Keep a new silence."""
    conn.execute(
        insert(table),
        {
            "id": silence.id,
            "match": encode(silence.match),
            "since": silence.since,
            "until": silence.until,
            "by": silence.by,
            "note": silence.note,
        },
    )


def expire(
    conn: Connection, id: str, now: datetime
) -> Literal["expired", "over_already", "unknown"]:
    """End a silence now; one that is still to come ends before it begins."""
    mine = update(table).where(table.c.id == id, table.c.until > now).values(until=now)
    if conn.execute(mine.returning(table.c.id)).first():
        return "expired"
    known = conn.execute(select(table.c.id).where(table.c.id == id)).first()
    return "over_already" if known else "unknown"


def active(conn: Connection, now: datetime) -> list[Silence]:
    """The silences that hold at this moment, the first to end first."""
    chosen = select(table).where(table.c.since <= now, table.c.until > now)
    return [_silence(row) for row in conn.execute(chosen.order_by(*_ORDER)).mappings()]


def listing(conn: Connection, now: datetime, *, over: bool = False) -> list[Silence]:
    """The silences that hold or are to come, with `over` the past ones too."""
    chosen = select(table)
    if not over:
        chosen = chosen.where(table.c.until > now)
    return [_silence(row) for row in conn.execute(chosen.order_by(*_ORDER)).mappings()]


def _silence(row: RowMapping) -> Silence:
    match = decode(SilenceMatch, row["match"])
    return Silence(row["id"], match, row["since"], row["until"], row["by"], row["note"])
