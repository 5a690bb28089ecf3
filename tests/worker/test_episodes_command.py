"""`dyadwatch episodes`, as somebody on duty types it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from storage_samples import NOW, episode, finding
from typer.testing import CliRunner

from alerts.episode import Transition, advance
from worker import clock
from worker.cli import app
from worker.storage import episode_changes, episodes, outbox
from worker.storage.database import Database

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RAIDS, ARRESTS = "raids-20250628T1200", "arrests-20250628T1300"


@dataclass(frozen=True)
class Typed:
    """What came of a command: exit status, standard output and standard error, line ends as one
    space."""

    returncode: int
    stdout: str
    stderr: str


class Desk:
    """A terminal at one installation."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def command(self, *arguments: str) -> Typed:
        environ = {"DYADWATCH_HOME": str(self.home), "COLUMNS": "200"}
        ran = CliRunner().invoke(app, arguments, env=environ)
        words = " ".join(ran.stderr.replace("│", " ").split())
        return Typed(ran.exit_code, ran.stdout, words)

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        listed = self.command(*arguments, "--json")
        assert listed.returncode == 0, listed.stderr
        return [json.loads(line) for line in listed.stdout.splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An installation with two open episodes of different rules."""
    database = Database(f"sqlite:///{tmp_path / 'dyadwatch.db'}")
    database.upgrade()
    for rule, at in (("raids", NOW), ("arrests", NOW + HOUR)):
        keep(database, advance(None, finding(rule, at), at))
    yield Desk(tmp_path)
    database.dispose()


def keep(database: Database, transition: Transition) -> None:
    made = transition.episode
    assert made is not None

    with database.write() as conn:
        expected = made.version - 1 or None
        assert episodes.save(conn, made, expected) == "saved"
        episode_changes.note(conn, [transition], made.updated_at)


def ids(desk: Desk, *wanted: str) -> list[str]:
    return [row["id"] for row in desk.rows("episodes", *wanted)]


def test_lists_say_what_is_open_and_who_has_it(desk: Desk) -> None:
    assert ids(desk, "--open") == [ARRESTS, RAIDS]
    acked = desk.command("episodes", "ack", RAIDS, "--by", "ana", "--note", "I see to it")
    assert (acked.returncode, acked.stdout) == (0, "")
    assert "raids-20250628T1200: acknowledged by ana." in acked.stderr
    assert desk.command("episodes", "close", ARRESTS, "--by", "ben").returncode == 0

    (open_one,) = desk.rows("episodes", "--open")
    assert (open_one["id"], open_one["owner"]) == (RAIDS, "ana")
    assert (open_one["state"], open_one["handling"]) == ("open", "acknowledged")
    (shut,) = desk.rows("episodes", "--state", "closed")
    assert (shut["id"], shut["state"], shut["closed_by"]) == (ARRESTS, "resolved", "ben")
    assert ids(desk, "--query", "ANA") == [RAIDS]
    assert ids(desk, "--state", "snoozed") == []

    wrong = desk.command("episodes", "--state", "odd")
    assert wrong.returncode == 2 and "the states are open, resolved" in wrong.stderr
    both = desk.command("episodes", "--open", "--state", "closed")
    assert both.returncode == 2 and "one of them is enough" in both.stderr
    table = desk.command("episodes").stdout
    assert "acknowledged" in table and "ana" in table


def test_several_are_handled_at_once_and_what_cannot_be_is_said(desk: Desk) -> None:
    assert desk.command("episodes", "close", RAIDS).returncode == 0
    both = desk.command("episodes", "snooze", RAIDS, ARRESTS, "--for", "2h", "--json")
    assert both.returncode == 1
    assert "was closed by" in both.stderr and "episodes reopen" in both.stderr
    (snoozed,) = [json.loads(line) for line in both.stdout.splitlines()]
    assert (snoozed["id"], snoozed["deed"], snoozed["changed"]) == (ARRESTS, "snoozed", True)
    woken = desk.command("episodes", "wake", ARRESTS)
    assert woken.returncode == 0 and "not snoozed any more" in woken.stderr
    again = desk.command("episodes", "wake", ARRESTS)
    assert again.returncode == 0 and "already; nothing has changed" in again.stderr


def test_an_episode_that_is_not_there_is_named_with_those_that_may_be_meant(
    desk: Desk,
) -> None:
    wrong = desk.command("episodes", "ack", RAIDS, "raids-20250628T1201")
    assert wrong.returncode == 2
    assert "there is no episode 'raids-20250628T1201'; did you mean" in wrong.stderr
    assert RAIDS in wrong.stderr
    assert desk.rows("episodes", "--state", "acknowledged") == [], "nothing was done at all"
    assert "did you mean" in desk.command("episodes", "show", "raids").stderr
    assert "lists them" in desk.command("episodes", "history", "zzz").stderr


def test_a_snooze_takes_a_span_or_a_time_to_come(desk: Desk) -> None:
    bare = desk.command("episodes", "snooze", RAIDS, "--json")
    assert bare.returncode == 0 and json.loads(bare.stdout)["snoozed_until"]
    day = f"{clock.now() + timedelta(days=2):%Y-%m-%d}"
    until = desk.command("episodes", "snooze", RAIDS, "--until", day, "--json")
    assert json.loads(until.stdout)["snoozed_until"] == f"{day}T00:00:00Z"
    for wrong, said in (
        (("--for", "2 hours"), "write 2h"),
        (("--for", "0s"), "no time at all"),
        (("--until", "2h"), "write --for 2h"),
        (("--until", "soon"), "is not a time"),
        (("--for", "2h", "--until", day), "one of them is enough"),
    ):
        refused = desk.command("episodes", "snooze", RAIDS, *wrong)
        assert refused.returncode == 2 and said in refused.stderr, wrong
    past = desk.command("episodes", "snooze", RAIDS, "--until", "2025-06-28")
    assert past.returncode == 1 and "which is past" in past.stderr


def test_one_episode_is_shown_with_all_that_is_known_of_it(desk: Desk, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'dyadwatch.db'}")
    with database.write() as conn:
        outbox.add(conn, f"{RAIDS}:opened:mail", "mail", RAIDS, "{}", NOW, now=NOW)
    outbox.claim(database, NOW)
    outbox.sent(database, f"{RAIDS}:opened:mail", NOW + MINUTE)
    database.dispose()
    desk.command("episodes", "assign", RAIDS, "--to", "ben", "--by", "ana", "--note", "\x1b[31mred")
    shown = desk.command("episodes", "show", RAIDS)
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout
    for words in (
        "raids-20250628T1200: critical, open",
        "9 stories by 4 newsrooms in 2 h, 1.5 expected (limit 4); less than once in ten years.",
        "Acknowledged by ana",
        "assigned to ben",
        "2025-06-28 12:00 UTC+00:00  opened, critical: its rule fired (9 stories by 4 newsrooms)",
        "assigned to ben by ana: ",
        "mail: opened: sent at 2025-06-28 12:01 UTC+00:00",
        "None is kept of this episode.",
    ):
        assert words in text
    assert "\x1b" not in text

    record = json.loads(desk.command("episodes", "show", RAIDS, "--json").stdout)
    assert record["why"].startswith("9 stories by 4 newsrooms")
    assert [one["change"] for one in record["history"]] == ["opened", "assigned"]
    assert [one["status"] for one in record["told"]] == ["sent"]
    assert record["proof"] is None


def test_the_history_of_an_episode_is_listed(desk: Desk) -> None:
    desk.command("episodes", "false-alarm", RAIDS, "--by", "ana", "--note", "a drill")
    rows = desk.rows("episodes", "history", RAIDS)
    assert [(row["change"], row["by"], row["reason"]) for row in rows] == [
        ("opened", None, "opened"),
        ("false_alarm", "ana", "a drill"),
    ]
    assert rows[0]["at"] == "2025-06-28T12:00:00Z"
    assert (rows[0]["count"], rows[0]["expected"]) == (9, 1.5)
    assert episode().id == RAIDS
