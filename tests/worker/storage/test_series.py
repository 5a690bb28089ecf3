"""The memory of the rules: states that know when they are out of date, and rollups."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from storage_samples import IRRELEVANT, NOW, RELEVANT, article, classified

from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.series import (
    Rollup,
    SeriesState,
    forget_series,
    late_seen,
    load_rollups,
    load_series,
    save_rollups,
    save_series,
)
from worker.storage.signals import signals
from worker.storage.tables import late_signals

HOUR = timedelta(hours=1)


def publish(db: Database, number: int, published: datetime) -> None:
    batch = [classified(article(number, published=published))]
    db.retrying(lambda conn: store(conn, batch, NOW))


def settle(db: Database, name: str, through: datetime, state: str = "{}") -> None:
    def work(conn: Connection) -> None:
        save_series(conn, {name: SeriesState(through, state, late_seen(conn))})

    db.retrying(work)


def dirty_from(db: Database, name: str) -> datetime | None:
    with db.read() as conn:
        return load_series(conn, [name])[name].dirty_from


def test_a_state_comes_back_as_it_was_saved(database: Database) -> None:
    settle(database, "raids", NOW - 6 * HOUR, '{"level": 1.5}')
    settle(database, "raids", NOW - 5 * HOUR, '{"level": 2}')
    with database.read() as conn:
        states = load_series(conn, ["raids", "unknown"])
    assert states == {"raids": SeriesState(NOW - 5 * HOUR, '{"level": 2}', 0, None)}


def test_a_late_signal_makes_what_it_touches_dirty_until_it_is_taken_in(database: Database) -> None:
    settle(database, "new", NOW - 6 * HOUR)
    settle(database, "old", NOW - 100 * HOUR)
    publish(database, 1, NOW - 8 * HOUR)
    publish(database, 2, NOW - 20 * HOUR)
    publish(database, 3, NOW - HOUR)
    assert dirty_from(database, "new") == NOW - 20 * HOUR
    assert dirty_from(database, "old") is None
    settle(database, "new", NOW - 6 * HOUR)
    assert dirty_from(database, "new") is None
    publish(database, 4, NOW - 9 * HOUR)
    assert dirty_from(database, "new") == NOW - 9 * HOUR


def test_a_signal_that_comes_between_reading_and_saving_is_not_missed(database: Database) -> None:
    settle(database, "raids", NOW - 6 * HOUR)
    with database.read() as conn:
        mark = late_seen(conn)
        signals(conn, NOW - 100 * HOUR, NOW, NOW)
    publish(database, 1, NOW - 8 * HOUR)
    state = {"raids": SeriesState(NOW - 6 * HOUR, "{}", mark)}
    database.retrying(lambda conn: save_series(conn, state))
    assert dirty_from(database, "raids") == NOW - 8 * HOUR


def test_the_log_of_late_signals_stays_short(database: Database) -> None:
    for number in range(5):
        publish(database, number, NOW - 8 * HOUR)
        settle(database, "raids", NOW - 6 * HOUR)
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(late_signals)).scalar() == 1
    publish(database, 9, NOW - 8 * HOUR)
    assert dirty_from(database, "raids") == NOW - 8 * HOUR


def test_an_article_that_loses_its_signals_is_a_change_too(database: Database) -> None:
    old = article(1, published=NOW - 8 * HOUR)
    database.retrying(lambda conn: store(conn, [classified(old)], NOW))
    settle(database, "raids", NOW - 6 * HOUR)
    nothing = classified(old, RELEVANT.__class__("en", False, 0.1, "neutral", 0, None, 0.0))
    database.retrying(lambda conn: store(conn, [nothing], NOW))
    assert dirty_from(database, "raids") == NOW - 8 * HOUR


def test_a_new_version_of_an_old_article_without_signals_is_no_change(database: Database) -> None:
    old = article(1, published=NOW - 8 * HOUR, stage="feed")
    database.retrying(lambda conn: store(conn, [classified(old, IRRELEVANT)], NOW))
    settle(database, "raids", NOW - 6 * HOUR)
    page = replace(old, stage="page", text="The whole page.")
    database.retrying(lambda conn: store(conn, [classified(page, IRRELEVANT)], NOW))
    assert dirty_from(database, "raids") is None


def test_rollups_are_written_over(database: Database) -> None:
    counted = [Rollup(NOW + n * HOUR, n, n, n) for n in range(5)]
    database.retrying(lambda conn: save_rollups(conn, "raids", counted))
    database.retrying(lambda conn: save_rollups(conn, "raids", [Rollup(NOW, 7, 2, 9)]))
    database.retrying(lambda conn: save_rollups(conn, "other", counted))
    database.retrying(lambda conn: save_rollups(conn, "raids", []))
    with database.read() as conn:
        found = load_rollups(conn, "raids", NOW, NOW + 2 * HOUR)
    assert found == [Rollup(NOW, 7, 2, 9), counted[1]]


def test_series_that_no_rule_asks_for_are_forgotten(database: Database) -> None:
    settle(database, "kept", NOW)
    settle(database, "gone", NOW)
    database.retrying(lambda conn: save_rollups(conn, "gone", [Rollup(NOW, 1, 1, 1)]))
    database.retrying(lambda conn: forget_series(conn, ["kept"]))
    with database.read() as conn:
        assert set(load_series(conn, ["kept", "gone"])) == {"kept"}
        assert load_rollups(conn, "gone", NOW, NOW + HOUR) == []
