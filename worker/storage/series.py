"""What the rules remember of each series: settled state, and rollups by bucket of time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from worker.storage.statements import chunks, replace_rows
from worker.storage.tables import late_signals, rollups, series_states


@dataclass(frozen=True, slots=True)
class SeriesState:
    """The settled state of a series, up to `through` (exclusive). `dirty_from` is the time of the
    earliest signal that came into settled buckets since, None when none did: rebuild from there.
    `late_seen` is how far this state has read the log of late signals; hand it back unchanged.
    """

    through: datetime
    state: str
    late_seen: int
    dirty_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rollup:
    """The counts of one bucket of a series; `bucket` is its start."""

    bucket: datetime
    stories: int
    newsrooms: int
    articles: int


def late_seen(conn: Connection) -> int:
    """The mark to save a freshly built state with. Read it before the signals: what comes in
    between is then rebuilt once too often, never missed."""
    return int(conn.execute(select(func.coalesce(func.max(late_signals.c.id), 0))).scalar_one())


def load_series(conn: Connection, series: Collection[str]) -> dict[str, SeriesState]:
    """The states of these series, as far as there are any. Load them before the signals."""
    states = {}
    late = conn.execute(select(late_signals.c.id, late_signals.c.at)).all()
    for some in chunks(sorted(series)):
        for row in conn.execute(select(series_states).where(series_states.c.series.in_(some))):
            new = [at for id, at in late if id > row.late_seen and at < row.through]
            dirty_from = min(new, default=None)
            states[row.series] = SeriesState(row.through, row.state, row.late_seen, dirty_from)
    return states


def save_series(conn: Connection, states: dict[str, SeriesState]) -> None:
    """Save states. To say that late signals have been taken in, save with a `late_seen` that was
    read before them."""
    rows = [
        {"series": name, "through": s.through, "state": s.state, "late_seen": s.late_seen}
        for name, s in sorted(states.items())
    ]
    replace_rows(conn, series_states, ["series"], rows)
    _forget_late(conn)


def _forget_late(conn: Connection) -> None:
    """Drop what every series has read, save the last: its number must not be given out again.

    Where there is no series, nobody will ask: each begins with what is there then.
    """
    read = select(func.min(series_states.c.late_seen)).scalar_subquery()
    last = select(func.max(late_signals.c.id)).scalar_subquery()
    conn.execute(delete(late_signals).where(late_signals.c.id < func.coalesce(read, last)))


def note_late(conn: Connection, at: datetime) -> None:
    """Signals changed in settled buckets, `at` the earliest. Only under the store's lock: numbers
    must become visible in the order in which they are given out."""
    conn.execute(insert(late_signals).values(at=at))


def forget_series(conn: Connection, keep: Collection[str]) -> None:
    """Drop the states and rollups of series that no rule asks for any more."""
    # Rollups are saved with a state, always: to look for their names would be to read them all.
    known = conn.execute(select(series_states.c.series)).scalars()
    for some in chunks(sorted(set(known) - set(keep))):
        for table in (rollups, series_states):
            conn.execute(delete(table).where(table.c.series.in_(some)))


def save_rollups(conn: Connection, series: str, counted: Iterable[Rollup]) -> None:
    """Write the counts of these buckets over what was there."""
    rows = [
        {
            "series": series,
            "bucket": r.bucket,
            "stories": r.stories,
            "newsrooms": r.newsrooms,
            "articles": r.articles,
        }
        for r in sorted(counted, key=lambda r: r.bucket)
    ]
    replace_rows(conn, rollups, ["series", "bucket"], rows)


def load_rollups(conn: Connection, series: str, since: datetime, until: datetime) -> list[Rollup]:
    """The buckets that start from `since` (inclusive) to `until` (exclusive), by time; a bucket
    without a row was never written."""
    chosen = (
        select(rollups.c.bucket, rollups.c.stories, rollups.c.newsrooms, rollups.c.articles)
        .where(rollups.c.series == series, rollups.c.bucket >= since, rollups.c.bucket < until)
        .order_by(rollups.c.bucket)
    )
    return [Rollup(*row) for row in conn.execute(chosen)]
