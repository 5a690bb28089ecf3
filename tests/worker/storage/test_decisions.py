"""What was decided, and silences, on both databases."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from storage_samples import NOW, episode

from alerts.pipeline import Candidate, Decision, Held, Passed, Route
from alerts.pipeline.reasons import COVERED, SILENCED
from alerts.silence import Silence, SilenceMatch
from worker.storage import decisions, outbox, silences
from worker.storage.database import Database
from worker.storage.decisions import Told

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALARM = episode()
OPENING = Candidate(ALARM, Route(("mail",)), "mail")
COVERED_ONE = Decision(OPENING, Held(COVERED, "mail was told of this burst as x."), "overlap")
SILENT_ONE = Decision(OPENING, Held(SILENCED, "Silence 7f3a by ana."), "silence")
PASSED_ONE = Decision(OPENING, Passed(NOW + HOUR))


def note(db: Database, decided: Iterable[Decision], at: datetime) -> None:
    readers = {"mail": "desk@example.org"}
    db.retrying(lambda conn: decisions.note(conn, list(decided), at, readers))


def listed(db: Database, **chosen: object) -> list[Told]:
    with db.read() as conn:
        return list(decisions.listing(conn, **chosen))  # type: ignore[arg-type]


def test_the_same_decision_again_is_counted_and_not_doubled(database: Database) -> None:
    for minutes in range(5):
        note(database, [SILENT_ONE], NOW + minutes * MINUTE)
    (only,) = listed(database)
    assert (only.at, only.last_at, only.times) == (NOW, NOW + 4 * MINUTE, 5)
    assert (only.stage, only.reason, only.detail) == ("silence", SILENCED, "Silence 7f3a by ana.")
    assert (only.key, only.episode, only.recipient) == (OPENING.key, ALARM.id, "desk@example.org")
    assert (only.status, only.sent_at, only.attempts) == (None, None, 0)


def test_one_query_says_what_was_held_what_was_sent_and_what_became_of_it(
    database: Database,
) -> None:
    note(database, [SILENT_ONE], NOW)
    note(database, [PASSED_ONE], NOW + HOUR)
    due = NOW + HOUR
    database.retrying(
        lambda conn: outbox.add(  # type: ignore[arg-type]
            conn, OPENING.key, "mail", ALARM.id, "{}", due, now=due, change="opened"
        )
    )
    outbox.claim(database, due)
    outbox.failed(database, OPENING.key, "It answered 451.", due + MINUTE, due)
    outbox.claim(database, due + MINUTE)
    outbox.sent(database, OPENING.key, due + MINUTE)
    sent, held = listed(database)
    assert (held.stage, held.reason, held.status) == ("silence", SILENCED, None)
    assert (sent.stage, sent.status, sent.sent_at) == ("passed", "sent", due + MINUTE)
    assert (sent.attempts, sent.error) == (2, None)
    assert listed(database, sent=True) == [sent] and listed(database, sent=False) == [held]
    assert listed(database, since=due) == [sent] and listed(database, until=due) == [held]
    assert listed(database, episode="another") == []
    assert listed(database, limit=1) == [sent]


def test_a_message_that_no_stage_saw_is_among_what_was_sent(database: Database) -> None:
    key = "sources-20250628:opened:mail"
    database.retrying(
        lambda conn: outbox.add(conn, key, "mail", "sources-20250628", "{...}", NOW, now=NOW)  # type: ignore[arg-type]
    )
    (only,) = listed(database, sent=True)
    assert (only.key, only.status, only.stage) == (key, "due", "passed")


def test_every_reason_of_the_past_is_known(database: Database) -> None:
    note(database, [SILENT_ONE, COVERED_ONE], NOW)
    note(database, [PASSED_ONE], NOW)
    with database.read() as conn:
        assert decisions.earlier(conn, [ALARM.id]) == {OPENING.key: {SILENCED, COVERED}}
        assert decisions.earlier(conn, []) == {}


def test_what_was_held_before_it_left_may_be_told_after_all(database: Database) -> None:
    def add(at: datetime) -> str:
        return database.retrying(
            lambda conn: outbox.add(conn, "k", "mail", "e", "{}", at, now=at, severity="warning")
        )

    assert add(NOW) == "added"
    outbox.claim(database, NOW)
    assert database.retrying(lambda conn: outbox.hold(conn, "k", "It is snoozed.")) == "held"
    assert outbox.claim(database, NOW + HOUR) == []
    with database.read() as conn:
        assert outbox.told(conn, ["e"]) == []
    assert add(NOW + HOUR) == "added"
    (row,) = outbox.claim(database, NOW + HOUR)
    assert (row.attempts, row.error, row.created_at) == (1, None, NOW + HOUR)
    assert add(NOW + 2 * HOUR) == "told_already"


def silence(name: str, since: datetime, until: datetime) -> Silence:
    return Silence(name, SilenceMatch(rules=("raids", "clash")), since, until, "ana", "a drill")


def test_a_silence_holds_from_its_beginning_to_its_end(database: Database) -> None:
    now_on, to_come = silence("a", NOW, NOW + HOUR), silence("b", NOW + HOUR, NOW + 3 * HOUR)
    for one in (to_come, now_on):
        database.retrying(lambda conn, one=one: silences.add(conn, one))
    with database.read() as conn:
        assert silences.active(conn, NOW) == [now_on]
        assert silences.active(conn, NOW + HOUR) == [to_come]
        assert silences.listing(conn, NOW) == [now_on, to_come]
        assert silences.listing(conn, NOW + 2 * HOUR) == [to_come]
        assert len(silences.listing(conn, NOW + 9 * HOUR, over=True)) == 2


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [("a", NOW + MINUTE, "expired"), ("a", NOW + HOUR, "over_already"), ("z", NOW, "unknown")],
)
def test_a_silence_can_be_ended_early(
    database: Database, name: str, at: datetime, said: str
) -> None:
    database.retrying(lambda conn: silences.add(conn, silence("a", NOW, NOW + HOUR)))
    assert database.retrying(lambda conn: silences.expire(conn, name, at)) == said
    with database.read() as conn:
        assert (silences.active(conn, at) == []) is (said != "unknown")
