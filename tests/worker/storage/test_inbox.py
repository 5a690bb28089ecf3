"""What was taken in is worked on until it is done or given up, and never forgotten."""

from datetime import timedelta

from sqlalchemy import func, select, update
from storage_samples import NOW, article

from worker.storage import inbox
from worker.storage.database import Database
from worker.storage.page_tasks import hosts_with_pages, move, page_tasks, settle
from worker.storage.tables import inbox as table
from worker.storage.tables import seen

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOST = "news.example"


def load(db: Database, ids: list[int]) -> list[inbox.InboxRow]:
    with db.read() as conn:
        return inbox.load(conn, ids)


def test_articles_come_back_as_they_went_in(database: Database) -> None:
    given = [article(n, authors=("Ə", "Я")) for n in range(3)]
    ids = inbox.put(database, given, NOW, "ingest")
    assert [row.article for row in load(database, ids)] == given
    assert [row.origin for row in load(database, ids)] == ["ingest"] * 3
    assert inbox.counts(database) == inbox.InboxCounts(3, 0, NOW)
    assert inbox.put(database, [], NOW, "crawl") == []


def test_ids_come_in_the_order_of_the_articles(database: Database) -> None:
    given = [article(n) for n in range(700)]
    ids = inbox.put(database, given, NOW, "crawl")
    assert [row.article.url for row in load(database, ids)] == [a.url for a in given]
    assert ids == sorted(ids)


def test_no_id_is_given_twice(database: Database) -> None:
    ids = inbox.put(database, [article(1), article(2)], NOW, "crawl")
    with database.write() as conn:
        inbox.done(conn, ids)
    (later,) = inbox.put(database, [article(3)], NOW, "crawl")
    assert later > max(ids)
    with database.write() as conn:  # a worker that had the same batch, and comes late
        inbox.done(conn, ids)
    assert [row.article for row in load(database, [later])] == [article(3)]
    assert inbox.newest(database) == later


def test_crawled_articles_are_seen_and_feed_entries_leave_a_page_task(database: Database) -> None:
    entry, page = article(1, stage="feed"), article(2)
    inbox.put(database, [entry, page, entry], NOW, "crawl")
    assert [task.article for task in page_tasks(database, HOST, 10, NOW)] == [entry]
    assert hosts_with_pages(database) == {HOST: 1}
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(seen)).scalar() == 2


def test_the_page_takes_the_task_away_and_a_second_look_does_not_bring_it_back(
    database: Database,
) -> None:
    inbox.put(database, [article(1, stage="feed")], NOW, "crawl")
    inbox.put(database, [article(1)], NOW, "crawl")
    inbox.put(database, [article(1, stage="feed")], NOW, "crawl")
    assert page_tasks(database, HOST, 10, NOW) == []
    assert settled(database, article(1).canonical_url, None, False, NOW) == "unknown"


def test_a_page_is_tried_three_times(database: Database) -> None:
    inbox.put(database, [article(1, stage="feed"), article(2, stage="feed")], NOW, "crawl")
    url = article(1).canonical_url
    assert settled(database, url, "It timed out.", False, NOW) == "again"
    assert [task.attempts for task in page_tasks(database, HOST, 10, NOW)] == [0, 1]
    assert settled(database, url, "It timed out.", False, NOW) == "again"
    assert settled(database, url, "It timed out.", False, NOW) == "given_up"
    assert settled(database, article(2).canonical_url, "It is gone.", True, NOW) == "given_up"
    assert page_tasks(database, HOST, 10, NOW) == []


def test_a_page_that_moved_is_read_where_it_is_now(database: Database) -> None:
    inbox.put(database, [article(1, stage="feed")], NOW, "crawl")
    url, there = article(1).canonical_url, "https://www.elsewhere.example/1"
    assert moved(database, url, there, NOW) == "moved"
    assert page_tasks(database, HOST, 10, NOW) == []
    (task,) = page_tasks(database, "elsewhere.example", 10, NOW)
    assert (task.article.url, task.article.canonical_url, task.attempts) == (there, url, 1)
    assert moved(database, url, article(1).url, NOW) == "moved"
    assert moved(database, url, there, NOW) == "given_up", "they send each other's readers back"
    assert moved(database, url, there, NOW) == "unknown"


