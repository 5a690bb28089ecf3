"""Several processes at once, on both databases: nothing lost, nothing doubled, no deadlock."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rival import ARTICLES, DEEDS, PAGES, REPRINTS, press
from sqlalchemy import func, select
from storage_samples import NOW, article, classified, episode

from worker.storage import episode_changes, episodes, inbox, outbox
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.tables import aliases, articles, bands, signals, sketches

RIVAL = Path(__file__).with_name("rival.py")
ROOT = Path(__file__).parents[3]


class Rival:
    """A process of its own that does what it is told."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(RIVAL)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            # Named, because PYTHONSAFEPATH keeps a script's own directory off the path.
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(RIVAL.parent)])},
        )

    def tell(self, duty: str, db: Database, number: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([duty, db.url, number]) + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def team() -> Iterator[list[Rival]]:
    """Four processes, started once: starting them costs more than anything they do."""
    members = [Rival() for _ in range(4)]
    assert [rival.answer() for rival in members] == ["ready"] * 4
    yield members
    for rival in members:
        rival.end()


def rivals(team: list[Rival], duty: str, db: Database) -> list[Any]:
    """What came of the same duty in several processes, all told at the same moment."""
    for number, rival in enumerate(team):
        rival.tell(duty, db, number)
    return [json.loads(rival.answer()) for rival in team]


def count(db: Database, table: Any) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def test_overlapping_batches_store_every_article_once(
    team: list[Rival], database: Database
) -> None:
    reports = rivals(team, "store_all", database)
    assert sum(inserted for inserted, _ in reports) == ARTICLES
    assert sum(unchanged for _, unchanged in reports) == 3 * ARTICLES
    assert count(database, articles) == count(database, signals) == ARTICLES
    assert inbox.counts(database) == inbox.InboxCounts(0, 0, None)

    wire = {classified(made).key for made in press() if "police" in made.text.lower()}  # type: ignore[attr-defined]
    assert len(wire) == REPRINTS
    with database.read() as conn:
        stories = {r.key: r.story for r in conn.execute(select(articles.c.key, articles.c.story))}
        told = {
            r.article: r.story for r in conn.execute(select(signals.c.article, signals.c.story))
        }
    assert told == stories
    assert len({stories[key] for key in wire}) == 1
    assert len(set(stories.values())) == ARTICLES - REPRINTS + 1
    assert count(database, sketches) == ARTICLES - REPRINTS + 1
    assert count(database, bands) == 20 * (ARTICLES - REPRINTS + 1)


def test_an_entry_and_its_page_are_one_article_whoever_stores_which_first(
    team: list[Rival], database: Database
) -> None:
    rivals(team, "store_found_twice", database)
    assert count(database, articles) == count(database, signals) == PAGES
    assert count(database, aliases) == PAGES
    with database.read() as conn:
        led = select(aliases.c.alias, aliases.c.article)
        names = {name for row in conn.execute(led) for name in row}
    assert len(names) == 2 * PAGES


def test_a_process_that_is_killed_in_mid_store_leaves_nothing_half_done(database: Database) -> None:
    made = [article(n) for n in range(20)]
    ids = inbox.put(database, made, NOW, "crawl")
    victim = Rival()
    victim.tell("hang_in_store", database, 0)
    assert [victim.answer() for _ in range(2)] == ["ready", "written"]
    assert count(database, articles) == 0
    victim.end()
    again = inbox.begin_attempt(database, ids, NOW)
    assert again.alone == tuple(ids), "each alone: one of them may be what killed it"
    for id in ids:
        assert inbox.begin_attempt(database, [id], NOW).begun == (id,)
    with database.read() as conn:
        batch = [classified(row.article, inbox_id=row.id) for row in inbox.load(conn, ids)]
    assert database.retrying(lambda conn: store(conn, batch, NOW)).inserted == 20
    assert count(database, articles) == count(database, signals) == 20
    assert inbox.counts(database).pending == 0


def test_each_message_is_claimed_by_one_deliverer(team: list[Rival], database: Database) -> None:
    keys = [f"k{n}" for n in range(60)]
    with database.write() as conn:
        for key in keys:
            outbox.add(conn, key, "mail", "e", "{}", NOW, now=NOW)
    claimed = rivals(team, "deliver", database)
    assert Counter(key for mine in claimed for key in mine) == Counter(keys)
    assert outbox.counts(database).due == 0


def test_one_of_many_evaluations_opens_the_episode(team: list[Rival], database: Database) -> None:
    assert sorted(rivals(team, "open_episode", database)) == ["overtaken"] * 3 + ["saved"]
    with database.read() as conn:
        assert len(episodes.listing(conn)) == 1


def test_each_version_of_an_episode_is_written_once(team: list[Rival], database: Database) -> None:
    with database.write() as conn:
        episodes.save(conn, episode(), None)
    written = [version for mine in rivals(team, "change_episode", database) for version in mine]
    assert sorted(written) == list(range(1, 31))
    with database.read() as conn:
        assert episodes.current(conn)["raids"].version == 31


def test_two_beats_evaluate_each_tick_once(team: list[Rival], database: Database) -> None:
    recorded = Counter(tick for mine in rivals(team, "evaluate", database) for tick in mine)
    assert set(recorded.values()) == {1}
    assert 29 in recorded


def test_neither_is_a_deed_lost_to_an_evaluation_nor_one_to_a_deed(
    team: list[Rival], database: Database
) -> None:
    database.retrying(lambda conn: episodes.save(conn, episode(), None))
    assert rivals(team, "share_an_episode", database) == [0] * 4
    with database.read() as conn:
        left = episodes.get(conn, episode().id)
        acts = [(one.by, one.version) for one in episode_changes.of(conn, episode().id)]
    assert left is not None
    assert left.findings == 1 + 2 * DEEDS, "both evaluations"
    assert left.version == 1 + 4 * DEEDS, "and both persons"
    assert len(set(acts)) == 2 * DEEDS
    assert left.handling.acknowledged_by == max(acts, key=lambda act: act[1])[0]


def test_each_host_is_leased_to_one_crawl(team: list[Rival], database: Database) -> None:
    granted = rivals(team, "lease", database)
    assert Counter(host for mine in granted for host in mine) == Counter(
        f"host{n}" for n in range(50)
    )


def test_two_reconcilers_never_take_the_same_row(team: list[Rival], database: Database) -> None:
    ids = inbox.put(database, [article(n) for n in range(300)], NOW - timedelta(hours=1), "crawl")
    taken = [id for mine in rivals(team, "reconcile", database) for id in mine]
    left = [id for batch in _stale(database) for id in batch]
    assert sorted(taken + left) == ids


def _stale(db: Database) -> list[list[int]]:
    second = timedelta(seconds=1)
    return inbox.stale(db, second, second, NOW + timedelta(minutes=1))


def test_processes_that_start_at_once_build_one_schema(
    team: list[Rival], database_url: str
) -> None:
    db = Database(database_url)
    assert rivals(team, "upgrade", db) == [None] * 4
    db.dispose()
