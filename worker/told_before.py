"""What a message can only know from those before it, and from the episodes beside its own."""

from sqlalchemy import Connection

from alerts.episode import Episode, linked
from alerts.notification import Before
from alerts.pipeline import Said
from worker.storage import episode_changes, episodes, outbox
from worker.storage.episode_changes import Numbers
from worker.storage.outbox import OutboxRow


def before_message(conn: Connection, episode: str, key: str) -> Before | None:
    """What the last message of this episode to the same channel said, before the message `key`;
    None where none was sent."""
    rows = outbox.listing(conn, episode=episode)
    mine = next((row for row in rows if row.key == key), None)
    if mine is None:
        return None
    sent = [
        (row.sent_at, row)
        for row in rows
        if row.channel == mine.channel and row.key != key and row.sent_at is not None
    ]
    if not sent:
        return None
    told_at, last = max(sent, key=lambda pair: pair[0])
    known = [change.numbers for change in episode_changes.of(conn, episode) if change.at <= told_at]
    return _before(known[-1], last) if known else None


def same_burst(conn: Connection, episode: Episode) -> tuple[str, ...]:
    """The other rules that fired on the burst of this episode, by identifier."""
    current = episodes.current(conn).values()
    return tuple(
        sorted(one.rule for one in current if one.id != episode.id and linked(one, episode))
    )


def _before(numbers: Numbers, last: OutboxRow) -> Before:
    """What the message itself said, where that was kept. The history has only what was a change: an
    episode that shrinks is none."""
    said = last.said or Said(numbers.count, numbers.stories, numbers.newsrooms, numbers.ladder)
    return Before(
        count=said.count,
        unit=numbers.unit,
        stories=said.stories,
        newsrooms=said.newsrooms,
        severity=numbers.severity if last.said is None else last.severity or numbers.severity,
        ladder=said.ladder,
    )
