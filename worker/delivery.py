"""Sends what is due in the outbox: send, then mark, under a key that stays the same."""

import logging
import random
import time
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.channels.retry import Dead, after_failure
from alerts.episode import Episode
from alerts.notification import Delivered, Failed, Notice, Notification
from alerts.pipeline import Held, Said
from alerts.pipeline.untrue import untrue
from alerts.render import render, render_notice
from worker import clock, reporting
from worker.bootstrap import Services
from worker.storage import decisions, episodes, outbox
from worker.storage.codec import decode
from worker.storage.decisions import Ruling
from worker.storage.outbox import OutboxRow

log = logging.getLogger(__name__)

#: No message is begun later than this into a round: sending one takes up to 50 s, and the round
#: is a task that must end.
_A_ROUND = timedelta(seconds=30)

#: What is due so soon is waited for: a message that waits for the rest of its burst is not late by
#: the time until somebody looks again.
_PATIENCE = timedelta(seconds=3)


def deliver(services: Services, now: datetime) -> int:
    """Send what is due, one message at a time, and return how many left."""
    left = 0
    while clock.now() - now < _A_ROUND:
        claimed = outbox.claim(services.database, clock.now(), limit=1)
        if claimed:
            left += _send(services, claimed[0])
        elif not _waited(services):
            break
    return left


def _waited(services: Services) -> bool:
    """Wait for the next message where it is due soon."""
    now = clock.now()
    due = outbox.next_due(services.database, now)
    if due is None or due - now > _PATIENCE:
        return False
    time.sleep(max((due - now).total_seconds(), 0.05))
    return True


def _send(services: Services, row: OutboxRow) -> int:
    """Send one message and note what became of it; 1 if it left."""
    channel = services.profile.channels.get(row.channel)
    if channel is None:
        _give_up(services, row, f"The profile has no channel {row.channel!r} any more.")
        return 0
    episode = None
    if row.payload == outbox.OF_EPISODE:
        episode = _episode(services, row)
        if episode is None:
            _give_up(services, row, f"The episode {row.episode} is not stored any more.")
            return 0
        if held := _untrue(services, row, episode):
            _hold(services, row, held)
            return 0
    try:
        notification = _written(services, row, episode)
    except Exception as error:
        log.exception("The message %s cannot be written", row.key)
        failed = Failed(permanent=False, error=f"It cannot be written: {type(error).__name__}.")
        _note_failure(services, row, failed)
        return 0
    outcome = channel.send(notification)
    if isinstance(outcome, Failed):
        _note_failure(services, row, outcome)
        return 0
    _note_sent(services, row, outcome, episode)
    return 1


def _episode(services: Services, row: OutboxRow) -> Episode | None:
    with services.database.read() as conn:
        return episodes.get(conn, row.episode)


def _untrue(services: Services, row: OutboxRow, episode: Episode) -> Held | None:
    """Why the message says by now what is not so; the claim that is ours was counted already."""
    with services.database.read() as conn:
        first, _ = outbox.thread(conn, row)
    return untrue(
        episode,
        row.about,
        row.severity,
        clock.now(),
        tried=row.attempts > 1,
        follows=first != row.key,
    )


def _written(services: Services, row: OutboxRow, episode: Episode | None) -> Notification:
    if episode is None:
        notice = decode(Notice, row.payload)
        written = render_notice(notice, key=row.key, channel=row.channel, now=row.created_at)
        # Each notice is a thread of its own.
        return replace(written, thread=row.episode, thread_key=row.key)
    report = reporting.gather(services, episode, row.about, key=row.key)
    written = render(report, key=row.key, channel=row.channel, now=row.created_at)
    with services.database.read() as conn:
        first, reference = outbox.thread(conn, row)
    return replace(written, change=row.about, thread_key=first, reference=reference)


def _note_sent(
    services: Services, row: OutboxRow, outcome: Delivered, episode: Episode | None
) -> None:
    if outcome.note:
        log.warning("%s was delivered, but: %s", row.key, outcome.note)
    outbox.sent(
        services.database,
        row.key,
        clock.now(),
        reference=outcome.reference,
        severity=episode.severity if episode else None,
        said=Said.of(episode.last) if episode else None,
    )


def _hold(services: Services, row: OutboxRow, held: Held) -> None:
    """Keep back what has become untrue, and why."""
    log.warning("%s is held back: %s", row.key, held.detail)
    ruling = Ruling(row.key, row.episode, row.channel, decisions.DELIVERY, held.reason, held.detail)

    def keep(conn: Connection) -> None:
        outbox.hold(conn, row.key, held.detail)
        decisions.keep(conn, [ruling], clock.now())

    services.database.retrying(keep)


def _note_failure(services: Services, row: OutboxRow, failed: Failed) -> None:
    now = clock.now()
    jitter = random.random()  # noqa: S311  jitter, no secret
    with services.database.read() as conn:
        earlier = outbox.attempts(conn, row.key)
    first_due = earlier[0].at if earlier else now
    fate = after_failure(failed, row.attempts, first_due, now, jitter)
    if isinstance(fate, Dead):
        _give_up(services, row, fate.reason)
        return
    log.warning("%s was not delivered: %s Next try at %s.", row.key, failed.error, fate.due_at)
    outbox.failed(services.database, row.key, failed.error, fate.due_at, now)


def _give_up(services: Services, row: OutboxRow, reason: str) -> None:
    log.error("%s will not be delivered: %s", row.key, reason)
    outbox.dead(services.database, row.key, reason, clock.now())
