"""The evidence of an episode, over a real database: kept, compared, and told."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from harness.services import services
from sqlalchemy import select, update
from storage_samples import NOW, RELEVANT, article, classified, episode, finding

from alerts.episode import Episode
from alerts.rules import Rule, parse_where
from crawler.article import Article
from crawler.ports import PageOutcome
from crawler.source import Source
from worker import evidence, reporting, revisiting
from worker.bootstrap import Services
from worker.keys import article_key
from worker.storage import coverage, page_tasks
from worker.storage import evidence as kept_evidence
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.desk_tables import evidence as evidence_table
from worker.storage.desk_tables import revisits
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.tables import articles
from worker.storage.tables import page_tasks as tasks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RAIDS = Rule(
    "raids", "threshold", parse_where({"category": "detention_or_raid"}), 2 * HOUR, at_least=1
)
NEWS = Source("news-en", "feed", "https://news.example/rss", "News (en)", "news", country="AZ")
DEAF = Source("deaf", "feed", "https://deaf.example/rss", "Deaf", "deaf", country="AZ")


@pytest.fixture
def works(database: Database, tmp_path: Path) -> Services:
    return services(database, tmp_path, sources=[NEWS, DEAF], rules=[RAIDS])


def take_in(db: Database, *made: Article, at: timedelta = timedelta(0)) -> None:
    """The articles as a crawl brings them: shown by the feed, then stored."""
    batch = [classified(one, received_at=NOW + at) for one in made]
    db.retrying(lambda conn: page_tasks.remember(conn, made, NOW + at))
    db.retrying(lambda conn: store(conn, batch, NOW + at))


def read_in(db: Database, number: int, **changes: object) -> None:
    """An article that a feed has shown, and whose page was read."""
    take_in(db, article(number, stage="feed", text=""))
    take_in(db, article(number, **changes))


def alarm(*numbers: int) -> Episode:
    keys = tuple(article_key(article(number).canonical_url) for number in numbers)
    return episode(last=replace(finding(), article_ids=keys))


def keep(works: Services, one: Episode, at: timedelta = timedelta(0)) -> str:
    return works.database.retrying(lambda conn: evidence.keep(conn, works.profile, one, NOW + at))


def state(works: Services, one: Episode) -> evidence.State:
    with works.database.read() as conn:
        found = evidence.state_of(conn, one)
    assert found is not None
    return found


def test_what_is_kept_has_the_hash_that_people_are_told(works: Services) -> None:
    read_in(works.database, 1)
    works.database.retrying(lambda conn: coverage.note_poll(conn, "news-en", NOW, ok=True))
    digest = keep(works, alarm(1))
    with works.database.read() as conn:
        (row,) = kept_evidence.of_episode(conn, alarm(1).id)
    assert row.digest == digest == sha256(row.body.encode()).hexdigest()
    snapshot = evidence.read(row)
    (kept,) = snapshot.articles
    assert (kept.url, kept.newsroom, kept.side) == ("https://news.example/1", "news", "AZE")
    (sentence,) = kept.sentences
    assert [sentence.text[a:b] for a, b in sentence.spans] == ["Police"]
    assert [(h.side and h.side.code, h.healthy, h.sources) for h in snapshot.heard] == [
        ("AZE", 1, 2)
    ]
    assert len(snapshot.versions.rules_digest) == 64
    assert snapshot.body == row.body


def test_the_same_evidence_at_the_same_moment_is_kept_once(works: Services) -> None:
    read_in(works.database, 1)
    assert keep(works, alarm(1)) == keep(works, alarm(1))
    worse = replace(alarm(1), severity="critical", version=2)
    keep(works, worse, HOUR)
    with works.database.read() as conn:
        taken = [row.taken_at for row in kept_evidence.of_episode(conn, worse.id)]
    assert taken == [NOW, NOW + HOUR]


def test_a_row_that_was_changed_is_noticed(works: Services) -> None:
    read_in(works.database, 1)
    keep(works, alarm(1))
    with works.database.write() as conn:
        body = conn.execute(select(evidence_table.c.body)).scalar_one()
        forged = body.replace('"count":9', '"count":90')
        conn.execute(update(evidence_table).values(body=forged))
    broken = state(works, alarm(1))
    assert not broken.intact
    assert "was changed" in broken.sentences[1]


def test_an_edit_and_a_deletion_are_told_of(works: Services) -> None:
    for number in (1, 2, 3):
        read_in(works.database, number)
    keep(works, alarm(1, 2, 3))
    assert state(works, alarm(1, 2, 3)).sentences[1:] == ()
    take_in(works.database, article(1, title="Nothing happened", fetched=NOW + HOUR), at=HOUR)
    memory = SqlFeedMemory(works.database, lambda: NOW + HOUR)
    memory.page_read(PageOutcome("news-en", "https://news.example/2", "gone", "404", True))
    after = state(works, alarm(1, 2, 3))
    assert (after.proof.articles, after.proof.edited, after.proof.deleted) == (3, 1, 1)
    assert "1 of 3 articles was edited after the alert, 1 was deleted." in after.sentences


def test_a_page_that_comes_back_is_not_gone_any_more(works: Services) -> None:
    read_in(works.database, 1)
    keep(works, alarm(1))
    memory = SqlFeedMemory(works.database, lambda: NOW + HOUR)
    gone = PageOutcome("news-en", "https://news.example/1", "gone", "404", True)
    memory.page_read(gone)
    SqlFeedMemory(works.database, lambda: NOW + DAY).page_read(gone)
    with works.database.read() as conn:
        assert conn.execute(select(articles.c.gone_at)).scalar() == NOW + HOUR
    memory.page_read(PageOutcome("news-en", "https://news.example/1", "failed", "503"))
    assert state(works, alarm(1)).proof.deleted == 1
    memory.page_read(PageOutcome("news-en", "https://news.example/1", "read"))
    assert state(works, alarm(1)).proof.deleted == 0


def test_an_edit_before_a_later_message_is_not_forgotten(works: Services) -> None:
    for number in (1, 2):
        read_in(works.database, number)
    keep(works, alarm(1))
    take_in(works.database, article(1, title="Nothing happened", fetched=NOW + HOUR), at=HOUR)
    keep(works, alarm(1, 2), 2 * HOUR)
    after = state(works, alarm(1, 2))
    assert (after.proof.articles, after.proof.edited) == (2, 1)
    assert after.kept.taken_at == NOW + 2 * HOUR


def test_a_message_rests_on_evidence_of_all_that_it_says(works: Services) -> None:
    for number in (1, 2):
        read_in(works.database, number)
    keep(works, alarm(1))
    told = reporting.gather(works, alarm(1), "opened")
    assert told.proof is not None and told.proof.taken_at == NOW
    grown = reporting.gather(works, alarm(1, 2), "opened")
    assert grown.proof is not None and grown.proof.articles == 2
    assert grown.proof.digest != told.proof.digest
    again = reporting.gather(works, alarm(1, 2), "repeat")
    assert again.proof == grown.proof
    assert reporting.gather(works, alarm(1), "updated").proof == grown.proof


def test_an_episode_without_evidence_has_no_state(works: Services) -> None:
    with works.database.read() as conn:
        assert evidence.state_of(conn, alarm(1)) is None


def due(db: Database) -> list[tuple[str, int]]:
    with db.read() as conn:
        return [
            (row.host, row.priority) for row in conn.execute(select(tasks.c.host, tasks.c.priority))
        ]


def test_pages_are_looked_at_again_after_an_hour_six_a_day_three_and_seven(
    works: Services,
) -> None:
    read_in(works.database, 1)
    keep(works, alarm(1))
    asked = []
    for hours in (0.5, 1, 2, 6, 7, 24, 25, 72, 73, 168, 169, 400):
        if revisiting.revisit(works, NOW + hours * HOUR):
            asked.append(hours)
            assert due(works.database) == [("news.example", page_tasks.AGAIN)]
            with works.database.write() as conn:
                conn.execute(tasks.delete())
    assert asked == [1, 6, 24, 72, 168]
    with works.database.read() as conn:
        assert conn.execute(select(revisits)).all() == []


def test_looks_that_were_missed_are_not_made_up_for(works: Services) -> None:
    read_in(works.database, 1)
    keep(works, alarm(1))
    assert revisiting.revisit(works, NOW + 2 * DAY) == 1
    assert revisiting.revisit(works, NOW + 2 * DAY + HOUR) == 0
    with works.database.read() as conn:
        assert conn.execute(select(revisits.c.due_at)).scalar() == NOW + 3 * DAY


def test_only_so_many_at_a_time_and_those_of_the_newest_alert_first(works: Services) -> None:
    for number in range(1, 15):
        read_in(works.database, number)
    keep(works, alarm(*range(1, 13)))
    keep(works, replace(alarm(13, 14), id="raids-later"), 10 * timedelta(minutes=1))
    first, second = (revisiting.revisit(works, NOW + 2 * HOUR) for _ in range(2))
    assert (first, second) == (revisiting.A_ROUND, 14 - revisiting.A_ROUND)
    with works.database.read() as conn:
        newest = article_key(article(13).canonical_url)
        assert conn.execute(select(tasks.c.article).where(tasks.c.article == newest)).first()


def test_what_has_no_page_of_its_own_is_not_asked_for(works: Services) -> None:
    handed_in = classified(article(1), RELEVANT, "ingest")
    works.database.retrying(lambda conn: store(conn, [handed_in], NOW))
    take_in(works.database, article(2))  # its source tells it in full: it was never a feed's entry
    read_in(works.database, 3, source="stranger")
    keep(works, alarm(1, 2, 3))
    assert revisiting.revisit(works, NOW + HOUR) == 0
    assert due(works.database) == []


def test_a_page_that_is_read_again_and_says_the_same_changes_nothing(works: Services) -> None:
    read_in(works.database, 1)
    keep(works, alarm(1))
    revisiting.revisit(works, NOW + HOUR)
    (task,) = page_tasks.page_tasks(works.database, "news.example", 9, NOW + HOUR)
    assert (task.article.fetched, task.article.stage) == (NOW + HOUR, "feed")
    again = replace(task.article, text=article(1).text, stage="page")
    take_in(works.database, again, at=HOUR)
    assert state(works, alarm(1)).sentences[1:] == ()
    assert due(works.database) == []
    take_in(works.database, replace(again, text="All of it was denied."), at=6 * HOUR)
    assert state(works, alarm(1)).proof.edited == 1
