"""Digests over a real database: once a slot and channel, with what happened and what did not."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

from harness.services import Catcher, services
from storage_samples import NOW, article, classified, episode, finding

from alerts.episode import Transition
from alerts.notification import Notice
from alerts.pipeline import DigestTimes, Match, Route
from worker import digests
from worker.bootstrap import Services
from worker.keys import article_key
from worker.storage import decisions, episode_changes, episodes, outbox
from worker.storage.articles import store
from worker.storage.codec import decode
from worker.storage.database import Database
from worker.storage.decisions import Ruling

UTC = NOW.tzinfo
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
assert UTC is not None
AT_TWO = DigestTimes("day", time(14), UTC)
DESK = Route(("mail",), digest=AT_TWO)
DUE = NOW + 2 * HOUR


def watching(database: Database, home: Path, *routes: Route) -> Services:
    return services(database, home, routes=routes, channels={"mail": Catcher("mail")})


def opened(db: Database, **changes: object) -> None:
    one = episode(**changes)  # type: ignore[arg-type]
    with db.write() as conn:
        episodes.save(conn, one, None)
        episode_changes.note(conn, [Transition("escalated", one, "doubled")], NOW)


def told(db: Database) -> list[tuple[str, Notice]]:
    with db.read() as conn:
        return [(row.key, decode(Notice, row.payload)) for row in outbox.listing(conn)]


def test_a_digest_leaves_once_when_its_time_has_come(database: Database, tmp_path: Path) -> None:
    works = watching(database, tmp_path, DESK)
    opened(database)
    held = Ruling("raids-20250628T1200:opened:boss", "raids-20250628T1200", "boss", "overlap",
                  "covered", "boss was told.")  # fmt: skip
    database.retrying(lambda conn: decisions.keep(conn, [held], NOW + MINUTE))
    assert digests.send_due(works, DUE - MINUTE) == 0
    assert digests.send_due(works, DUE) == 1
    assert digests.send_due(works, DUE + MINUTE) == 0
    ((key, notice),) = told(database)
    assert key.startswith("digest:day-") and key.endswith(":20250628T1400:mail")
    assert notice.headline == "The day: 1 opened, 1 escalated, 0 resolved, 1 open"
    assert [line.words for line in notice.lines if line.subject == "Held back"] == [
        "1 message: 1 covered."
    ]
    with database.read() as conn:
        (sent,) = decisions.listing(conn, sent=True)
    assert (sent.key, sent.reason, sent.recipient) == (key, "digest", "whoever reads mail")


def test_a_digest_that_was_missed_by_long_is_not_sent(database: Database, tmp_path: Path) -> None:
    works = watching(database, tmp_path, DESK)
    opened(database)
    assert digests.send_due(works, DUE + 13 * HOUR) == 0
    assert digests.send_due(works, DUE + DAY) == 1


def test_a_digest_gathers_what_its_match_takes(database: Database, tmp_path: Path) -> None:
    made = article(1)
    seen = replace(finding(), article_ids=(article_key(made.canonical_url),))
    with database.write() as conn:
        store(conn, [classified(made)], NOW)
    opened(database, last=seen, severity="warning", worst="critical")
    matches = (
        (Match(severities=frozenset({"critical"})), 1),
        (Match(severities=frozenset({"info"})), 0),
        (Match(categories=frozenset({"detention_or_raid"})), 1),
        (Match(categories=frozenset({"cyber_incident"})), 0),
    )
    for match, count in matches:
        works = watching(database, tmp_path, replace(DESK, match=match))
        assert digests.send_due(works, DUE) == count, match


def test_an_empty_week_is_told_and_an_empty_day_is_not(database: Database, tmp_path: Path) -> None:
    weekly = replace(DESK, digest=replace(AT_TWO, period="week", weekday=NOW.weekday()))
    works = watching(database, tmp_path, DESK, weekly)
    assert digests.send_due(works, DUE) == 1
    ((key, notice),) = told(database)
    assert key.startswith("digest:week-") and notice.lines[0].subject == "Nothing"
