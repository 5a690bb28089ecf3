"""What is told after an evaluation, over a real database: kept with its reason, told later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.services import Catcher, services
from storage_samples import NOW, episode

from alerts.episode import Episode, Transition
from alerts.handling import Handling
from alerts.pipeline import Route, Step
from alerts.silence import Silence, SilenceMatch
from worker import telling
from worker.profile.model import Profile
from worker.storage import decisions, outbox, silences
from worker.storage.database import Database

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALARM = episode(severity="warning", worst="warning")
OPENED = {ALARM.id: Transition("opened", ALARM, "opened", record=True)}
CRITICAL = replace(ALARM, severity="critical", worst="critical")


def profile(database: Database, home: Path, *routes: Route) -> Profile:
    mail, boss = Catcher("mail"), Catcher("boss")
    works = services(database, home, routes=routes, channels={"mail": mail, "boss": boss})
    return works.profile


def tell(
    db: Database,
    of: Profile,
    one: Episode,
    at: datetime,
    moved: Mapping[str, Transition] | None = None,
) -> int:
    return db.retrying(lambda conn: telling.tell(conn, of, [one], moved or {}, {}, at))


def verdicts(db: Database) -> list[tuple[str, str, str]]:
    """Change, stage and reason of every decision, in the order of their beginning."""
    with db.read() as conn:
        found = sorted(decisions.listing(conn), key=lambda one: (one.at, one.key, one.stage))
    return [(one.key.split(":")[1], one.stage, one.reason) for one in found]


def test_a_silence_is_kept_as_the_reason_and_its_end_tells_what_is_still_open(
    database: Database, tmp_path: Path
) -> None:
    desk = profile(database, tmp_path, Route(("mail",)))
    match = SilenceMatch(rules=("raids",))
    silence = Silence("7f3a", match, NOW - HOUR, NOW + HOUR, "ana", "a drill")
    database.retrying(lambda conn: silences.add(conn, silence))
    assert tell(database, desk, ALARM, NOW, OPENED) == 0
    assert tell(database, desk, ALARM, NOW + MINUTE) == 0
    assert verdicts(database) == [("opened", "silence", "silenced")]
    assert tell(database, desk, ALARM, NOW + HOUR) == 1
    assert tell(database, desk, ALARM, NOW + HOUR + MINUTE) == 0
    assert verdicts(database)[1] == ("opened", "passed", "passed")
    with database.read() as conn:
        (row,) = outbox.listing(conn)
        (sent,) = decisions.listing(conn, sent=True)
    assert (row.change, row.severity, row.due_at) == ("opened", "warning", NOW + HOUR)
    assert sent.recipient == "whoever reads mail"


def test_an_episode_is_told_opened_worse_and_over_and_each_only_once(
    database: Database, tmp_path: Path
) -> None:
    desk = profile(database, tmp_path, Route(("mail",)))
    over = replace(CRITICAL, state="resolved", resolved_at=NOW + 3 * HOUR)
    tell(database, desk, ALARM, NOW, OPENED)
    outbox.claim(database, NOW)
    outbox.sent(database, f"{ALARM.id}:opened:mail", NOW)
    for at in (NOW + HOUR, NOW + HOUR + MINUTE):
        tell(database, desk, CRITICAL, at)
    outbox.claim(database, NOW + 2 * HOUR)
    outbox.sent(database, f"{ALARM.id}:escalated:mail", NOW + 2 * HOUR)
    for at in (NOW + 3 * HOUR, NOW + 3 * HOUR + MINUTE):
        tell(database, desk, over, at)
    with database.read() as conn:
        rows = sorted(outbox.listing(conn), key=lambda row: row.created_at)
    assert [row.about for row in rows] == ["opened", "escalated", "resolved"]


def test_the_next_person_is_called_until_somebody_acknowledges(
    database: Database, tmp_path: Path
) -> None:
    desk = profile(database, tmp_path, Route(("mail",), escalate=(Step(15 * MINUTE, ("boss",)),)))
    tell(database, desk, ALARM, NOW, OPENED)
    assert tell(database, desk, ALARM, NOW + 14 * MINUTE) == 0
    hers = replace(ALARM, handling=Handling(acknowledged_by="ana", acknowledged_at=NOW + MINUTE))
    assert tell(database, desk, hers, NOW + 15 * MINUTE) == 0
    assert tell(database, desk, ALARM, NOW + 16 * MINUTE) == 1
    steps = [one for one in verdicts(database) if one[0] == "escalation-1"]
    assert sorted(steps) == [
        ("escalation-1", "escalation", "not_escalated_yet"),
        ("escalation-1", "handled", "acknowledged"),
        ("escalation-1", "passed", "passed"),
    ]


@pytest.mark.parametrize("routes", [(), (Route(("mail",)),)])
def test_that_nobody_is_told_is_kept_too(
    database: Database, tmp_path: Path, routes: tuple[Route, ...]
) -> None:
    told = tell(database, profile(database, tmp_path, *routes), ALARM, NOW, OPENED)
    assert told == len(routes)
    ((change, stage, reason),) = verdicts(database)
    assert (change, stage) == ("opened", "passed" if routes else "route")
    assert reason == ("passed" if routes else "unrouted")


def test_what_was_resolved_long_ago_is_no_news(database: Database, tmp_path: Path) -> None:
    desk = profile(database, tmp_path, Route(("mail",)))
    tell(database, desk, ALARM, NOW, OPENED)
    over = replace(ALARM, state="resolved", resolved_at=NOW + HOUR)
    assert tell(database, desk, over, NOW + 3 * HOUR) == 0
