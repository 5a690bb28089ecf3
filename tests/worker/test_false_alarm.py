"""`episodes false-alarm`: the judgement is kept, the episode stays as it is."""

from pathlib import Path

from harness.service import Dyadwatch
from sqlalchemy import select
from storage_samples import episode

from worker.storage import episodes
from worker.storage.database import Database
from worker.storage.tables import judgements


def test_an_episode_is_judged_and_stays_as_it_is(tmp_path: Path) -> None:
    installation = Dyadwatch(tmp_path)
    database = Database(f"sqlite:///{tmp_path / 'dyadwatch.db'}")
    database.upgrade()
    alarm = episode()
    with database.write() as conn:
        assert episodes.save(conn, alarm, None) == "saved"
    note = ("--note", "a drill", "--by", "ana")
    judged = installation.command("episodes", "false-alarm", alarm.id, *note)
    assert judged.returncode == 0 and b"kept as a false alarm, with 1 stories" in judged.stderr
    assert installation.rows("episodes")[0]["state"] == "open"
    with database.read() as conn:
        (row,) = conn.execute(select(judgements)).mappings()
    assert (row["episode"], row["story"], row["note"]) == (alarm.id, "s1", "a drill")
    assert (row["verdict"], row["judged_by"]) == ("false_alarm", "ana")
    unknown = installation.command("episodes", "false-alarm", "nothing")
    assert unknown.returncode == 2 and b"there is no episode" in unknown.stderr
    database.dispose()
