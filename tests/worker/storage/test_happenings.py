"""Stories over the database: other words join, two that prove to be one are merged, names last."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from storage_samples import IRRELEVANT, NOW, article, classified, finding

from alerts.episode import Episode
from alerts.signal import Signal
from worker.storage import archive, episodes
from worker.storage.articles import ClassifiedArticle, store
from worker.storage.database import Database
from worker.storage.desk_tables import judgements
from worker.storage.folding import fold
from worker.storage.identity import Link
from worker.storage.judgements import false_alarm
from worker.storage.signals import signals
from worker.storage.tables import happenings, late_signals, story_aliases, tellings
from worker.stories.fingerprint import Fingerprint
from worker.stories.index import story_of
from worker.stories.sketch import sketch

HOUR = timedelta(hours=1)
RAID: Fingerprint = (("a:voronezh", 2.4), ("t:market", 1.6), ("n:14", 1.0), ("w:brkt", 0.7))
OTHER: Fingerprint = (("a:voronezh", 1.6), ("w:srkn", 1.0), ("t:court", 1.0))
BOTH: Fingerprint = (*RAID, ("w:srkn", 0.7), ("t:court", 0.7))


def told(
    name: str, marks: Fingerprint, hours: float = 0.0, newsroom: str | None = None, text: str = ""
) -> ClassifiedArticle:
    """An article of its own newsroom, in words of its own, that counts so many hours from noon."""
    at = NOW + hours * HOUR
    words = text or " ".join(f"{name}{n}" for n in range(40))
    made = article(
        name, title=name, text=words, newsroom=newsroom or name, published=at, fetched=at
    )
    plain = classified(made, received_at=at)
    return replace(plain, marks=marks, sketch=sketch(made.title, made.text))


def put(db: Database, *batch: ClassifiedArticle, hours: float = 0.0) -> None:
    db.retrying(lambda conn: store(conn, batch, NOW + hours * HOUR))


def all_signals(db: Database) -> list[Signal]:
    with db.read() as conn:
        return signals(conn, NOW - 1000 * HOUR, NOW + 1000 * HOUR, NOW + 1000 * HOUR)


def stories(db: Database) -> dict[str, str]:
    return {one.title: one.story for one in archive.articles(db)}


def test_other_words_of_another_newsroom_join_the_story(database: Database) -> None:
    put(database, told("a", RAID))
    put(database, told("b", RAID[:3], 1))
    first = stories(database)["a"]
    assert stories(database) == {"a": first, "b": first}
    assert {(one.story, one.teller) for one in all_signals(database)} == {
        (first, "a"),
        (first, "b"),
    }


def test_both_in_one_batch_are_one_story_too(database: Database) -> None:
    put(database, told("b", RAID[:3], 1), told("a", RAID))
    assert len(set(stories(database).values())) == 1
    with database.read() as conn:
        (kept,) = conn.execute(select(happenings)).all()
        assert kept.tellings == 2
        assert len(conn.execute(select(tellings)).all()) == 2


def test_a_reprint_repeats_the_words_of_another_newsroom(database: Database) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    put(database, told("wire", RAID, text=words))
    put(database, told("copy", RAID, 1, text=words))
    assert {one.teller for one in all_signals(database)} == {"wire"}
    with database.read() as conn:
        assert conn.execute(select(happenings.c.tellings)).scalar_one() == 1


def test_the_same_article_again_tells_nothing_new(database: Database) -> None:
    put(database, told("a", RAID))
    again = told("a", RAID, text="a page with far more words than the entry had, and other ones")
    put(database, replace(again, article=replace(again.article, fetched=NOW + 2 * HOUR)))
    with database.read() as conn:
        assert conn.execute(select(happenings.c.tellings)).scalar_one() == 1
    assert len(set(stories(database).values())) == 1


def merged(db: Database) -> tuple[str, str]:
    """Two stories, and an article that shows them to be one; the elder and the younger name."""
    put(db, told("a", RAID))
    put(db, told("b", OTHER, 60), hours=60)
    apart = stories(db)
    assert apart["a"] != apart["b"]
    put(db, told("c", BOTH, 32), hours=61)
    return apart["a"], apart["b"]


def test_stories_that_prove_to_be_one_are_merged_under_the_elders_name(database: Database) -> None:
    elder, younger = merged(database)
    assert set(stories(database).values()) == {elder}
    assert {one.story for one in all_signals(database)} == {elder}
    with database.read() as conn:
        assert conn.execute(select(happenings.c.story)).scalars().all() == [elder]
        alias = conn.execute(select(story_aliases)).one()
        assert (alias.alias, alias.story) == (younger, elder)
        # Settled buckets hold one story less: the baseline counts them anew.
        assert conn.execute(select(late_signals.c.at)).scalars().all()
    put(database, told("d", OTHER, 50), hours=62)
    assert stories(database)["d"] == elder


def test_an_episode_knows_its_stories_by_their_present_names(database: Database) -> None:
    elder, younger = story_of(told("a", RAID).key), story_of(told("b", OTHER).key)
    last = replace(finding(), story_ids=(younger, elder))
    opened = Episode(
        "e1", "raids", "open", "critical", NOW, NOW, None, 1, last, 9, 1, burst=(younger,)
    )
    with database.write() as conn:
        episodes.save(conn, opened, None)
    merged(database)
    with database.read() as conn:
        known = episodes.current(conn)["raids"]
    assert known.last.story_ids == (elder,)
    assert known.burst == (elder,)


def test_an_article_folded_into_one_that_was_never_compared_stays_in_its_story(
    database: Database,
) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    entry, wire, copy = (
        told("entry", ()),
        told("wire", RAID, text=words),
        told("copy", (), 1, text=words),
    )
    entry = replace(entry, article=replace(entry.article, stage="feed"))
    put(database, replace(entry, classification=IRRELEVANT), wire, copy)
    with database.write() as conn:
        fold(conn, Link(copy.article.canonical_url, entry.article.canonical_url), NOW)
    assert stories(database) == dict.fromkeys(("wire", "copy"), story_of(wire.key))
    assert [(one.story, one.teller) for one in all_signals(database)] == [
        (story_of(wire.key), "wire")
    ] * 2


def test_a_folded_article_has_the_teller_of_the_story_that_it_comes_to(database: Database) -> None:
    feed = told("feed", RAID)
    feed = replace(feed, article=replace(feed.article, stage="feed"))
    page = told("page", OTHER[2:], 1)
    put(database, feed, page)
    with database.write() as conn:
        fold(conn, Link(page.article.canonical_url, feed.article.canonical_url), NOW)
    (kept,) = all_signals(database)
    assert (kept.story, kept.teller) == (story_of(feed.key), "feed")


def test_what_people_said_of_a_story_follows_it_to_its_present_name(database: Database) -> None:
    elder, younger = story_of(told("a", RAID).key), story_of(told("b", OTHER).key)
    last = replace(finding(), story_ids=(younger,))
    opened = Episode("e1", "raids", "open", "critical", NOW, NOW, None, 1, last, 9, 1)
    with database.write() as conn:
        false_alarm(conn, opened, "ann", None, NOW)
    merged(database)
    with database.read() as conn:
        assert conn.execute(select(judgements.c.story)).scalars().all() == [elder]
