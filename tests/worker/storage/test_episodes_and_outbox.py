"""Episodes change by compare-and-set; messages leave once, or say why they did not."""

from dataclasses import replace
from datetime import timedelta

from storage_samples import NOW, episode, finding

from alerts.finding import Held
from alerts.pipeline import Told
from worker.storage import episodes, evaluations, outbox
from worker.storage.database import Database

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def save(db: Database, *args: object) -> str:
    return db.retrying(lambda conn: episodes.save(conn, *args))  # type: ignore[arg-type]


def test_an_episode_lives_through_its_states(database: Database) -> None:
    opened = episode()
    assert save(database, opened, None) == "saved"
    grown = replace(opened, version=2, peak_count=20, updated_at=NOW + MINUTE)
    assert save(database, grown, 1) == "saved"
    over = replace(grown, version=3, state="resolved", resolved_at=NOW + HOUR)
    assert save(database, over, 2) == "saved"
    with database.read() as conn:
        assert episodes.current(conn) == {"raids": over}
        assert episodes.get(conn, opened.id) == over
        assert episodes.get(conn, "unknown") is None
        assert episodes.listing(conn, state="open") == []
        assert episodes.listing(conn, since=NOW, until=NOW + SECOND) == [over]
        assert episodes.listing(conn, since=NOW + SECOND) == []


def test_only_the_version_that_was_read_is_written_over(database: Database) -> None:
    save(database, episode(), None)
    assert save(database, replace(episode(), version=2), 1) == "saved"
    assert save(database, replace(episode(), version=2), 1) == "overtaken"
    assert save(database, episode("unknown"), 1) == "overtaken"


def test_a_rule_has_one_active_episode(database: Database) -> None:
    first, second = episode(), episode(opened_at=NOW + HOUR)
    save(database, first, None)
    assert save(database, first, None) == "overtaken"
    assert save(database, second, None) == "overtaken"
    save(database, replace(first, version=2, state="resolved", resolved_at=NOW), 1)
    assert save(database, second, None) == "saved"
    assert save(database, replace(first, version=3), 2) == "overtaken", "it cannot reopen now"
    with database.read() as conn:
        assert episodes.current(conn) == {"raids": second}


def test_a_lost_race_leaves_the_transaction_usable(database: Database) -> None:
    save(database, episode(), None)
    with database.write() as conn:
        assert episodes.save(conn, episode(), None) == "overtaken"
        assert episodes.save(conn, episode("other"), None) == "saved"


def test_a_tick_is_evaluated_once_and_never_backwards(database: Database) -> None:
    held = Held("raids", "few_newsrooms", "1 newsroom reports it, 2 are needed.")

    def record(at: int, outcome: object) -> str:
        tick = NOW + at * MINUTE
        return database.retrying(
            lambda conn: evaluations.record_evaluation(conn, "raids", tick, outcome)  # type: ignore[arg-type]
        )

    assert record(1, held) == "recorded"
    assert record(1, held) == "evaluated_already"
    assert record(0, held) == "evaluated_already"
    with database.read() as conn:
        last = evaluations.last_evaluations(conn)["raids"]
    assert (last.fired, last.reason) == (False, "few_newsrooms")
    assert record(2, finding()) == "recorded"
    with database.read() as conn:
        assert evaluations.last_evaluations(conn)["raids"].reason == "fired"


def add(db: Database, key: str, due_at: object = NOW, **more: object) -> str:
    return db.retrying(
        lambda conn: outbox.add(  # type: ignore[arg-type]
            conn, key, "mail", "e1", '{"text": "ə"}', due_at, now=NOW, **more
        )
    )


def test_a_key_is_told_once(database: Database) -> None:
    assert add(database, "k") == "added"
    assert add(database, "k") == "told_already"
    (row,) = outbox.claim(database, NOW)
    assert (row.key, row.channel, row.episode, row.payload) == ("k", "mail", "e1", '{"text": "ə"}')
    assert outbox.sent(database, "k", NOW) == "noted"
    assert outbox.sent(database, "k", NOW) == "settled_already"
    assert add(database, "k") == "told_already"
    assert outbox.claim(database, NOW + HOUR) == []


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    add(database, "k")
    assert outbox.claim(database, NOW, lease=60 * SECOND)[0].attempts == 1
    assert outbox.claim(database, NOW + 59 * SECOND) == []
    assert outbox.claim(database, NOW + 60 * SECOND)[0].attempts == 2


def test_a_message_waits_until_it_is_due_and_the_longest_due_goes_first(database: Database) -> None:
    add(database, "later", NOW + MINUTE)
    add(database, "b", NOW - MINUTE)
    add(database, "a", NOW)
    assert [row.key for row in outbox.claim(database, NOW, limit=1)] == ["b"]
    assert [row.key for row in outbox.claim(database, NOW)] == ["a"]
    assert [row.key for row in outbox.claim(database, NOW + MINUTE, limit=1)] == ["b"]


def test_failures_are_tried_again_and_dead_letters_kept(database: Database) -> None:
    add(database, "k")
    outbox.claim(database, NOW)
    outbox.failed(database, "k", "It answered 451.", NOW + MINUTE, NOW)
    assert outbox.claim(database, NOW + 59 * SECOND) == []
    assert len(outbox.claim(database, NOW + MINUTE)) == 1
    assert outbox.dead(database, "k", "It answered 550.", NOW + MINUTE) == "noted"
    assert outbox.claim(database, NOW + HOUR) == []
    assert outbox.counts(database) == outbox.OutboxCounts(0, 1, None)
    with database.read() as conn:
        history = [(one.outcome, one.error) for one in outbox.attempts(conn, "k")]
        (row,) = outbox.listing(conn, status="dead", episode="e1")
    assert history == [("failed", "It answered 451."), ("dead", "It answered 550.")]
    assert row.error == "It answered 550."


def test_the_pipeline_sees_all_that_was_ever_told(database: Database) -> None:
    add(database, "k0")
    add(database, "k1", NOW + HOUR, number=1)
    outbox.claim(database, NOW)
    outbox.sent(database, "k0", NOW)
    with database.read() as conn:
        assert outbox.told(conn, ["e1", "e2"]) == [
            Told("k0", "e1", "mail", 0, NOW, planned_at=NOW),
            Told("k1", "e1", "mail", 1, NOW + HOUR, waits=True, planned_at=NOW + HOUR),
        ]
    assert outbox.counts(database) == outbox.OutboxCounts(1, 0, NOW + HOUR)


def test_a_message_is_replaced_only_while_nobody_has_tried_to_send_it(database: Database) -> None:
    def replace_(key: str) -> str:
        return database.retrying(lambda conn: outbox.replace(conn, key, "worse"))

    add(database, "waits", NOW + MINUTE)
    add(database, "tried")
    outbox.claim(database, NOW)
    assert replace_("waits") == "replaced"
    assert replace_("waits") == "left_already"
    assert replace_("tried") == "left_already"
    assert outbox.claim(database, NOW + 30 * SECOND) == [], "the other one is claimed"
    with database.read() as conn:
        assert [one.key for one in outbox.told(conn, ["e1"])] == ["tried"]
        (row,) = outbox.listing(conn, status="replaced")
    assert row.error == "worse took its place."
