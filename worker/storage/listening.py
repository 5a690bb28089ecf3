"""Which sources were being heard at a moment: an alert says how much of the press it speaks for."""

from datetime import datetime

from sqlalchemy import Connection, case, func, select

from worker.storage.coverage import FAILING_FOR, HEALTHY_FOR, hour_of
from worker.storage.tables import coverage as table


def heard(conn: Connection, now: datetime) -> frozenset[str] | None:
    """The sources whose last poll before `now` was well and is not long past; None where nothing
    was polled at all, as over a history that was handed in."""
    last_well = func.max(case((table.c.ok > 0, table.c.hour)))
    polled = (
        select(table.c.source, func.max(table.c.hour).label("last"), last_well.label("well"))
        .where(table.c.hour >= hour_of(now) - FAILING_FOR, table.c.hour <= now)
        .group_by(table.c.source)
    )
    rows = conn.execute(polled).all()
    if not rows:
        return None
    return frozenset(
        row.source
        for row in rows
        if row.well is not None and row.well == row.last and hour_of(now) - row.well <= HEALTHY_FOR
    )
