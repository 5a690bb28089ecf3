"""What a message knows of the one before it, and of the other rules on its burst."""

from dataclasses import replace
from datetime import timedelta

from storage_samples import NOW, episode, finding

from alerts.episode import Episode, Transition
from alerts.notification import Before
from alerts.pipeline import Said
from worker.storage import episode_changes, episodes, outbox
from worker.storage.database import Database
from worker.told_before import before_message, same_burst

HOUR = timedelta(hours=1)
OPENED = episode()
GROWN = replace(
    OPENED,
    severity="critical",
    last=replace(finding(at=NOW + HOUR), count=14, stories=14, newsrooms=7),
    version=2,
)


def changed(db: Database, one: Episode, change: str, hours: int) -> None:
    made = Transition(change, one, change)  # type: ignore[arg-type]  # a literal, by parameter
    with db.write() as conn:
        episode_changes.note(conn, [made], NOW + hours * HOUR)


def told(db: Database, change: str, channel: str, hours: float, *, sent: bool = True) -> str:
    key, at = f"{OPENED.id}:{change}:{channel}", NOW + hours * HOUR
    with db.write() as conn:
        outbox.add(conn, key, channel, OPENED.id, outbox.OF_EPISODE, at, now=at)
    if sent:
        outbox.sent(db, key, at)
    return key


def before(db: Database, key: str) -> Before | None:
    with db.read() as conn:
        return before_message(conn, OPENED.id, key)


def test_a_message_is_compared_with_what_its_own_channel_was_sent(database: Database) -> None:
    changed(database, OPENED, "opened", 0)
    first = told(database, "opened", "mail", 0.1)
    assert before(database, first) is None
    changed(database, GROWN, "escalated", 2)
    told(database, "escalated", "phone", 2.1)
    second = told(database, "escalated", "mail", 2.1, sent=False)
    assert before(database, second) == Before(9, "stories", 9, 4, "critical")
    outbox.sent(database, second, NOW + 2 * HOUR)
    third = told(database, "repeat-1", "mail", 5, sent=False)
    assert before(database, third) == Before(14, "stories", 14, 7, "critical")


def test_what_never_left_told_nobody(database: Database) -> None:
    changed(database, OPENED, "opened", 0)
    told(database, "opened", "mail", 0, sent=False)
    later = told(database, "escalated", "mail", 1, sent=False)
    assert before(database, later) is None
    assert before(database, "nothing") is None


def test_other_rules_on_the_same_burst_are_named_and_no_others(database: Database) -> None:
    def seen(rule: str, *stories: str, hours: int = 0) -> Episode:
        at = NOW + hours * HOUR
        last = replace(finding(rule, at), story_ids=stories)
        return episode(rule, at, last=last, burst=stories)

    mine = seen("mine", "s1", "s2")
    listed = [mine, seen("both", "s1", "s2", "s3"), seen("apart", "s9"), seen("old", "s1", hours=3)]
    with database.write() as conn:
        for one in listed:
            assert episodes.save(conn, one, None) == "saved"
    with database.read() as conn:
        assert same_burst(conn, mine) == ("both",)


def test_a_message_is_compared_with_what_the_one_before_it_said_when_it_left(
    database: Database,
) -> None:
    changed(database, OPENED, "opened", 0)
    first = told(database, "opened", "mail", 0, sent=False)
    left = Said(count=12, stories=11, newsrooms=6, ladder=3)
    outbox.sent(database, first, NOW + HOUR, severity="critical", said=left)
    # No change of the history says that it shrank meanwhile.
    second = told(database, "repeat-1", "mail", 2, sent=False)
    assert before(database, second) == Before(12, "stories", 11, 6, "critical", 3)
