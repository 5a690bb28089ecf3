"""The migrations build what the tables say, on both databases."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from storage_samples import NOW, TEXT, article, classified

from crawler.article import Article
from worker.keys import article_key
from worker.storage import archive, migrate, page_tasks, seen
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.desk_tables import metadata
from worker.storage.signals import signals
from worker.storage.tables import seen as seen_table
from worker.storage.versions import versions
from worker.stories.index import story_of
from worker.stories.sketch import sketch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


def test_stories_of_before_happenings_go_on(database_url: str) -> None:
    """A story that was one count stays one, however often it is reprinted after the migration."""
    db = Database(database_url)
    _upgrade_to(db, "0006")
    first, again = article(1, newsroom="wire"), article(2, newsroom="paper")
    again = replace(again, text=f"Report 2 begins. {TEXT}")
    with db.write() as conn:
        for made in (first, again):
            for table, row in _rows_of_0006(made, story_of(article_key(first.url))):
                names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
                conn.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)
    db.upgrade()
    later = article(3, newsroom="agency", text=f"Report 3 begins. {TEXT}")
    edited = replace(again, text=f"Report 2 is longer now. {TEXT}", fetched=NOW)
    for made in (later, edited):
        db.retrying(lambda conn, made=made: store(conn, [classified(made)], NOW))
    with db.read() as conn:
        told = {one.article: one for one in signals(conn, NOW - DAY, NOW + DAY, NOW)}
    assert set(told) == {article_key(made.url) for made in (first, again, later)}
    assert {(one.story, one.teller) for one in told.values()} == {
        (story_of(article_key(first.url)), "wire")
    }
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


def _rows_of_0006(made: Article, story: str) -> list[tuple[str, dict[str, object]]]:
    """A relevant article with its signal, and the wording where it opened its story."""
    key, words = article_key(made.url), sketch(made.title, made.text)
    minute = 0 if made.newsroom == "wire" else 1
    when = (NOW - (2 - minute) * HOUR).replace(tzinfo=None).isoformat(" ")
    own = _rows_of_0001(key, when)["articles"] | {
        "story": story, "newsroom": made.newsroom, "relevant": True, "title": made.title,
        "text": made.text, "url": made.url, "canonical_url": made.canonical_url,
        "published_at": when, "published_from": "feed",
    }  # fmt: skip
    signal = {
        "article": key, "at": when, "story": story, "newsroom": made.newsroom,
        "category": "detention_or_raid", "concept": "arrest", "direction": "escalatory",
        "severity": 3, "language": "en", "terms": "[]", "main": True,
    }  # fmt: skip
    rows = [("articles", own), ("signals", signal)]
    if story != story_of(key):
        return rows
    seen = {"article": key, "stage": "page", "story": story, "at": when}
    rows.append(("sketches", seen | {"signature": words.signature}))
    return rows + [("bands", seen | {"band": band}) for band in words.bands]
