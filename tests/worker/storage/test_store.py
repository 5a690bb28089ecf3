"""Storing: every article once, the best words of it, its signals and its story."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from storage_samples import IRRELEVANT, NOW, RAID, RELEVANT, TEXT, article, classified

from alerts.signal import Signal
from crawler.article import Article
from worker.storage import archive, inbox, page_tasks
from worker.storage.articles import ClassifiedArticle, StoreReport, store
from worker.storage.database import Database
from worker.storage.signals import signals
from worker.storage.tables import bands, late_signals, revisions
from worker.storage.tables import signals as signal_table
from worker.timing import PAGE_PATIENCE

HOUR = timedelta(hours=1)


def put(db: Database, *batch: ClassifiedArticle, now: datetime = NOW) -> StoreReport:
    return db.retrying(lambda conn: store(conn, batch, now))


def stored(db: Database, made: Article) -> archive.StoredArticle:
    key = classified(made).key
    with db.read() as conn:
        return archive.get(conn, [key])[key]


def all_signals(db: Database, now: datetime = NOW) -> list[Signal]:
    with db.read() as conn:
        return signals(conn, NOW - 1000 * HOUR, NOW + HOUR, now)


def test_an_article_is_stored_with_all_that_is_known_of_it(database: Database) -> None:
    made = article(authors=("Ann",), id="a1")
    assert put(database, classified(made)) == StoreReport(inserted=1, signals=1, firing=1)
    kept = stored(database, made)
    assert (kept.id, kept.url, kept.title, kept.text) == ("a1", made.url, made.title, made.text)
    assert (kept.published, kept.first_seen, kept.at) == (made.published, NOW, made.published)
    assert (kept.relevant, kept.severity, kept.initiator, kept.events) == (True, 3, "RUS", (RAID,))
    assert all_signals(database) == [
        Signal(
            at=NOW - timedelta(minutes=10),
            article=kept.key,
            story=kept.story,
            newsroom="news",
            category="detention_or_raid",
            direction="escalatory",
            severity=3,
            initiator="RUS",
            target="AZE",
            language="en",
            country="AZE",
            concept="arrest",
            terms=("police",),
            main=True,
            fires=True,
            teller="news",
        )
    ]


def test_the_same_batch_again_changes_nothing(database: Database) -> None:
    batch = [classified(article(n)) for n in range(5)]
    put(database, *batch)
    before = all_signals(database)
    assert put(database, *batch) == StoreReport(unchanged=5)
    assert all_signals(database) == before


def test_the_inbox_is_emptied_with_the_store_and_not_without(database: Database) -> None:
    ids = inbox.put(database, [article(1), article(2)], NOW, "crawl")
    batch = [classified(article(n), inbox_id=id) for n, id in enumerate(ids, 1)]

    class Killed(Exception):
        pass

    with pytest.raises(Killed), database.write() as conn:
        store(conn, batch, NOW)
        raise Killed
    assert inbox.counts(database).pending == 2
    assert list(archive.articles(database)) == []
    put(database, *batch)
    assert inbox.counts(database).pending == 0


def test_a_page_replaces_the_feed_entry_and_never_the_other_way(database: Database) -> None:
    entry = article(stage="feed", text="A short summary.")
    page = article(text=TEXT * 3, published=NOW - timedelta(minutes=7), published_from="page")
    later = NOW + timedelta(seconds=30)
    put(database, classified(entry))
    assert put(database, classified(page, received_at=later)).updated == 1
    assert put(database, classified(entry)) == StoreReport(unchanged=1)
    kept = stored(database, page)
    assert (kept.stage, kept.text, kept.first_seen) == ("page", TEXT * 3, NOW)
    assert kept.published == entry.published, "a feed's date is better than a page's"
    assert len(all_signals(database)) == 1
    with database.read() as conn:
        (revision,) = conn.execute(select(revisions)).all()
    assert (revision.stage, revision.title) == ("feed", entry.title)


def test_both_versions_in_one_batch_are_one_article(database: Database) -> None:
    entry, page = article(stage="feed", text="A short summary."), article()
    report = put(database, classified(page), classified(entry))
    assert (report.inserted, report.updated) == (1, 1)
    assert stored(database, page).stage == "page"


def test_an_empty_page_does_not_wipe_out_the_entry(database: Database) -> None:
    put(database, classified(article(stage="feed", text="A summary.")))
    assert put(database, classified(article(text="  "))) == StoreReport(unchanged=1)


def test_a_longer_entry_and_a_later_page_win(database: Database) -> None:
    entry = article(stage="feed", text="A summary.")
    put(database, classified(entry))
    assert put(database, classified(replace(entry, text="Short."))).unchanged == 1
    assert put(database, classified(replace(entry, text="A longer summary."))).updated == 1
    put(database, classified(article(fetched=NOW + HOUR)))
    older = article(text="Read before.", fetched=NOW)
    assert put(database, classified(older)).unchanged == 1
    newer = article(text="Corrected.", fetched=NOW + 2 * HOUR)
    assert put(database, classified(newer)).updated == 1
    assert stored(database, newer).text == "Corrected."


def test_a_new_classification_replaces_the_signals(database: Database) -> None:
    put(database, classified(article()))
    protest = replace(RAID, category="diplomatic_protest", severity=1)
    anew = replace(RELEVANT, events=(RAID, protest))
    assert put(database, classified(article(), anew)).updated == 1
    assert [s.category for s in all_signals(database)] == [
        "detention_or_raid",
        "diplomatic_protest",
    ]
    put(database, classified(article(), IRRELEVANT))
    assert all_signals(database) == []


def test_dates_keep_their_precision(database: Database) -> None:
    made = [article(1, published=date(2025, 6, 28)), article(2, published=None)]
    put(database, *map(classified, made))
    assert stored(database, made[0]).published == date(2025, 6, 28)
    assert type(stored(database, made[0]).published) is date
    assert stored(database, made[1]).published is None


def test_hostile_words_spoil_neither_themselves_nor_the_batch(database: Database) -> None:
    nasty = article(1, title="a\x00b\ud800", country="Nowhere at all" * 100, source="s" * 9000)
    long_url = "https://news.example/" + "x" * 9000
    put(database, *map(classified, [nasty, article(2), article(3, canonical_url=long_url)]))
    assert stored(database, nasty).title == "ab"
    assert len(list(archive.articles(database))) == 3


def test_reprints_are_one_story_and_other_texts_are_not(database: Database) -> None:
    wire = [article(n, newsroom=f"n{n}", title="Wire", text=TEXT) for n in range(20)]
    other = article(99, text="Another text altogether, about a bridge that will open in autumn.")
    put(database, *map(classified, wire[:10]))
    put(database, *map(classified, wire[10:]), classified(other))
    assert len({stored(database, made).story for made in wire}) == 1
    assert stored(database, other).story != stored(database, wire[0]).story
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(bands)).scalar() == 40


def test_a_page_moves_to_the_story_that_it_repeats_with_its_signals(database: Database) -> None:
    wire = article(1, title="Wire", text=TEXT)
    entry = article(2, stage="feed", title="A headline of its own making here", text="")
    put(database, classified(wire), classified(entry))
    assert stored(database, entry).story != stored(database, wire).story
    page = replace(entry, stage="page", title="Wire", text=TEXT)
    put(database, classified(page))
    assert stored(database, page).story == stored(database, wire).story
    assert {s.story for s in all_signals(database)} == {stored(database, wire).story}


def test_irrelevant_articles_are_kept_and_not_compared(database: Database) -> None:
    same = [article(n, title="Wire", text=TEXT) for n in range(3)]
    put(database, *(classified(made, IRRELEVANT) for made in same))
    assert len({stored(database, made).story for made in same}) == 3
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(bands)).scalar() == 0


def test_a_short_entry_fires_after_seconds_or_when_its_page_is_given_up(
    database: Database,
) -> None:
    entry = article(stage="feed", title="Police detain a whole family", text="")
    inbox.put(database, [entry], NOW, "crawl")
    put(database, classified(entry))
    later = NOW + PAGE_PATIENCE
    assert [s.fires for s in all_signals(database, NOW)] == [False]
    assert [s.fires for s in all_signals(database, later)] == [True]
    with database.write() as conn:
        given_up_at = NOW + timedelta(seconds=1)
        page_tasks.settle(conn, entry.canonical_url, "It is gone.", True, given_up_at)
    assert [s.fires for s in all_signals(database, NOW + timedelta(seconds=1))] == [True]


def test_pages_about_the_dyad_are_read_first(database: Database) -> None:
    entries = [article(n, stage="feed") for n in range(3)]
    inbox.put(database, entries, NOW, "crawl")
    put(database, classified(entries[2]), classified(entries[1], IRRELEVANT))
    tasks = page_tasks.page_tasks(database, "news.example", 10, NOW)
    assert tasks[0].article == entries[2]


def test_history_and_late_arrivals_never_fire_and_are_noted(database: Database) -> None:
    old = article(1, published=NOW - 8 * HOUR)
    report = put(database, classified(old))
    assert (report.signals, report.firing) == (1, 0)
    assert put(database, classified(article(2), origin="backfill")).firing == 0
    with database.read() as conn:
        assert conn.execute(select(late_signals.c.at)).scalars().all() == [NOW - 8 * HOUR]


def test_history_that_is_read_again_live_stays_history(database: Database) -> None:
    put(database, classified(article(), origin="backfill"))
    put(database, classified(article(text="Corrected."), origin="crawl"))
    assert [s.fires for s in all_signals(database)] == [False]


def test_news_that_is_backfilled_afterwards_stays_news(database: Database) -> None:
    put(database, classified(article()))
    put(database, classified(article(text="Corrected."), origin="backfill"))
    assert [s.fires for s in all_signals(database)] == [True]


def test_signals_of_a_deleted_article_go_with_it(database: Database) -> None:
    put(database, classified(article()))
    with database.write() as conn:
        conn.exec_driver_sql("DELETE FROM articles")
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(signal_table)).scalar() == 0


def test_the_archive_is_searched_by_time_words_and_relevance(database: Database) -> None:
    made = [
        article(1, title="ПОСОЛ вызван", published=NOW - 3 * HOUR),
        article(2, title="Səfir çağırılıb 100%", published=NOW - 2 * HOUR),
        article(3, title="Nothing", published=NOW - HOUR),
    ]
    put(database, classified(made[0]), classified(made[1]), classified(made[2], IRRELEVANT))

    def found(**how: object) -> list[str]:
        return [a.url[-1] for a in archive.articles(database, **how)]  # type: ignore[arg-type]

    assert found() == ["3", "2", "1"]
    assert found(query="посол ВЫЗВАН") == ["1"]
    assert found(query="100%") == ["2"]
    assert found(query="detained several") == ["3", "2", "1"]
    assert found(query="%") == ["2"]
    assert found(since=NOW - 2 * HOUR, until=NOW - HOUR) == ["2"]
    assert found(relevant=True, limit=1) == ["2"]


def test_the_archive_pages_through_equal_times(database: Database) -> None:
    made = [article(n, published=NOW) for n in range(1203)]
    put(database, *(classified(one, IRRELEVANT) for one in made))
    urls = [a.url for a in archive.articles(database)]
    assert len(urls) == len(set(urls)) == 1203
    assert len(list(archive.articles(database, limit=501))) == 501
