"""Which sources are in trouble, since when, and what the operator was told of it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from worker.storage.statements import replace_rows
from worker.storage.tables import source_notices as table


@dataclass(frozen=True, slots=True)
class Standing:
    """One source in trouble since `since`, or well again since `well_since`; `told_at` is when the
    operator was told of the trouble."""

    source: str
    why: str
    since: datetime
    well_since: datetime | None = None
    told_at: datetime | None = None


def load(conn: Connection) -> dict[str, Standing]:
    """All that are known, by source."""
    rows = conn.execute(select(table)).mappings()
    return {row["source"]: Standing(**row) for row in rows}


def save(conn: Connection, before: Collection[str], after: Collection[Standing]) -> None:
    """Keep these, and forget what was known `before` and is not among them."""
    rows = [asdict(standing) for standing in sorted(after, key=lambda one: one.source)]
    gone = set(before) - {row["source"] for row in rows}
    conn.execute(delete(table).where(table.c.source.in_(sorted(gone))))
    replace_rows(conn, table, ["source"], rows)
