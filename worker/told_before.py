"""What a message can only know from those before it, and from the episodes beside its own."""

from sqlalchemy import Connection

from alerts.episode import Episode, linked
from alerts.notification import Before
from worker.storage import episode_changes, episodes, outbox
from worker.storage.episode_changes import Numbers


def before_message(conn: Connection, episode: str, key: str) -> Before | None:
    """What the last message of this episode to the same channel said, before the message `key`;
    None where none was sent."""
    rows = outbox.listing(conn, episode=episode)
    mine = next((row for row in rows if row.key == key), None)
    if mine is None:
        return None
    sent = [
        row.sent_at
        for row in rows
        if row.channel == mine.channel and row.key != key and row.sent_at is not None
    ]
    if not sent:
        return None
    told_at = max(sent)
    known = [change.numbers for change in episode_changes.of(conn, episode) if change.at <= told_at]
    return _before(known[-1]) if known else None


def same_burst(conn: Connection, episode: Episode) -> tuple[str, ...]:
    """The other rules that fired on the burst of this episode, by identifier."""
    current = episodes.current(conn).values()
    return tuple(
        sorted(one.rule for one in current if one.id != episode.id and linked(one, episode))
    )


def _before(numbers: Numbers) -> Before:
    return Before(
        count=numbers.count,
        unit=numbers.unit,
        stories=numbers.stories,
        newsrooms=numbers.newsrooms,
        severity=numbers.severity,
        ladder=numbers.ladder,
    )
