"""One database class, two engines: transactions, retries, sentences instead of tracebacks."""

import os
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from storage_samples import NOW

from worker.storage.database import Database, DatabaseBusy, DatabaseUnavailable
from worker.storage.tables import articles, host_leases, seen


def lease(host: str) -> dict[str, object]:
    return {"host": host, "until": NOW}


def test_a_write_is_committed_and_a_failing_one_leaves_nothing(database: Database) -> None:
    with database.write() as conn:
        conn.execute(insert(host_leases), [lease("kept")])
    with pytest.raises(RuntimeError), database.write() as conn:
        conn.execute(insert(host_leases), [lease("dropped")])
        raise RuntimeError
    with database.read() as conn:
        assert conn.execute(select(host_leases.c.host)).scalars().all() == ["kept"]


def test_times_come_back_aware_and_equal_and_naive_ones_are_refused(database: Database) -> None:
    with database.write() as conn:
        conn.execute(insert(host_leases), [lease("a")])
    with database.read() as conn:
        stored = conn.execute(select(host_leases.c.until)).scalar_one()
    assert stored == NOW
    assert stored.tzinfo is not None
    naive = datetime(2025, 6, 28)  # noqa: DTZ001  that is the point
    with pytest.raises(StatementError, match="no time zone"), database.write() as conn:
        conn.execute(insert(host_leases), [{"host": "b", "until": naive}])


def test_nul_and_lone_surrogates_never_reach_the_database(database: Database) -> None:
    with database.write() as conn:
        row = {"article": "k", "source": "a\x00b\ud800c" + "x" * 9000, "first_seen": NOW}
        conn.execute(insert(seen), [row])
    with database.read() as conn:
        stored = conn.execute(select(seen.c.source)).scalar_one()
    assert stored.startswith("abcx")
    assert len(stored) == 200


def test_a_transient_failure_is_run_again_and_another_is_not(database: Database) -> None:
    calls = []

    class Deadlock(Exception):
        sqlstate = "40P01"

    def work(_: object) -> str:
        calls.append(1)
        if len(calls) < 3:
            raise DBAPIError("UPDATE", {}, Deadlock())
        return "done"

    assert database.retrying(work) == "done"
    assert len(calls) == 3

    def hopeless(_: object) -> None:
        calls.append(1)
        raise DBAPIError("UPDATE", {}, Deadlock())

    calls.clear()
    with pytest.raises(DatabaseBusy, match="run this again"):
        database.retrying(hopeless)
    assert len(calls) == 5

    def broken(_: object) -> None:
        calls.append(1)
        raise DBAPIError("UPDATE", {}, Exception("syntax"))

    calls.clear()
    with pytest.raises(DBAPIError):
        database.retrying(broken)
    assert len(calls) == 1


def test_read_then_write_of_many_threads_loses_nothing(database: Database) -> None:
    with database.write() as conn:
        conn.execute(insert(seen), [{"article": "n", "source": "0", "first_seen": NOW}])

    def add() -> None:
        def work(conn: object) -> None:
            chosen = select(seen.c.source).with_for_update()
            count = int(conn.execute(chosen).scalar_one())  # type: ignore[attr-defined]
            conn.execute(seen.update().values(source=str(count + 1)))  # type: ignore[attr-defined]

        for _ in range(20):
            database.retrying(work)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as conn:
        assert conn.execute(select(seen.c.source)).scalar_one() == "80"


def test_a_fresh_database_is_told_from_one_that_is_up_to_date(database_url: str) -> None:
    db = Database(database_url)
    assert "no current schema" in str(db.check())
    db.upgrade()
    db.upgrade()
    assert db.check() is None
    db.dispose()


def test_a_schema_from_the_future_is_refused_in_words(database: Database) -> None:
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnavailable, match="written by a newer dyadwatch"):
        database.upgrade()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_work_goes_on_when_the_server_was_restarted(database: Database) -> None:
    calls = []

    def work(conn: Connection) -> None:
        calls.append(1)
        if len(calls) == 1:
            conn.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        conn.execute(insert(host_leases), [lease("a")])

    database.retrying(work)
    assert len(calls) == 2


def test_a_forked_child_uses_connections_of_its_own(database: Database) -> None:
    with database.read() as conn:
        conn.execute(select(articles.c.key)).all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with database.write() as conn:
                conn.execute(insert(host_leases), [lease("child")])
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    with database.read() as conn:
        assert conn.execute(select(host_leases.c.host)).scalars().all() == ["child"]


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://x/y", "postgresql://h/d", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_that_cannot_work_is_told_at_once(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="sqlite:///PATH"):
        Database(url)


def test_an_unreachable_server_is_a_sentence_without_the_password() -> None:
    db = Database("postgresql+psycopg://ann:hunter2@127.0.0.1:1/news")
    with pytest.raises(DatabaseUnavailable) as caught, db.read():
        pass
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(db)
    assert "check that PostgreSQL runs there" in str(caught.value)
    assert str(caught.value) == db.check()


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'absent' / 'x.db'}")
    assert f"directory {tmp_path / 'absent'} exists" in str(db.check())


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and they are long enough to be taken for a header. " * 50)
    assert f"{path} cannot be opened (file is not a database)" in str(
        Database(f"sqlite:///{path}").check()
    )


def test_sqlite_runs_in_wal_with_foreign_keys(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'a b%.db'}")
    db.upgrade()
    with db.read() as conn:
        assert conn.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert conn.execute(text("PRAGMA foreign_keys")).scalar() == 1
    db.dispose()
