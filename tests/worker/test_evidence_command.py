"""`dyadwatch evidence`: shown, worked out again, exported."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from harness.service import Dyadwatch
from harness.services import bundled_services
from sqlalchemy import select, update
from storage_samples import NOW, article, classified, episode, finding

from worker import evidence
from worker.keys import article_key
from worker.storage import episodes
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.desk_tables import evidence as table

ALARM = episode(last=replace(finding(), article_ids=(article_key(article(1).canonical_url),)))


class Desk:
    """An installation with one episode, of which evidence was kept twice."""

    def __init__(self, home: Path) -> None:
        self.installation = Dyadwatch(home)
        self.database = Database(f"sqlite:///{home / 'dyadwatch.db'}")
        self.database.upgrade()
        self.digests = [self._keep(0), self._keep(1)]

    def _keep(self, hour: int) -> str:
        at, profile = NOW + timedelta(hours=hour), bundled_services().profile
        with self.database.write() as conn:
            store(conn, [classified(article(1))], NOW)
            if not hour:
                episodes.save(conn, ALARM, None)
            return evidence.keep(conn, profile, ALARM, at)

    def says(self, *arguments: str) -> tuple[int, str, str]:
        done = self.installation.command("evidence", *arguments)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("home"))
    yield made
    made.database.dispose()


def test_the_newest_is_shown_or_the_one_whose_hash_a_message_named(desk: Desk) -> None:
    status, shown, _ = desk.says("show", ALARM.id)
    assert status == 0 and desk.digests[1] in shown
    assert "news: Police detain a family, report 1" in shown and "> *Police* detain" in shown
    status, shown, _ = desk.says("show", ALARM.id, "--sha256", f"{desk.digests[0][:12]}…", "--json")
    told = json.loads(shown)
    assert (status, told["sha256"]) == (0, desk.digests[0])
    assert told["snapshot"]["finding"]["count"] == 9


def test_an_exported_file_has_the_hash_that_people_were_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    status, _, said = desk.says("export", ALARM.id, str(file))
    assert status == 0 and desk.digests[1] in said
    assert sha256(file.read_bytes()).hexdigest() == desk.digests[1]
    status, _, said = desk.says("export", ALARM.id, str(tmp_path / "nowhere" / "x.json"))
    assert status == 1 and "cannot be written" in said and "Traceback" not in said


def test_what_has_nothing_kept_is_told_apart_from_what_does_not_exist(desk: Desk) -> None:
    untold = episode("quiet")
    with desk.database.write() as conn:
        episodes.save(conn, untold, None)
    assert "nobody was told of it" in desk.says("show", untold.id)[2]
    status, _, said = desk.says("verify", "nothing")
    assert status == 1 and "There is no episode nothing" in said
    status, _, said = desk.says("show", ALARM.id, "--sha256", "zzz")
    assert status == 1 and desk.digests[0][:12] in said


def test_an_edit_is_told_and_a_changed_row_is_a_failure(desk: Desk) -> None:
    status, said, _ = desk.says("verify", ALARM.id)
    assert status == 0 and said.count("Every article still says what it said.") == 2
    later = NOW + timedelta(days=1)
    edited = classified(article(1, title="A family was visited", fetched=later), received_at=later)
    with desk.database.write() as conn:
        store(conn, [edited], later)
    status, said, _ = desk.says("verify", ALARM.id)
    assert status == 0 and "1 of 1 article was edited after the alert." in said
    assert "its headline is “A family was visited” now" in said
    (*_, row) = map(json.loads, desk.says("verify", ALARM.id, "--json")[1].splitlines())
    assert (row["intact"], row["edited"], row["differences"][0]["kind"]) == (True, 1, "edited")

    with desk.database.write() as conn:
        body = conn.execute(select(table.c.body).where(table.c.digest == desk.digests[1])).scalar()
        forged = str(body).replace("Police", "Nobody")
        mine = update(table).where(table.c.digest == desk.digests[1])
        conn.execute(mine.values(body=forged))
    status, said, error = desk.says("verify", ALARM.id)
    assert status == 1 and "was changed after it was" in error and "edited" in said
    assert desk.says("show", ALARM.id)[0] == 1
