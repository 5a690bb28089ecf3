"""One of several processes that do the same thing at once.

Reads lines of `[duty, database URL, number]`, and answers each with what came of it, as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection
from storage_samples import NOW, article, classified, episode
from storage_samples import TEXT as WIRE

from alerts.episode import advance
from crawler.article import Article
from worker.handling import handle
from worker.storage import episodes, evaluations, hosts, inbox, outbox
from worker.storage.articles import StoreReport, store
from worker.storage.database import Database
from worker.storage.statements import one_at_a_time

ARTICLES, REPRINTS, BATCH = 240, 24, 20


def press() -> list[object]:
    """Every tenth article is a reprint of one wire text; every process stores all of them."""
    made = []
    for n in range(ARTICLES):
        words = WIRE if n % 10 == 0 else " ".join(f"word{n}x{k}" for k in range(80))
        made.append(article(n, newsroom=f"n{n % 7}", title=f"Title {n}", text=words * 2))
    return made


def store_all(db: Database, number: int) -> object:
    made = press()
    random.Random(number).shuffle(made)
    report = StoreReport()
    for start in range(0, len(made), BATCH):
        ids = inbox.put(db, made[start : start + BATCH], NOW, "crawl")
        begun = inbox.begin_attempt(db, ids, NOW).begun
        with db.read() as conn:
            rows = inbox.load(conn, begun)
        batch = [classified(row.article, inbox_id=row.id) for row in rows]
        report += db.retrying(lambda conn, batch=batch: store(conn, batch, NOW))
    return [report.inserted, report.unchanged]


PAGES = 40


def found_twice() -> list[Article]:
    """Entries, the pages that they turn out to lead to, and those pages as other feeds show them;
    every third page names the one before as its own address, too."""
    made = []
    for n in range(PAGES):
        entry = article(n, stage="feed", url=f"https://news.example/e{n}")
        entry = replace(entry, canonical_url=entry.url)
        words = " ".join(f"word{n}x{k}" for k in range(80))
        page = replace(article(n, text=words), aliases=(entry.canonical_url,))
        made += [entry, page, replace(page, aliases=()), replace(entry, source="another")]
        if n % 3 == 0:
            circle = replace(page, canonical_url=entry.url, aliases=(page.canonical_url,))
            made.append(circle)
    return made


def store_found_twice(db: Database, number: int) -> object:
    made = found_twice()
    random.Random(number).shuffle(made)
    for start in range(0, len(made), 7):
        batch = [classified(one) for one in made[start : start + 7]]
        db.retrying(lambda conn, batch=batch: store(conn, batch, NOW))
    return None


def hang_in_store(db: Database, number: int) -> object:
    """Has everything written and nothing committed when it says so; then waits to be killed."""
    rows = [row.id for row in _waiting(db)]
    inbox.begin_attempt(db, rows, NOW)
    with db.write() as conn:
        batch = [classified(row.article, inbox_id=row.id) for row in inbox.load(conn, rows)]
        store(conn, batch, NOW)
        print("written", flush=True)
        time.sleep(60)
    return None


def _waiting(db: Database) -> list[inbox.InboxRow]:
    with db.read() as conn:
        return inbox.load(conn, range(1, 1000))


def deliver(db: Database, number: int) -> object:
    keys = []
    while rows := outbox.claim(db, NOW, limit=3):
        keys += [row.key for row in rows]
        for row in rows:
            outbox.sent(db, row.key, NOW)
    return keys


def open_episode(db: Database, number: int) -> object:
    mine = episode(opened_at=NOW + timedelta(minutes=number))
    return db.retrying(lambda conn: episodes.save(conn, mine, None))


def change_episode(db: Database, number: int) -> object:
    def change(version: int) -> str:
        changed = episode(version=version + 1, peak_count=number)
        return db.retrying(lambda conn: episodes.save(conn, changed, version))

    return [version for version in range(1, 31) if change(version) == "saved"]


DEEDS = 30


def share_an_episode(db: Database, number: int) -> object:
    """Half of the processes evaluate, the other half are people; how often each was overtaken."""
    overtaken = 0
    for turn in range(DEEDS):
        if number % 2:
            handle(db, episode().id, "acknowledged", f"person {number}, {turn}", NOW)
        else:
            overtaken += db.retrying(_tick) != "saved"
    return overtaken


def _tick(conn: Connection) -> str:
    """What an evaluation does with the episode of a rule that fires again."""
    one_at_a_time(conn, "evaluate")
    known = episodes.current(conn, for_update=True)["raids"]
    now = known.updated_at + timedelta(seconds=1)
    moved = advance(known, replace(known.last, at=now), now)
    assert moved.episode is not None
    time.sleep(0.002)  # between looking and writing somebody else would have the time
    return episodes.save(conn, moved.episode, known.version)


def evaluate(db: Database, number: int) -> object:
    finding = episode().last

    def record(tick: int) -> str:
        at = NOW + timedelta(minutes=tick)
        return db.retrying(lambda c: evaluations.record_evaluation(c, "raids", at, finding))

    return [tick for tick in range(30) if record(tick) == "recorded"]


def lease(db: Database, number: int) -> object:
    wanted = [f"host{n}" for n in range(50)]
    random.Random(number).shuffle(wanted)
    return sorted(hosts.lease_hosts(db, wanted, f"crawl {number}", NOW + timedelta(minutes=1), NOW))


def reconcile(db: Database, number: int) -> object:
    second = timedelta(seconds=1)
    batches = inbox.stale(db, second, second, NOW + timedelta(minutes=1))
    return [id for batch in batches for id in batch]


def upgrade(db: Database, number: int) -> object:
    db.upgrade()
    return db.check()


DUTIES: dict[str, Callable[[Database, int], object]] = {
    duty.__name__: duty
    for duty in (
        store_all,
        store_found_twice,
        hang_in_store,
        deliver,
        open_episode,
        change_episode,
        share_an_episode,
        evaluate,
        lease,
        reconcile,
        upgrade,
    )
}


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        duty, url, number = json.loads(line)
        database = Database(url)
        print(json.dumps(DUTIES[duty](database, number)), flush=True)
        database.dispose()
