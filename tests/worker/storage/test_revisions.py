"""An edited article is the same article, and what it said before is kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from storage_samples import NOW, article, classified

from crawler.article import Article
from crawler.ports import Novelty
from worker.storage import archive, inbox, page_tasks, seen
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.versions import Version, versions

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOST = "news.example"
ENTRY = article(1, stage="feed", title="Ambassador summoned", text="A short summary.")
URL = ENTRY.canonical_url


def read(db: Database, made: Article, minutes: int = 0) -> None:
    """Take an article in and store it, so many minutes later."""
    now = NOW + minutes * MINUTE
    inbox.put(db, [made], now, "crawl")
    batch = [classified(made, received_at=now)]
    db.retrying(lambda conn: store(conn, batch, now))


def novelty(db: Database, title: str, source: str = "news-en") -> Mapping[str, Novelty]:
    with db.read() as conn:
        return seen.seen_novelty(conn, source, {URL: title})


def waiting(db: Database) -> list[str]:
    tasks = page_tasks.page_tasks(db, HOST, 10, NOW + HOUR)
    return [task.article.title for task in tasks]


def told(db: Database) -> list[Version]:
    (one,) = archive.articles(db)
    return versions(db, one)


def test_each_version_is_kept_with_its_words_and_its_time(database: Database) -> None:
    page = replace(ENTRY, stage="page", text="The ambassador was summoned.")
    read(database, ENTRY)
    read(database, page, 1)
    read(database, page, 5)
    read(database, replace(page, title="Ambassador recalled", text="He was recalled."), 9)
    read(database, replace(page, title="Ambassador recalled at last", text="He was recalled."), 12)
    assert [(v.stage, v.title, v.text) for v in told(database)] == [
        ("page", "Ambassador recalled at last", "He was recalled."),
        ("page", "Ambassador recalled", "He was recalled."),
        ("page", "Ambassador summoned", "The ambassador was summoned."),
        ("feed", "Ambassador summoned", "A short summary."),
    ]
    minutes = [
        tuple((at - NOW) // MINUTE if at else None for at in (v.first_seen, v.last_seen))
        for v in told(database)
    ]
    assert minutes == [(12, 12), (9, 9), (1, 5), (0, 0)]
    assert len({v.content_hash for v in told(database)}) == 4
    (one,) = archive.articles(database, edited=True)
    assert one.revisions == 2, "the feed's words before the page's are no edit"


def test_an_article_that_was_never_edited_has_no_revisions(database: Database) -> None:
    read(database, ENTRY)
    read(database, replace(ENTRY, stage="page", text="The whole text."), 1)
    (one,) = archive.articles(database)
    assert one.revisions == 0
    assert list(archive.articles(database, edited=True)) == []


def test_storing_the_same_edit_twice_keeps_one_revision(database: Database) -> None:
    edited = replace(article(), text="Corrected.")
    read(database, article())
    for minute in (1, 2, 3):
        read(database, edited, minute)
    assert len(told(database)) == 2
    batch = [classified(article()), classified(edited), classified(edited)]
    database.retrying(lambda conn: store(conn, batch, NOW + HOUR))
    assert told(database)[0].text == "Corrected."


def test_only_its_own_source_can_edit_a_headline(database: Database) -> None:
    read(database, ENTRY)
    assert novelty(database, "Ambassador summoned") == {}
    assert novelty(database, "  AMBASSADOR\tsummoned ") == {}
    assert novelty(database, "") == {}
    assert novelty(database, "Ambassador recalled") == {URL: "changed"}
    assert novelty(database, "Ambassador recalled", source="another") == {}


def test_an_edited_headline_has_the_page_read_again_and_does_not_replace_it(
    database: Database,
) -> None:
    page = replace(ENTRY, stage="page", title="Ambassador summoned today", text="The whole text.")
    read(database, ENTRY)
    read(database, page, 1)
    assert novelty(database, "Ambassador summoned") == {}, "the page's own headline is no edit"
    assert waiting(database) == []
    edited = replace(ENTRY, title="Ambassador recalled", fetched=NOW + 2 * MINUTE)
    read(database, edited, 2)
    assert waiting(database) == ["Ambassador recalled"]
    assert told(database)[0].text == "The whole text."
    assert novelty(database, "Ambassador recalled") == {}
    corrected = replace(edited, stage="page", text="The corrected text.")
    read(database, corrected, 3)
    assert waiting(database) == []
    assert [v.text for v in told(database)] == [
        "The corrected text.",
        "The whole text.",
        "A short summary.",
    ]


def test_an_edit_that_comes_before_the_page_is_read_makes_one_task(database: Database) -> None:
    read(database, ENTRY)
    read(database, replace(ENTRY, title="Ambassador recalled", fetched=NOW + MINUTE), 1)
    assert waiting(database) == ["Ambassador recalled"]
    assert told(database)[0].title == "Ambassador recalled", "shorter, but newer"


def test_two_headlines_that_take_turns_are_followed_ten_times(database: Database) -> None:
    read(database, ENTRY)
    followed = 0
    for minute in range(1, 30):
        title = f"Headline {minute % 2}"
        if novelty(database, title):
            read(database, replace(ENTRY, title=title, fetched=NOW + minute * MINUTE), minute)
            followed += 1
    assert followed == seen.CHANGES == 10


def test_an_entry_without_a_page_is_edited_in_place(database: Database) -> None:
    message = replace(ENTRY, stage="page", title="", text="The first wording.")
    read(database, replace(message, title="Message"))
    assert novelty(database, "Message, corrected") == {URL: "changed"}
    corrected = replace(message, title="Message, corrected", text="The second wording.")
    read(database, corrected, 1)
    assert novelty(database, "Message, corrected") == {}
    assert [v.text for v in told(database)] == ["The second wording.", "The first wording."]
    assert waiting(database) == []
