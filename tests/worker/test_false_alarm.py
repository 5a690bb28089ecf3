"""`episodes false-alarm`: the judgement is kept with its stories, and the episode is closed."""

from pathlib import Path

from harness.service import Dyadwatch
from sqlalchemy import select
from storage_samples import episode

from worker.storage import episodes
from worker.storage.database import Database
from worker.storage.desk_tables import judgements


def test_an_episode_that_is_a_false_alarm_is_closed_and_its_stories_are_kept(
    tmp_path: Path,
) -> None:
    installation = Dyadwatch(tmp_path)
    database = Database(f"sqlite:///{tmp_path / 'dyadwatch.db'}")
    database.upgrade()
    alarm = episode()
    with database.write() as conn:
        assert episodes.save(conn, alarm, None) == "saved"
    note = ("--note", "a drill", "--by", "ana")
    judged = installation.command("episodes", "false-alarm", alarm.id, *note)
    assert judged.returncode == 0 and b"kept as a false alarm, with 1 story" in judged.stderr
    (row,) = installation.rows("episodes", "--state", "false-alarm")
    assert (row["state"], row["handling"], row["closed_by"]) == ("resolved", "false_alarm", "ana")
    with database.read() as conn:
        (kept,) = conn.execute(select(judgements)).mappings()
    assert (kept["episode"], kept["story"], kept["note"]) == (alarm.id, "s1", "a drill")
    assert (kept["verdict"], kept["judged_by"]) == ("false_alarm", "ana")

    again = installation.command("episodes", "false-alarm", alarm.id, *note)
    assert again.returncode == 0 and b"already" in again.stderr
    assert installation.command("episodes", "reopen", alarm.id).returncode == 0
    with database.read() as conn:
        assert conn.execute(select(judgements)).first() is None, "it was taken back"
    database.dispose()
