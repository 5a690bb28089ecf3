"""One article, whatever the addresses that lead to it, and nothing of it counted twice."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from storage_samples import IRRELEVANT, NOW, TEXT, article, classified

from alerts.signal import Signal
from crawler.article import Article
from crawler.urls import canonical_url
from worker.keys import article_key
from worker.storage import archive, inbox, page_tasks, seen
from worker.storage.aliases import resolved
from worker.storage.articles import ClassifiedArticle, StoreReport, store
from worker.storage.database import Database
from worker.storage.identity import MOST_ALIASES, Addresses, Link
from worker.storage.signals import signals
from worker.storage.tables import aliases, articles, bands, late_signals, revisions, sketches

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOST = "news.example"
A, B, C = (f"https://news.example/{name}" for name in "abc")


def at(url: str, *others: str, **changes: object) -> Article:
    """The article at this address, which others turned out to lead to."""
    made = article(1, url=url, canonical_url=url, aliases=others)
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def entry(url: str, **changes: object) -> Article:
    return at(url, stage="feed", text="A short summary.", **changes)


def put(db: Database, *batch: ClassifiedArticle | Article, now: datetime = NOW) -> StoreReport:
    made = [classified(one) if isinstance(one, Article) else one for one in batch]
    return db.retrying(lambda conn: store(conn, made, now))


def all_signals(db: Database) -> list[Signal]:
    with db.read() as conn:
        return signals(conn, NOW - 1000 * HOUR, NOW + HOUR, NOW)


def stored(db: Database) -> list[archive.StoredArticle]:
    return list(archive.articles(db))


def only(db: Database) -> archive.StoredArticle:
    (one,) = stored(db)
    return one


def count(db: Database, table: object) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def canonical_of(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.execute(select(articles.c.canonical_url)).scalars())


def test_an_entry_becomes_the_article_that_its_page_says_it_is(database: Database) -> None:
    inbox.put(database, [entry(A)], NOW, "crawl")
    put(database, entry(A))
    before = only(database)
    later = NOW + MINUTE
    inbox.put(database, [at(B, A)], later, "crawl")
    assert put(database, classified(at(B, A), received_at=later), now=later).updated == 1
    kept = only(database)
    assert (kept.key, kept.stage, kept.text) == (article_key(B), "page", at(B).text)
    assert (kept.first_seen, kept.story) == (before.first_seen, before.story)
    assert canonical_of(database) == [B]
    assert [s.article for s in all_signals(database)] == [article_key(B)]
    assert page_tasks.hosts_with_pages(database) == {}
    assert count(database, revisions) == 1


def test_what_was_stored_under_both_addresses_is_united(database: Database) -> None:
    early = NOW - HOUR
    mine = at(B, newsroom="mine", published=NOW - 5 * MINUTE, published_from="page")
    put(database, classified(entry(A, fetched=early), received_at=early), now=early)
    put(database, mine)
    assert len(stored(database)) == len(all_signals(database)) == 2
    (own_story,) = {s.story for s in all_signals(database) if s.article == article_key(B)}

    report = put(database, at(B, A, newsroom="mine", published=None, fetched=NOW + MINUTE))
    assert report.inserted == 0
    kept = only(database)
    assert (kept.first_seen, kept.published) == (early, entry(A).published), "the feed knew best"
    assert (kept.stage, kept.text, kept.newsroom) == ("page", mine.text, "mine")
    (signal,) = all_signals(database)
    assert (signal.article, signal.story, signal.at) == (kept.key, own_story, kept.at)
    with database.read() as conn:
        (old,) = conn.execute(select(revisions)).all()
    assert (old.article, old.stage, old.text) == (kept.key, "feed", "A short summary.")


def test_the_better_words_win_wherever_they_are_stored(database: Database) -> None:
    put(database, entry(B))
    put(database, at(A))
    put(database, classified(at(B, A, stage="feed", text="A short summary.")))
    kept = only(database)
    assert (kept.key, kept.stage, kept.text) == (article_key(B), "page", at(A).text)
    assert [s.article for s in all_signals(database)] == [kept.key]


CHAIN = (entry(A), at(B, A), entry(B), at(C, B), entry(A, source="another"))
CIRCLE = (entry(A), at(B, A), entry(B), at(A, B), entry(B, source="another"))


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one after another"])
@pytest.mark.parametrize("press", [CHAIN, CIRCLE], ids=["chain", "circle"])
@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_they_come_it_is_one_article(
    database: Database, press: Sequence[Article], together: bool, seed: int
) -> None:
    came = list(press)
    random.Random(seed).shuffle(came)
    batches: Sequence[Sequence[Article]] = [came] if together else [[one] for one in came]
    for batch in [*batches, *batches]:
        put(database, *batch)
    kept = only(database)
    assert kept.stage == "page"
    assert [s.article for s in all_signals(database)] == [kept.key]
    with database.read() as conn:
        led = resolved(conn, [article_key(one.canonical_url) for one in press])
    assert set(led.values()) == {kept.key}
    assert kept.key == article_key(*canonical_of(database))


def test_a_chain_leads_straight_to_its_end_and_a_circle_to_one_article(database: Database) -> None:
    put(database, at(B, A))
    put(database, at(C, B))
    put(database, at(A, C))
    assert only(database).key == article_key(C)
    with database.read() as conn:
        led = dict(conn.execute(select(aliases.c.alias, aliases.c.article)).all())  # type: ignore[arg-type]
    assert led == dict.fromkeys((article_key(A), article_key(B)), article_key(C))


def test_what_comes_later_under_an_alias_is_the_article_s(database: Database) -> None:
    put(database, at(B, A))
    before = all_signals(database)
    assert put(database, entry(A, source="another")).unchanged == 1
    assert put(database, classified(at(A), origin="ingest")).inserted == 0
    corrected = at(A, text="Corrected.", fetched=NOW + HOUR)
    assert put(database, corrected).updated == 1
    assert only(database).text == "Corrected."
    assert canonical_of(database) == [B]
    assert [s.article for s in all_signals(database)] == [s.article for s in before]


def test_a_findings_old_name_still_finds_the_article(database: Database) -> None:
    put(database, entry(A))
    put(database, at(B, A))
    with database.read() as conn:
        found = archive.get(conn, [article_key(A), article_key(B), "unknown"])
    assert [one.key for one in found.values()] == [article_key(B)]


def test_a_reprint_of_the_alias_s_words_joins_the_article_s_story(database: Database) -> None:
    put(database, at(A, title="Wire", text=TEXT))
    put(database, at(B, A, title="Wire", text=TEXT))
    put(database, at(C, title="Wire", text=TEXT, newsroom="reprints"))
    assert len({one.story for one in stored(database)}) == 1
    with database.read() as conn:
        assert set(conn.execute(select(bands.c.article)).scalars()) == {article_key(B)}
        assert conn.execute(select(sketches.c.article)).scalars().all() == [article_key(B)]


def test_uniting_leaves_no_wording_of_an_article_that_is_gone(database: Database) -> None:
    other = "Another text altogether, about a bridge over the river that will open in autumn."
    put(database, at(A, text=other), at(B))
    put(database, at(B, A))
    with database.read() as conn:
        assert set(conn.execute(select(bands.c.article)).scalars()) == {article_key(B)}
    assert count(database, sketches) == 1
    with database.read() as conn:
        (old,) = conn.execute(select(revisions)).all()
    assert old.text == other, "no words are lost"


def test_a_settled_bucket_that_loses_a_signal_is_counted_anew(database: Database) -> None:
    old = NOW - 20 * HOUR
    put(database, at(A, published=old), at(B, published=old))
    with database.write() as conn:
        conn.execute(late_signals.delete())
    put(database, at(B, A, published=old), now=NOW)
    with database.read() as conn:
        assert conn.execute(select(late_signals.c.at)).scalars().all() == [old]


def test_carrying_an_entry_over_counts_nothing_anew(database: Database) -> None:
    old = NOW - 20 * HOUR
    put(database, classified(entry(A, published=old), IRRELEVANT))
    put(database, classified(at(B, A, published=old), IRRELEVANT))
    assert count(database, late_signals) == 0


def test_history_and_news_of_one_page_are_what_came_first(database: Database) -> None:
    put(database, classified(at(A, fetched=NOW - 9 * HOUR), origin="backfill"))
    put(database, at(B, A))
    assert [s.fires for s in all_signals(database)] == [False]


def test_one_address_that_leads_here_today_and_there_tomorrow_joins_nothing(
    database: Database,
) -> None:
    latest = "https://news.example/latest"
    put(database, at(B, latest))
    put(database, at(C, latest, title="Another one", text="Another text."))
    assert len(stored(database)) == 2


def test_a_page_that_everything_leads_to_is_no_article(database: Database) -> None:
    gone = [f"https://news.example/gone/{n}" for n in range(MOST_ALIASES + 5)]
    put(database, *(entry(url, title=f"Headline {url}") for url in gone))
    for url in gone:
        put(database, at("https://news.example/log-in", url))
    assert count(database, aliases) == MOST_ALIASES
    put(database, at("https://news.example/", gone[-1]))
    assert count(database, aliases) == MOST_ALIASES


def test_an_alias_goes_with_its_article(database: Database) -> None:
    put(database, at(B, A))
    with database.write() as conn:
        conn.exec_driver_sql("DELETE FROM articles")
    assert count(database, aliases) == 0
    assert put(database, at(A)).inserted == 1


def test_a_short_entry_under_an_alias_fires_when_its_page_is_given_up(database: Database) -> None:
    put(database, at(B, A, stage="feed", title="Police detain a whole family", text=""))
    inbox.put(database, [entry(A)], NOW, "crawl")
    assert [s.fires for s in all_signals(database)] == [False]
    with database.write() as conn:
        page_tasks.settle(conn, A, "It is gone.", True, NOW)
    assert [s.fires for s in all_signals(database)] == [True]


@pytest.mark.parametrize(
    "variant",
    [
        "https://news.example/world/7?utm_source=rss&utm_medium=feed",
        "http://m.news.example/world/7#comments",
        "https://www.news.example/world/7/amp",
        "https://news-example.cdn.ampproject.org/c/s/news.example/world/7?amp_js_v=0.1",
        "https://www.google.com/amp/s/news.example/world/7",
        "https://news.example:443/world/7?fbclid=IwAR0",
    ],
)
def test_variants_of_an_address_are_one_article_without_any_alias(
    database: Database, variant: str
) -> None:
    plain = "https://news.example/world/7"
    put(database, at(plain))
    put(database, replace(at(canonical_url(variant)), url=variant))
    assert len(stored(database)) == 1
    assert count(database, aliases) == 0


def test_an_alias_is_not_new_to_any_source(database: Database) -> None:
    inbox.put(database, [at(B, A)], NOW, "crawl")
    put(database, at(C, "https://news.example/d"))
    with database.read() as conn:
        asked = dict.fromkeys((A, B, "https://news.example/d", "https://x.example/e"), "A title")
        assert seen.seen_novelty(conn, "news-en", asked) == {"https://x.example/e": "new"}


def test_what_an_address_leads_to_is_learnt_once_and_never_in_a_circle() -> None:
    known = Addresses({article_key(A): B}, {article_key(B): 1})
    assert known.learn(Link(A, C)) is None, "it leads to B already"
    assert known.learn(Link(B, A)) is None, "that would be a circle"
    assert known.learn(Link(B, C)) == Link(B, C)
    assert [known.leads_to(url) for url in (A, B, C)] == [C, C, C]
    assert known.learn(Link(C, A)) is None
