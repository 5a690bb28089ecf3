"""Leases on hosts: two crawls never visit one host at once, whichever machines they run on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from worker.storage.database import Database
from worker.storage.statements import upsert
from worker.storage.tables import host_leases as leases


def lease_hosts(
    db: Database, hosts: Collection[str], until: datetime, now: datetime
) -> frozenset[str]:
    """The hosts among these that are ours until then; the others are somebody else's now.

    A lease that nobody gave back (its crawl died) ends by itself.
    """

    def take(conn: Connection) -> frozenset[str]:
        statement = upsert(conn, leases)
        taken = statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"until": statement.excluded.until},
            where=leases.c.until <= now,
        ).returning(leases.c.host)
        rows = [{"host": host, "until": until} for host in sorted(set(hosts))]
        return frozenset(conn.execute(taken, rows).scalars()) if rows else frozenset()

    return db.retrying(take)


def release_hosts(db: Database, hosts: Collection[str], until: datetime) -> None:
    """Give leases back; `until` is what they were taken with, so that nobody gives back a lease
    that ended and is another's by now."""
    mine = delete(leases).where(leases.c.host.in_(sorted(hosts)), leases.c.until == until)
    db.retrying(lambda conn: conn.execute(mine) and None)


def leased_hosts(db: Database, now: datetime) -> frozenset[str]:
    """The hosts that are being crawled."""
    with db.read() as conn:
        return frozenset(conn.execute(select(leases.c.host).where(leases.c.until > now)).scalars())
