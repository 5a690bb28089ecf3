"""What is delivered of one episode is one thread; what has become untrue does not leave."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from harness.services import Catcher, services
from storage_samples import article, classified, episode, finding

from alerts.channels.email_message import build_message
from alerts.episode import Episode
from alerts.handling import Handling
from alerts.notification import Delivered, Failed, MessageChange, Notification
from alerts.rules import Rule, parse_where
from worker import clock, delivery
from worker.bootstrap import Services
from worker.keys import article_key
from worker.storage import decisions, episodes, outbox
from worker.storage.articles import store
from worker.storage.database import Database

HOUR = timedelta(hours=1)
RAIDS = Rule("raids", "threshold", parse_where({}), 6 * HOUR, at_least=2)


@pytest.fixture
def alarm(database: Database) -> Iterator[Episode]:
    """An open episode with a stored article."""
    now = clock.now()
    made = article(1, published=now - HOUR, fetched=now)
    seen = replace(finding(at=now), article_ids=(article_key(made.canonical_url),))
    opened = episode(opened_at=now, last=seen, worst="critical")
    with database.write() as conn:
        store(conn, [classified(made, received_at=now)], now)
        episodes.save(conn, opened, None)
    yield opened


def send(works: Services, alarm: Episode, change: MessageChange, number: int = 0) -> int:
    """Put a message of this change in, and deliver what is due."""
    suffix = f"-{number}" if number else ""
    now = clock.now()
    with works.database.write() as conn:
        outbox.add(
            conn, f"{alarm.id}:{change}{suffix}:mail", "mail", alarm.id, "{}", now,
            now=now, number=number, change=change, severity=alarm.severity,
        )  # fmt: skip
    return delivery.deliver(works, now)


def save(db: Database, before: Episode, **changes: object) -> Episode:
    after = replace(before, version=before.version + 1, **changes)  # type: ignore[arg-type]
    assert db.retrying(lambda conn: episodes.save(conn, after, before.version)) == "saved"
    return after


def working(database: Database, home: Path, mail: Catcher) -> Services:
    return services(database, home, rules=[RAIDS], channels={"mail": mail})


def test_every_mail_of_an_episode_is_in_one_thread_under_one_subject(
    database: Database, tmp_path: Path, alarm: Episode
) -> None:
    mail = Catcher("mail", Delivered(reference="Raids: 9 stories"))
    works = working(database, tmp_path, mail)
    for change, number in (("opened", 0), ("repeat", 1), ("escalated", 0), ("escalation", 1)):
        assert send(works, alarm, change, number) == 1  # type: ignore[arg-type]
    save(database, alarm, state="resolved", resolved_at=clock.now())
    assert send(works, alarm, "resolved") == 1
    assert [caught.change for caught in mail.caught] == [
        "opened", "repeat", "escalated", "escalation", "resolved",
    ]  # fmt: skip
    first, *rest = [_mail(caught) for caught in mail.caught]
    assert first["References"] is None
    for one in rest:
        assert one["In-Reply-To"] == one["References"] == first["Message-ID"]
        assert one["Subject"] == "Re: Raids: 9 stories"


def test_a_thread_begins_with_what_arrived_first_whatever_it_was(
    database: Database, tmp_path: Path, alarm: Episode
) -> None:
    mail = Catcher("mail", Failed(True, "There is no such mailbox (550)."))
    works = working(database, tmp_path, mail)
    assert send(works, alarm, "opened") == 0
    assert send(works, alarm, "escalated") == 1 and send(works, alarm, "repeat", 1) == 1
    _, second, third = [_mail(caught) for caught in mail.caught]
    assert second["References"] is None and third["References"] == second["Message-ID"]


def test_the_newest_name_of_a_message_is_the_one_that_is_changed(
    database: Database, tmp_path: Path, alarm: Episode
) -> None:
    room = Catcher("mail", Delivered(reference="C1 1.0"), Delivered(reference="C1 2.0"))
    works = working(database, tmp_path, room)
    for change in ("opened", "updated", "escalated"):
        send(works, alarm, change)  # type: ignore[arg-type]
    assert [caught.reference for caught in room.caught] == [None, "C1 1.0", "C1 2.0"]


@pytest.mark.parametrize(
    ("change", "became", "reason"),
    [
        ("opened", {"state": "resolved", "resolved_at": clock.now()}, "resolved_meanwhile"),
        ("opened", {"handling": Handling(closed_by="ana", closed_at=clock.now())}, "closed"),
        ("escalated", {"severity": "warning"}, "milder_meanwhile"),
        ("repeat", {"handling": Handling(acknowledged_by="ana", acknowledged_at=clock.now())},
         "acknowledged"),
        ("resolved", {}, "nothing_to_change"),
    ],
)  # fmt: skip
def test_what_has_become_untrue_is_held_and_the_reason_kept(
    database: Database,
    tmp_path: Path,
    alarm: Episode,
    change: MessageChange,
    became: dict[str, object],
    reason: str,
) -> None:
    mail = Catcher("mail")
    works = working(database, tmp_path, mail)
    save(database, alarm, **became)
    assert send(works, alarm, change) == 0 and mail.caught == []
    with database.read() as conn:
        (row,) = outbox.listing(conn)
        (held,) = decisions.listing(conn, sent=False)
    assert row.status == outbox.HELD and row.error == held.detail
    assert (held.stage, held.reason, held.key) == ("delivery", reason, row.key)


def test_whoever_was_away_hears_of_it_though_it_is_over_by_now(
    database: Database, tmp_path: Path, alarm: Episode
) -> None:
    mail = Catcher("mail", Failed(False, "The server is busy (451).", retry_after=0.0))
    works = working(database, tmp_path, mail)
    assert send(works, alarm, "opened") == 0
    save(database, alarm, state="resolved", resolved_at=clock.now())
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE outbox SET due_at = created_at")
    assert delivery.deliver(works, clock.now()) == 1 and len(mail.caught) == 2


def test_the_severity_that_was_said_at_last_is_kept(
    database: Database, tmp_path: Path, alarm: Episode
) -> None:
    works = working(database, tmp_path, Catcher("mail"))
    milder = replace(alarm, severity="warning")
    send(works, milder, "opened")
    with database.read() as conn:
        (told,) = outbox.told(conn, [alarm.id])
    assert told.severity == "critical"


def test_a_message_that_is_due_in_a_moment_is_waited_for(
    database: Database, tmp_path: Path, alarm: Episode
) -> None:
    mail = Catcher("mail")
    works, now = working(database, tmp_path, mail), clock.now()
    soon, later = now + timedelta(seconds=0.7), now + timedelta(minutes=1)
    with database.write() as conn:
        for key, due in (("soon", soon), ("later", later)):
            outbox.add(conn, key, "mail", alarm.id, "{}", due, now=now, change="opened")
    assert delivery.deliver(works, now) == 1
    assert [caught.key for caught in mail.caught] == ["soon"] and clock.now() >= soon


def _mail(caught: Notification) -> "dict[str, str | None]":
    message = build_message(caught, "watch@example.org", ["desk@example.org"])
    return {name: message[name] for name in ("Message-ID", "References", "In-Reply-To", "Subject")}
