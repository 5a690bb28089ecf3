"""Sends what is due in the outbox: send, then mark, under a key that stays the same."""

import logging
import random
from datetime import datetime, timedelta

from alerts.channels.retry import Dead, after_failure
from alerts.notification import Failed, MessageChange, Notice, Notification
from alerts.render import render, render_notice
from worker import clock, reporting
from worker.bootstrap import Services
from worker.storage import episodes, outbox
from worker.storage.codec import decode
from worker.storage.outbox import OutboxRow

log = logging.getLogger(__name__)

#: No message is begun later than this into a round: sending one takes up to 50 s, and the round
#: is a task that must end.
_A_ROUND = timedelta(seconds=30)


def deliver(services: Services, now: datetime) -> int:
    """Send what is due, one message at a time, and return how many left."""
    left = 0
    while clock.now() - now < _A_ROUND:
        claimed = outbox.claim(services.database, clock.now(), limit=1)
        if not claimed:
            break
        left += _send(services, claimed[0])
    return left


def _send(services: Services, row: OutboxRow) -> int:
    """Send one message and note what became of it; 1 if it left."""
    channel = services.profile.channels.get(row.channel)
    if channel is None:
        _give_up(services, row, f"The profile has no channel {row.channel!r} any more.")
        return 0
    try:
        notification = _written(services, row)
    except Exception as error:
        log.exception("The message %s cannot be written", row.key)
        failed = Failed(permanent=False, error=f"It cannot be written: {type(error).__name__}.")
        _note_failure(services, row, failed)
        return 0
    if notification is None:
        _give_up(services, row, f"The episode {row.episode} is not stored any more.")
        return 0
    outcome = channel.send(notification)
    if isinstance(outcome, Failed):
        _note_failure(services, row, outcome)
        return 0
    if outcome.note:
        log.warning("%s was delivered, but: %s", row.key, outcome.note)
    outbox.sent(services.database, row.key, clock.now())
    return 1


def _written(services: Services, row: OutboxRow) -> Notification | None:
    if row.payload != outbox.OF_EPISODE:
        notice = decode(Notice, row.payload)
        return render_notice(notice, key=row.key, channel=row.channel, now=row.created_at)
    with services.database.read() as conn:
        episode = episodes.get(conn, row.episode)
    if episode is None:
        return None
    change: MessageChange = "repeat" if row.number else "opened"
    report = reporting.gather(services, episode, change)
    return render(report, key=row.key, channel=row.channel, now=row.created_at)


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
