"""The history of an episode: what is kept of it, in which order, and that it survives."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from storage_samples import NOW, episode, finding

from alerts.episode import CONTINUES, GREW, Transition, advance
from alerts.handling import Impossible
from worker.handling import Unknown, handle
from worker.storage import episode_changes, episodes
from worker.storage.database import Database
from worker.storage.desk_tables import judgements
from worker.storage.statements import insert_rows
from worker.storage.tables import story_aliases

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def open_one(db: Database) -> None:
    transition = advance(None, finding(), NOW)
    assert transition.episode is not None
    made = transition.episode

    def write(conn: object) -> None:
        episodes.save(conn, made, None)  # type: ignore[arg-type]
        episode_changes.note(conn, [transition], NOW)  # type: ignore[arg-type]

    db.retrying(write)


def history(db: Database) -> list[tuple[str, str | None, str]]:
    with db.read() as conn:
        return [(c.change, c.by, c.reason) for c in episode_changes.of(conn, episode().id)]


def test_what_rules_and_people_do_is_kept_in_order(database: Database) -> None:
    open_one(database)
    id = episode().id
    handle(database, id, "acknowledged", "ana", NOW + MINUTE, note="I see to it")
    handle(database, id, "snoozed", "ana", NOW + 2 * MINUTE, until=NOW + HOUR)
    handle(database, id, "assigned", "ana", NOW + 3 * MINUTE, to="ben")
    assert history(database) == [
        ("opened", None, "opened"),
        ("acknowledged", "ana", "I see to it"),
        ("snoozed", "ana", ""),
        ("assigned", "ana", ""),
    ]
    with database.read() as conn:
        opened, _, snoozed, assigned = episode_changes.of(conn, id)
        assert [one.change for one in episode_changes.listing(conn, NOW + MINUTE, NOW + HOUR)] == [
            "acknowledged", "snoozed", "assigned",
        ]  # fmt: skip
    numbers = opened.numbers
    assert (numbers.count, numbers.newsrooms, numbers.expected) == (9, 4, 1.5)
    assert (numbers.severity, numbers.probability) == ("critical", 1e-6)
    assert snoozed.particulars.until == NOW + HOUR
    assert assigned.particulars.to == "ben"
    assert [opened.version, assigned.version] == [1, 4]


def test_what_is_done_already_is_not_kept_again(database: Database) -> None:
    open_one(database)
    first = handle(database, episode().id, "closed", "ana", NOW + MINUTE)
    again = handle(database, episode().id, "closed", "ben", NOW + HOUR)
    assert (first.changed, again.changed) == (True, False)
    assert again.episode == first.episode
    assert [change for change, _, _ in history(database)] == ["opened", "closed"]


def test_what_cannot_be_done_leaves_no_trace(database: Database) -> None:
    open_one(database)
    with pytest.raises(Impossible):
        handle(database, episode().id, "snoozed", "ana", NOW, until=NOW - MINUTE)
    with pytest.raises(Unknown):
        handle(database, "nothing", "closed", "ana", NOW)
    assert len(history(database)) == 1


def test_an_open_episode_does_not_fill_its_history_by_being_open() -> None:
    known = episode()
    assert not episode_changes.is_kept(Transition("updated", known, CONTINUES))
    assert episode_changes.is_kept(Transition("updated", known, GREW))
    assert episode_changes.is_kept(Transition("resolved", known, "quiet"))


def test_a_false_alarm_is_judged_once_and_taken_back_when_it_is_reopened(
    database: Database,
) -> None:
    open_one(database)
    assert handle(database, episode().id, "false_alarm", "ana", NOW, note="a drill").stories == 1
    assert handle(database, episode().id, "false_alarm", "ana", NOW).stories == 0
    with database.read() as conn:
        assert [row.note for row in conn.execute(select(judgements))] == ["a drill"]
    handle(database, episode().id, "reopened", "ana", NOW + MINUTE)
    with database.read() as conn:
        assert conn.execute(select(judgements)).first() is None
    assert len(history(database)) == 3, "that it was said stays in its history"


def test_only_the_newest_episode_of_a_rule_is_opened_again(database: Database) -> None:
    open_one(database)
    handle(database, episode().id, "closed", "ana", NOW + MINUTE)
    second = episode(opened_at=NOW + HOUR)
    assert database.retrying(lambda conn: episodes.save(conn, second, None)) == "saved"
    with pytest.raises(Impossible, match=second.id):
        handle(database, episode().id, "reopened", "ana", NOW + 2 * HOUR)


def test_what_was_merged_is_known_by_its_present_name_in_arrivals_too(database: Database) -> None:
    open_one(database)
    merged = {"alias": "s1", "story": "s2", "merged_at": NOW}
    database.retrying(lambda conn: insert_rows(conn, story_aliases, [merged]))
    with database.read() as conn:
        (kept,) = episodes.current(conn).values()
    assert [one.stories for one in kept.arrivals] == [("s2",)]
    assert kept.burst == kept.last.story_ids == ("s2",)
