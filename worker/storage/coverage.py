"""How much of the press was in sight, hour by hour: a silence counts only where we listened."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection, delete, func, select

from worker.backtest.hearing import Floats, unheard
from worker.storage.spans import Span, backfilled_spans
from worker.storage.statements import upsert
from worker.storage.tables import coverage as table

HOUR = timedelta(hours=1)
#: Older history teaches a baseline nothing that it would not have forgotten.
HORIZON = timedelta(days=400)
#: A source that was not due in an hour counts as it last was: healthy ones are polled every two
#: hours at least, failing ones once a day at least. One that answers but has stopped counts as
#: failing.
REMEMBERED = timedelta(days=28)  # what is usual is learnt from the two weeks before an hour
HEALTHY_FOR, FAILING_FOR = timedelta(hours=2), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PolledHour:
    """The polls of one source in one hour came to something (`ok`), or none of them did."""

    hour: datetime
    source: str
    ok: bool


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def note_poll(conn: Connection, source: str, at: datetime, *, ok: bool, new: int = 0) -> None:
    """Count one poll, and the new entries that it brought.

    A 304 is as good as a 200; neither is `ok` from a source that has stopped (see `silence`):
    whoever listens to it hears nothing.
    """
    statement = upsert(conn, table).values(
        hour=hour_of(at), source=source, ok=int(ok), failed=int(not ok), new=new
    )
    counted = {name: table.c[name] + statement.excluded[name] for name in ("ok", "failed", "new")}
    conn.execute(statement.on_conflict_do_update(index_elements=["hour", "source"], set_=counted))


def forget(conn: Connection, now: datetime) -> None:
    """Drop what lies so far back that no baseline begins there (see `origin`)."""
    conn.execute(delete(table).where(table.c.hour < now - HORIZON - timedelta(days=31)))


def new_entries(conn: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """How many new entries each source brought in these hours."""
    brought = (
        select(table.c.source, func.sum(table.c.new).label("brought"))
        .where(table.c.hour > hour_of(since), table.c.hour <= until)
        .group_by(table.c.source)
    )
    return {row.source: int(row.brought) for row in conn.execute(brought)}


def coverage(
    conn: Connection,
    since: datetime,
    until: datetime,
    sources: Collection[str] | None = None,
) -> dict[datetime, float]:
    """For each hour from `since` to `until`, the share of sources that were healthy (0 to 1).

    1.0 within a span of backfilled history, 0.0 where nothing was polled: unobserved. So is an hour
    in which polls were answered and brought far less than usual. With `sources` only those count;
    the rest have left the profile.
    """
    begin = hour_of(since) - REMEMBERED
    polled = (
        select(table.c.hour, table.c.source, table.c.ok, table.c.new)
        .where(table.c.hour >= begin, table.c.hour < until)
        .order_by(table.c.hour)
    )
    hours, brought = [], np.zeros(max((hour_of(until) - begin) // HOUR + 1, 0))
    for row in conn.execute(polled):
        if sources is None or row.source in sources:
            brought[(row.hour - begin) // HOUR] += row.new
            if row.hour >= hour_of(since) - FAILING_FOR:
                hours.append(PolledHour(row.hour, row.source, row.ok > 0))
    filled = backfilled_spans(conn)
    found = shares(hours, filled, since, until)
    for hour in _in_vain(begin, brought, found):
        if not any(hour_of(span.since) <= hour <= span.until for span in filled):
            found[hour] = 0.0
    return found


def _in_vain(begin: datetime, brought: Floats, known: Collection[datetime]) -> Iterator[datetime]:
    """The hours of `known` in which far less came than is usual (pure); the last one, which is not
    over, is judged as the one before."""
    if not brought.any():
        return
    silent = unheard(brought)
    last = max(known, default=begin)
    for hour in known:
        judged = hour - HOUR if hour == last else hour
        if judged >= begin and silent[(judged - begin) // HOUR]:
            yield hour


def ever_polled(conn: Connection) -> bool:
    """Whether any source was ever polled, as far back as is remembered."""
    return conn.execute(select(table.c.hour).limit(1)).first() is not None


def origin(conn: Connection, now: datetime) -> datetime:
    """The first hour that was ever polled or filled from history, at most `HORIZON` ago; the
    current hour where there is none. It moves by whole months: what begins there is built anew."""
    polled = conn.execute(select(func.min(table.c.hour))).scalar_one()
    starts = [hour_of(span.since) for span in backfilled_spans(conn)]
    first = min([*starts, *([polled] if polled else [])], default=hour_of(now))
    horizon = (now - HORIZON).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return max(first, horizon)


def shares(
    polled: Collection[PolledHour], filled: Collection[Span], since: datetime, until: datetime
) -> dict[datetime, float]:
    """The arithmetic of `coverage` (pure)."""
    by_hour: dict[datetime, list[PolledHour]] = {}
    for one in polled:
        by_hour.setdefault(one.hour, []).append(one)
    last: dict[str, PolledHour] = {}
    found = {}
    for hour in _hours(hour_of(since) - FAILING_FOR, until):
        now = by_hour.get(hour, [])
        last.update((one.source, one) for one in now)
        if hour < hour_of(since):
            continue
        if any(hour_of(span.since) <= hour <= span.until for span in filled):
            found[hour] = 1.0
        else:
            found[hour] = _share(last.values(), hour) if now else 0.0
    return found


def _share(last: Collection[PolledHour], hour: datetime) -> float:
    counted = [
        one.ok for one in last if hour - one.hour <= (HEALTHY_FOR if one.ok else FAILING_FOR)
    ]
    return sum(counted) / len(counted) if counted else 0.0


def _hours(since: datetime, until: datetime) -> Iterator[datetime]:
    hour = since
    while hour < until:
        yield hour
        hour += HOUR