def settled(db: Database, *how: object) -> str:
    with db.write() as conn:
        return settle(conn, *how)  # type: ignore[arg-type]


def moved(db: Database, *how: object) -> str:
    with db.write() as conn:
        return move(conn, *how)  # type: ignore[arg-type]


def test_ingested_articles_leave_no_page_task(database: Database) -> None:
    inbox.put(database, [article(1, stage="feed")], NOW, "ingest")
    assert hosts_with_pages(database) == {}


def test_an_address_that_is_none_spoils_nothing(database: Database) -> None:
    bad = article(1, stage="feed", url="https://x:notaport/", canonical_url="https://x:notaport/")
    assert len(inbox.put(database, [bad, article(2)], NOW, "crawl")) == 2


def test_rows_that_were_begun_before_go_alone_and_are_given_up_after_three(
    database: Database,
) -> None:
    ids = inbox.put(database, [article(n) for n in range(3)], NOW, "crawl")
    assert inbox.begin_attempt(database, ids) == inbox.Attempt(tuple(ids), (), ())
    again = inbox.begin_attempt(database, ids)
    assert (again.begun, again.alone) == ((), tuple(ids))
    poison = ids[0]
    for _ in range(2):
        assert inbox.begin_attempt(database, [poison]).begun == (poison,)
    assert inbox.begin_attempt(database, ids).quarantined == (poison,)
    assert inbox.counts(database).quarantined == 1
    assert [row.id for row in load(database, ids)] == ids[1:]
    assert "killed its worker" in inbox.quarantined(database)[0].reason


def test_a_failure_keeps_its_reason_and_a_retry_forgets_it(database: Database) -> None:
    (id,) = inbox.put(database, [article(1)], NOW, "crawl")
    outcomes = []
    for _ in range(3):
        inbox.begin_attempt(database, [id])
        outcomes.append(inbox.fail(database, id, "Its text is a puzzle."))
    assert outcomes == ["pending", "pending", "quarantined"]
    (given_up,) = inbox.quarantined(database)
    assert (given_up.url, given_up.reason) == (article(1).url, "Its text is a puzzle.")
    assert inbox.retry(database, [id, 999], NOW) == [id]
    assert load(database, [id])[0].attempts == 0
    assert inbox.fail(database, 999, "It is nowhere.") == "gone"


def test_the_reconciler_finds_what_waits_too_long_and_takes_it_once(database: Database) -> None:
    fresh = inbox.put(database, [article(n) for n in range(60)], NOW, "crawl")
    begun = inbox.put(database, [article(n) for n in range(60, 62)], NOW, "crawl")
    inbox.begin_attempt(database, begun, NOW)

    def stale(later: timedelta) -> list[list[int]]:
        return inbox.stale(database, 20 * SECOND, MINUTE, NOW + later)

    assert stale(20 * SECOND) == []
    assert stale(21 * SECOND) == [[begun[0]], [begun[1]]]
    assert stale(22 * SECOND) == []
    assert stale(61 * SECOND) == [fresh[:50], fresh[50:], [begun[0]], [begun[1]]]
    assert stale(62 * SECOND) == []


def test_done_belongs_to_the_transaction(database: Database) -> None:
    ids = inbox.put(database, [article(1), article(2)], NOW, "crawl")
    database.retrying(lambda conn: inbox.done(conn, ids[:1]))
    assert inbox.begin_attempt(database, ids).begun == (ids[1],)
    assert inbox.counts(database).pending == 1


def test_a_payload_that_cannot_be_read_is_named_as_such(database: Database) -> None:
    (id,) = inbox.put(database, [article(1)], NOW, "crawl")
    with database.write() as conn:
        conn.execute(update(table).values(payload="{"))
    for _ in range(3):
        inbox.begin_attempt(database, [id])
    inbox.fail(database, id, "It cannot be read.")
    assert inbox.quarantined(database)[0].url == "(unreadable)"
