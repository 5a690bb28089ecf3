"""The migrations build what the tables say, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from storage_samples import NOW

from worker.storage import archive, migrate, page_tasks, seen
from worker.storage.database import Database
from worker.storage.tables import metadata
from worker.storage.tables import seen as seen_table
from worker.storage.versions import versions


def test_tables_and_migrations_agree(database: Database) -> None:
    with database.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_every_table_is_there_and_every_index_too(database: Database) -> None:
    with database.read() as conn:
        inspector = inspect(conn)
        assert set(metadata.tables) <= set(inspector.get_table_names())
        for table in metadata.sorted_tables:
            built = {index["name"] for index in inspector.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= built


def test_a_database_of_the_first_version_keeps_its_rows(database_url: str) -> None:
    db = Database(database_url)
    _upgrade_to(db, "0001")
    key, when = "0" * 32, NOW.replace(tzinfo=None).isoformat(" ")
    with db.write() as conn:
        for table, row in _rows_of_0001(key, when).items():
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            conn.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)
    db.upgrade()
    assert db.check() is None
    (kept,) = archive.articles(db)
    told = versions(db, kept)
    assert [(v.title, v.text) for v in told] == [("New", "The text."), ("Old", None)]
    with db.read() as conn:
        url = "https://news.example/1"
        assert seen.seen_novelty(conn, "news-en", {url: "x"}) == {url: "new"}
        assert conn.execute(select(seen_table.c.changes)).scalar_one() == 0
    assert page_tasks.hosts_with_pages(db) == {"news.example": 1}
    db.dispose()


@pytest.mark.parametrize(
    ("server", "host"),
    [
        ("https://www.news.example:443", "news.example"),
        ("http://m.news.example:8080", "news.example:8080"),
        ("http://[::1]:80", "[::1]"),
        ("https://:443", "https://:443"),  # no crawl asks for it
        ("", ""),
    ],
)
def test_page_tasks_of_the_first_version_go_to_their_hosts(
    database_url: str, server: str, host: str
) -> None:
    db = Database(database_url)
    _upgrade_to(db, "0001")
    task = _rows_of_0001("0" * 32, NOW.replace(tzinfo=None).isoformat(" "))["page_tasks"]
    with db.write() as conn:
        names = ", ".join(task)
        marks = ", ".join(f":{name}" for name in task)
        conn.execute(
            text(f"INSERT INTO page_tasks ({names}) VALUES ({marks})"), {**task, "host": server}
        )
    db.upgrade()
    assert page_tasks.hosts_with_pages(db) == {host: 1}
    db.dispose()


def _upgrade_to(db: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with db.write() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, revision)


def _rows_of_0001(key: str, when: str) -> dict[str, dict[str, object]]:
    words = ("url", "canonical_url", "title", "authors", "reason", "events", "text")
    article: dict[str, object] = dict.fromkeys(words, "[]") | {
        "key": key, "story": "s1", "at": when, "first_seen": when, "fetched": when,
        "updated_at": when, "source": "news-en", "newsroom": "news", "language": "en",
        "stage": "page", "origin": "crawl", "topical": False, "first_poll": False,
        "relevant": False, "relevance": 0.0, "direction": "neutral", "severity": 0,
        "escalation": 0.0, "timing": "on_time", "content_hash": key, "fingerprint": key,
        "title": "New", "text": "The text.",
    }  # fmt: skip
    revision = {"article": key, "replaced_at": when, "stage": "page", "content_hash": "1" * 32}
    return {
        "articles": article,
        "revisions": {**revision, "title": "Old"},
        "seen": {"article": key, "source": "news-en", "first_seen": when},
        "page_tasks": {
            "article": key,
            "host": "https://www.news.example:443",
            "priority": 100,
            "attempts": 0,
            "created_at": when,
            "payload": "{}",
        },
    }
