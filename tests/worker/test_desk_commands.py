"""`silences` and `decisions`, as a person types them."""

from pathlib import Path

import pytest
from harness.service import Dyadwatch
from storage_samples import NOW, episode

from alerts.pipeline import Candidate, Decision, Held, Passed, Route
from worker.storage import decisions, episodes, outbox
from worker.storage.database import Database

ALARM = episode()


def stored(home: Path) -> Database:
    database = Database(f"sqlite:///{home / 'dyadwatch.db'}")
    database.upgrade()
    with database.write() as conn:
        episodes.save(conn, ALARM, None)
    return database


def test_a_silence_is_made_listed_and_ended(tmp_path: Path) -> None:
    installation = Dyadwatch(tmp_path)
    stored(tmp_path).dispose()
    made = installation.command(
        "silences", "add", "--episode", ALARM.id, "--severity", "critical", "--for", "2h",
        "--by", "ana", "--note", "a drill",
    )  # fmt: skip
    assert made.returncode == 0 and b"is silent until" in made.stderr
    name = made.stdout.decode().strip()
    (listed,) = installation.rows("silences", "list")
    assert (listed["id"], listed["by"], listed["note"]) == (name, "ana", "a drill")
    assert (listed["state"], listed["episodes"]) == ("holds", [ALARM.id])
    ended = installation.command("silences", "expire", name)
    assert ended.returncode == 0 and b"over now" in ended.stderr
    assert installation.rows("silences", "list") == []
    assert installation.rows("silences", "list", "--all")[0]["state"] == "over"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "--for", "2h"), "say what is meant"),
        (("add", "--severity", "critical"), "either --until or --for"),
        (("add", "--severity", "critcal", "--for", "2h"), "did you mean 'critical'?"),
        (("add", "--rule", "no-such-rule", "--for", "2h"), "there is no rule 'no-such-rule'"),
        (("add", "--severity", "info", "--for", "120d"), "90 days at most"),
        (("add", "--severity", "info", "--until", "2020-01-01"), "would be over before"),
        (("add", "--severity", "info", "--for", "soon"), "not a duration"),
        (("expire", "nothing"), "there is no silence"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_remedy(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    refused = Dyadwatch(tmp_path).command("silences", *arguments)
    assert refused.returncode == 2
    said = refused.stderr.decode().replace("│", " ")
    assert words in " ".join(said.split())


def test_what_was_sent_to_whom_and_what_was_held_back_is_one_list(tmp_path: Path) -> None:
    installation = Dyadwatch(tmp_path)
    database = stored(tmp_path)
    mail, boss = (Candidate(ALARM, Route((name,)), name) for name in ("mail", "boss"))
    with database.write() as conn:
        decided = [
            Decision(mail, Passed(NOW)),
            Decision(boss, Held("muted", "The route is mute."), "mute"),
        ]
        decisions.note(conn, decided, NOW, {"mail": "desk@example.org"})
        outbox.add(conn, mail.key, "mail", ALARM.id, "{}", NOW, now=NOW, change="opened")
    outbox.claim(database, NOW)
    outbox.sent(database, mail.key, NOW)
    database.dispose()
    (sent,) = installation.rows("decisions", "--sent", "--episode", ALARM.id)
    assert (sent["verdict"], sent["recipient"], sent["change"]) == (
        "sent", "desk@example.org", "opened",
    )  # fmt: skip
    assert sent["delivered_at"] == "2025-06-28T12:00:00Z"
    (held,) = installation.rows("decisions", "--held")
    assert (held["verdict"], held["stage"], held["reason"]) == ("held", "mute", "muted")
    assert len(installation.rows("decisions", "--since", "2025-06-28")) == 2
    assert installation.rows("decisions", "--until", "2025-06-27") == []
    nobody = installation.command("decisions", "--episode", "escalation-2026")
    assert nobody.returncode == 2 and "there is no episode 'escalation-2026'" in " ".join(
        nobody.stderr.decode().split()
    )
    both = installation.command("decisions", "--held", "--sent")
    assert both.returncode == 2
