"""Looks after the sources: puts what their operator is to know into the outbox, and forgets what
is too old to be of use to anybody."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from worker.bootstrap import Services
from worker.notice_words import Digest, digest, outage_notice, reviewed
from worker.storage import coverage, hosts, outbox, robots, source_days, source_notices, validators
from worker.storage.codec import encode
from worker.storage.source_health import SourceHealth, source_health
from worker.storage.statements import one_at_a_time

log = logging.getLogger(__name__)


def look_after(services: Services, now: datetime) -> int:
    """Look at every source that is polled; returns how many messages were put into the outbox."""
    health = source_health(services.database, services.profile.polled, now)
    told = services.database.retrying(lambda conn: _conclude(conn, services, health, now))
    if told:
        log.warning("The operator is told of the sources: %d messages.", told)
    return told


def _conclude(
    conn: Connection, services: Services, health: Sequence[SourceHealth], now: datetime
) -> int:
    one_at_a_time(conn, "notices")
    before = source_notices.load(conn)
    standings = reviewed(before, health, now)
    told = 0
    operator = services.profile.operator
    if operator is not None:
        if lost := outage_notice(standings, now):
            since = f"{standings['*'].since:%Y%m%dT%H%M}"
            told += _tell(conn, f"outage-{since}", lost, operator.channels, now)
            standings = dict(lost.after)
        slot = operator.last_slot(now)
        names = {source.id: source.name for source in services.profile.sources}
        if (daily := digest(standings, names, slot, now)) and (
            sent := _tell(conn, f"sources-{slot:%Y%m%d}", daily, operator.channels, now)
        ):
            told += sent
            standings = dict(daily.after)
    source_notices.save(conn, before.keys(), standings.values())
    for kept in (coverage, hosts, robots, source_days, validators):
        kept.forget(conn, now)
    return told


def _tell(
    conn: Connection, thread: str, told: Digest, channels: Sequence[str], now: datetime
) -> int:
    """Put the notice into the outbox, once for each channel; 0 where this thread was told of."""
    payload, added = encode(told.notice), 0
    for channel in channels:
        key = f"{thread}:opened:{channel}"
        added += outbox.add(conn, key, channel, thread, payload, now, now=now) == "added"
    return added
