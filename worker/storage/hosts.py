"""Leases on hosts, and the pauses that they are owed: two crawls never visit one host at once, nor
one right after the other, whichever machines they run on.

A host is `crawler.urls.host_of`. Its row outlives the lease: it keeps when the next request may be
made at the soonest, be it our own politeness or the server's Retry-After.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    collate,
    delete,
    or_,
    select,
    update,
)

from worker.storage.database import Database
from worker.storage.pace import LONGEST_RETRY_AFTER
from worker.storage.statements import chunks, is_postgres, upsert
from worker.storage.tables import host_leases as leases

#: What lies further ahead was written by a clock that was wrong, and binds nobody.
LONGEST_LEASE = timedelta(minutes=10)
_LONGEST_PAUSE = LONGEST_RETRY_AFTER + timedelta(hours=1)
#: A shorter pause is our own politeness, and nothing to tell.
_WORTH_TELLING = timedelta(minutes=2)


def lease_hosts(
    db: Database, hosts: Collection[str], holder: str, until: datetime, now: datetime
) -> frozenset[str]:
    """The hosts among these that are the holder's until then, or until it renews or releases them.

    The others are somebody else's now, or are owed a pause. A lease that nobody gave back (its
    crawl died) ends by itself.
    """

    def take(conn: Connection) -> frozenset[str]:
        statement = upsert(conn, leases)
        taken = statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"until": statement.excluded.until, "holder": statement.excluded.holder},
            where=and_(_past(leases.c.until, now, LONGEST_LEASE), _rested(now)),
        ).returning(leases.c.host)
        rows = [{"host": host, "until": until, "holder": holder} for host in sorted(set(hosts))]
        return frozenset(
            host for some in chunks(rows, 1_000) for host in conn.execute(taken, some).scalars()
        )

    return db.retrying(take)


def renew_leases(db: Database, holder: str, until: datetime, now: datetime) -> frozenset[str]:
    """The hosts that the holder still has, which are its own until then; the others ended."""
    mine = and_(leases.c.holder == holder, leases.c.until > now)
    renewed = update(leases).where(mine).values(until=until).returning(leases.c.host)

    def renew(conn: Connection) -> frozenset[str]:
        _held(conn, holder)
        return frozenset(conn.execute(renewed).scalars())

    return db.retrying(renew)


def release_hosts(
    db: Database,
    holder: str,
    now: datetime,
    delay: timedelta = timedelta(0),
    longer: Mapping[str, timedelta] | None = None,
) -> None:
    """Give back what the holder still has. Each host is then left alone for `delay`, those named
    in `longer` for so long."""

    def give_back(conn: Connection) -> None:
        for host in _held(conn, holder):
            rest_host(conn, host, now + (longer or {}).get(host, delay), now)
        free = update(leases).where(leases.c.holder == holder).values(until=now, holder=None)
        conn.execute(free)

    db.retrying(give_back)


def _held(conn: Connection, holder: str) -> Sequence[str]:
    """The hosts of the holder, locked in the order in which leases are taken (Python's): in any
    other one, PostgreSQL finds two crawls that wait for each other."""
    key = collate(leases.c.host, "C") if is_postgres(conn) else leases.c.host
    mine = select(leases.c.host).where(leases.c.holder == holder).order_by(key)
    return conn.execute(mine.with_for_update()).scalars().all()


def rest_host(conn: Connection, host: str, until: datetime, now: datetime) -> None:
    """Leave a host alone until then, whichever source or page asks for it."""
    statement = upsert(conn, leases).values(host=host, until=now, not_before=until)
    later = or_(leases.c.not_before.is_(None), leases.c.not_before < statement.excluded.not_before)
    kept = case((later, statement.excluded.not_before), else_=leases.c.not_before)
    conn.execute(
        statement.on_conflict_do_update(index_elements=["host"], set_={"not_before": kept})
    )


def leased_hosts(db: Database, now: datetime) -> frozenset[str]:
    """The hosts that are being crawled."""
    with db.read() as conn:
        return frozenset(conn.execute(select(leases.c.host).where(leases.c.until > now)).scalars())


def resting_hosts(
    conn: Connection, now: datetime, longer_than: timedelta = _WORTH_TELLING
) -> dict[str, datetime]:
    """The hosts that asked to be left alone for longer than this from now on, and until when."""
    chosen = select(leases.c.host, leases.c.not_before).where(
        leases.c.not_before > now + longer_than, leases.c.not_before <= now + _LONGEST_PAUSE
    )
    return {row.host: row.not_before for row in conn.execute(chosen)}


def forget(conn: Connection, now: datetime) -> None:
    """Drop hosts that nobody has visited for a day and that are owed nothing."""
    day_ago = now - timedelta(days=1)
    rested = or_(leases.c.not_before.is_(None), leases.c.not_before < day_ago)
    conn.execute(delete(leases).where(leases.c.until < day_ago, rested))


def _rested(now: datetime) -> ColumnElement[bool]:
    pause = leases.c.not_before
    return or_(pause.is_(None), _past(pause, now, _LONGEST_PAUSE))


def _past(
    column: ColumnElement[datetime], now: datetime, longest: timedelta
) -> ColumnElement[bool]:
    return or_(column <= now, column > now + longest)
