"""Leases on hosts: one crawl at a time, and a pause after each."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, event, select, text
from sqlalchemy.engine import ExceptionContext
from storage_samples import NOW

from worker.storage import hosts
from worker.storage.database import Database
from worker.storage.hosts import (
    lease_hosts,
    leased_hosts,
    release_hosts,
    renew_leases,
    rest_host,
    resting_hosts,
)
from worker.storage.tables import host_leases

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
UNTIL = NOW + 5 * MINUTE


def test_hosts_are_leased_to_one_and_come_back(database: Database) -> None:
    assert lease_hosts(database, ["a", "b"], "me", UNTIL, NOW) == {"a", "b"}
    assert lease_hosts(database, ["b", "c"], "you", UNTIL, NOW + MINUTE) == {"c"}
    release_hosts(database, "me", NOW + MINUTE)
    assert leased_hosts(database, NOW + MINUTE) == {"c"}
    assert lease_hosts(database, ["b"], "you", UNTIL, NOW + MINUTE) == {"b"}
    assert lease_hosts(database, ["c"], "me", UNTIL + MINUTE, UNTIL) == {"c"}, "a lease ends"
    assert lease_hosts(database, [], "me", UNTIL, NOW) == frozenset()


def test_a_lease_lasts_as_long_as_it_is_renewed_and_not_one_that_has_ended(
    database: Database,
) -> None:
    lease_hosts(database, ["a", "b"], "me", NOW + 30 * SECOND, NOW)
    assert renew_leases(database, "me", NOW + MINUTE, NOW + 20 * SECOND) == {"a", "b"}
    assert lease_hosts(database, ["a"], "you", UNTIL, NOW + 40 * SECOND) == frozenset()
    assert lease_hosts(database, ["a"], "you", UNTIL, NOW + MINUTE) == {"a"}
    assert renew_leases(database, "me", UNTIL, NOW + MINUTE) == frozenset()
    release_hosts(database, "me", NOW + MINUTE)
    assert "a" in leased_hosts(database, NOW + MINUTE), "nobody gives back what is another's"


def test_two_crawls_never_wait_for_each_other(database: Database) -> None:
    if not database.url.startswith("postgresql"):
        pytest.skip("SQLite has one writer at a time")
    both = ["a-c.example", "ab.example"]  # a language's order may be another one
    for host in reversed(both):  # as they lie in the table
        lease_hosts(database, [host], "me", UNTIL, NOW)
    faults: list[BaseException | None] = []

    def noted(context: ExceptionContext) -> None:
        faults.append(context.original_exception)

    event.listen(Engine, "handle_error", noted)
    try:
        with ThreadPoolExecutor(2) as crawls, database.write() as conn:
            conn.execute(
                select(host_leases).where(host_leases.c.host == "a-c.example").with_for_update()
            )
            taking = crawls.submit(lease_hosts, database, both, "you", UNTIL, NOW)
            wait_until_blocked(conn, 1)
            renewing = crawls.submit(renew_leases, database, "me", UNTIL + MINUTE, NOW)
            wait_until_blocked(conn, 2)
        assert (taking.result(), renewing.result()) == (frozenset(), set(both))
    finally:
        event.remove(Engine, "handle_error", noted)
    assert faults == []


def wait_until_blocked(conn: Connection, transactions: int) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    deadline = time.monotonic() + 20
    while conn.execute(waiting).scalar_one() < transactions:
        assert time.monotonic() < deadline
        conn.execute(text("SELECT pg_stat_clear_snapshot(), pg_sleep(0.02)"))


def test_a_host_is_left_alone_for_a_moment_after_a_crawl(database: Database) -> None:
    lease_hosts(database, ["a", "b"], "me", UNTIL, NOW)
    release_hosts(database, "me", NOW, 2 * SECOND, {"b": 10 * SECOND})
    assert lease_hosts(database, ["a", "b"], "you", UNTIL, NOW + SECOND) == frozenset()
    assert lease_hosts(database, ["a", "b"], "you", UNTIL, NOW + 2 * SECOND) == {"a"}
    assert lease_hosts(database, ["a", "b"], "you", UNTIL, NOW + 10 * SECOND) == {"b"}


def test_the_longer_of_two_pauses_counts(database: Database) -> None:
    lease_hosts(database, ["a"], "me", UNTIL, NOW)
    with database.write() as conn:
        rest_host(conn, "a", NOW + 10 * MINUTE, NOW)
        rest_host(conn, "a", NOW + 5 * MINUTE, NOW)
        rest_host(conn, "never-visited", NOW + 5 * MINUTE, NOW)
        assert resting_hosts(conn, NOW) == {
            "a": NOW + 10 * MINUTE,
            "never-visited": NOW + 5 * MINUTE,
        }
    release_hosts(database, "me", NOW, 2 * SECOND)
    assert lease_hosts(database, ["a"], "me", UNTIL, NOW + 9 * MINUTE) == frozenset()
    assert lease_hosts(database, ["a"], "me", UNTIL, NOW + 10 * MINUTE) == {"a"}


def test_what_a_clock_far_ahead_has_written_binds_nobody(database: Database) -> None:
    lease_hosts(database, ["a"], "me", NOW + 400 * DAY, NOW)
    with database.write() as conn:
        rest_host(conn, "b", NOW + 400 * DAY, NOW)
    assert lease_hosts(database, ["a", "b"], "you", UNTIL, NOW) == {"a", "b"}


def test_hosts_that_nobody_visits_are_forgotten(database: Database) -> None:
    lease_hosts(database, ["a", "b"], "me", UNTIL, NOW)
    release_hosts(database, "me", NOW)
    with database.write() as conn:
        rest_host(conn, "b", NOW + DAY, NOW)
        hosts.forget(conn, NOW + DAY + MINUTE)
        assert resting_hosts(conn, NOW + DAY - MINUTE * 5) == {"b": NOW + DAY}
