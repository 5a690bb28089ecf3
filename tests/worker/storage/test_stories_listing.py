"""Stories read back: whole, each once, the last told first, under their present names."""

from dataclasses import replace
from datetime import timedelta

from storage_samples import IRRELEVANT, NOW, article, classified

from worker.storage.archive import PAGE
from worker.storage.articles import ClassifiedArticle, store
from worker.storage.database import Database
from worker.storage.stories import stories, story
from worker.storage.story_merging import merge
from worker.stories.sketch import sketch

HOUR = timedelta(hours=1)
RAID = " ".join(f"raid{n}" for n in range(60))


def told(name: str, hours: float = 0.0, text: str = "") -> ClassifiedArticle:
    """An article of its own newsroom that counts so many hours from noon; without a text it has
    words of its own."""
    at = NOW + hours * HOUR
    words = text or " ".join(f"{name}{n}" for n in range(40))
    made = article(name, title=name, text=words, newsroom=name, published=at, fetched=at)
    plain = classified(made, received_at=at)
    return replace(plain, sketch=sketch("", words))


def put(db: Database, *batch: ClassifiedArticle, hours: float = 0.0) -> None:
    db.retrying(lambda conn: store(conn, batch, NOW + hours * HOUR))


def titles(db: Database, *asked: object) -> list[list[str]]:
    return [[one.title for one in some] for some in stories(db, *asked)]  # type: ignore[arg-type]


def three_stories(db: Database) -> None:
    put(
        db,
        told("raid", 0, RAID),
        told("talks", 1),
        told("raid again", 2, RAID),
        told("visit", 3),
        hours=4,
    )


def test_the_story_that_was_told_last_comes_first(database: Database) -> None:
    three_stories(database)
    assert titles(database) == [["visit"], ["raid", "raid again"], ["talks"]]
    assert titles(database, None, None, None, 2) == [["visit"], ["raid", "raid again"]]


def test_a_story_of_that_time_is_told_whole(database: Database) -> None:
    three_stories(database)
    since, until = NOW + 1.5 * HOUR, NOW + 2.5 * HOUR
    assert titles(database, since, until) == [["raid", "raid again"]]
    assert titles(database, NOW, NOW + 1.5 * HOUR) == [["talks"], ["raid", "raid again"]]
    assert titles(database, NOW + 9 * HOUR) == []


def test_the_query_looks_into_titles_and_texts(database: Database) -> None:
    three_stories(database)
    put(database, told("elsewhere", 3.5, "Nothing but the RAİL bridge over the Samur"))
    assert titles(database, None, None, "AGAIN") == [["raid", "raid again"]]
    assert titles(database, None, None, "the samur") == [["elsewhere"]]


def test_what_is_not_about_the_dyad_is_no_story_of_it(database: Database) -> None:
    put(database, told("raid", 0, RAID), replace(told("rain"), classification=IRRELEVANT))
    assert titles(database) == [["raid"]]


def test_a_story_that_reaches_over_many_pages_is_listed_once(database: Database) -> None:
    reprints = [told(f"copy {n}", n / 100, RAID) for n in range(PAGE + 20)]
    put(database, *reprints, told("talks", -1))
    (many, one) = stories(database)
    assert (len(many), [other.title for other in one]) == (PAGE + 20, ["talks"])
    assert len({copy.telling for copy in many}) == 1
    assert len(titles(database, None, None, None, 2)) == 2


def test_a_merged_storys_old_name_leads_to_the_whole_story(database: Database) -> None:
    put(database, told("raid"), told("court", 2), hours=2)
    younger, elder = (some[0].story for some in stories(database))
    database.retrying(lambda conn: merge(conn, elder, [younger], NOW))
    with database.read() as conn:
        old, new = story(conn, younger), story(conn, elder)
        nothing = story(conn, "s0")
    assert old == new and nothing == ()
    assert [(one.title, one.story) for one in old] == [("raid", elder), ("court", elder)]
    assert titles(database) == [["raid", "court"]]
