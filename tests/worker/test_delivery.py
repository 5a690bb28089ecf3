"""Delivery over a real database: sent once, tried again, given up; each with its reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from harness.services import Catcher, services
from sqlalchemy import update
from storage_samples import article, classified, episode, finding

from alerts.channels.retry import GIVE_UP_AFTER
from alerts.episode import Episode
from alerts.notification import Delivered, Failed, Outcome
from alerts.rules import Rule, parse_where
from worker import clock, delivery
from worker.bootstrap import Services
from worker.keys import article_key
from worker.storage import episodes, outbox
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.desk_tables import deliveries
from worker.storage.desk_tables import outbox as table
from worker.storage.outbox import OutboxRow

HOUR = timedelta(hours=1)
RAIDS = Rule("raids", "threshold", parse_where({}), 6 * HOUR, at_least=2)
BUSY = Failed(False, "The server is busy (451).", retry_after=120.0)
REFUSED = Failed(True, "There is no such mailbox (550).")


@pytest.fixture
def told(database: Database) -> Iterator[Episode]:
    """An episode with a stored article, and a message of it that is due now."""
    now = clock.now()
    made = article(1, published=now - HOUR, fetched=now)
    seen = replace(finding(at=now), article_ids=(article_key(made.canonical_url),))
    opened = episode(opened_at=now, last=seen)
    with database.write() as conn:
        store(conn, [classified(made, received_at=now)], now)
        episodes.save(conn, opened, None)
        outbox.add(conn, f"{opened.id}:opened:mail", "mail", opened.id, "{}", now, now=now)
    yield opened


def sending(database: Database, home: Path, *answers: Outcome) -> tuple[Services, Catcher]:
    mail = Catcher("mail", *answers)
    return services(database, home, rules=[RAIDS], channels={"mail": mail}), mail


def row(db: Database) -> OutboxRow:
    with db.read() as conn:
        (only,) = outbox.listing(conn)
    return only


def attempts(db: Database) -> list[str]:
    with db.read() as conn:
        return [attempt.outcome for attempt in outbox.attempts(conn, outbox.listing(conn)[0].key)]


def test_what_is_due_leaves_once(database: Database, tmp_path: Path, told: Episode) -> None:
    works, mail = sending(database, tmp_path)
    assert delivery.deliver(works, clock.now()) == 1
    assert delivery.deliver(works, clock.now()) == 0
    (caught,) = mail.caught
    assert caught.key == f"{told.id}:opened:mail" and caught.created == row(database).created_at
    assert "Police detain a family" in caught.text
    assert row(database).status == outbox.SENT and attempts(database) == ["sent"]


def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(
    database: Database, tmp_path: Path, told: Episode
) -> None:
    works, mail = sending(database, tmp_path, BUSY, Delivered("one recipient was refused"))
    assert delivery.deliver(works, clock.now()) == 0
    waiting = row(database)
    assert waiting.status == outbox.DUE and waiting.error == BUSY.error
    assert waiting.due_at - clock.now() > timedelta(seconds=110)
    assert delivery.deliver(works, clock.now()) == 0 and len(mail.caught) == 1
    _make_due(database)
    assert delivery.deliver(works, clock.now()) == 1
    assert mail.caught[0].key == mail.caught[1].key
    assert attempts(database) == ["failed", "sent"]


def test_a_refusal_for_good_is_not_tried_again(
    database: Database, tmp_path: Path, told: Episode
) -> None:
    works, mail = sending(database, tmp_path, REFUSED)
    assert delivery.deliver(works, clock.now()) == 0
    assert (row(database).status, row(database).error) == (outbox.DEAD, REFUSED.error)
    assert delivery.deliver(works, clock.now()) == 0 and len(mail.caught) == 1


def test_what_could_not_be_delivered_for_a_day_is_given_up(
    database: Database, tmp_path: Path, told: Episode
) -> None:
    works, _ = sending(database, tmp_path, BUSY, BUSY)
    delivery.deliver(works, clock.now())
    yesterday = update(deliveries).values(at=clock.now() - GIVE_UP_AFTER)
    database.retrying(lambda conn: conn.execute(yesterday) and None)
    _make_due(database)
    delivery.deliver(works, clock.now())
    assert row(database).status == outbox.DEAD
    assert "Given up after 24 hours and 2 attempts" in (row(database).error or "")


def test_a_channel_that_has_left_the_profile_ends_its_messages(
    database: Database, tmp_path: Path, told: Episode
) -> None:
    assert delivery.deliver(services(database, tmp_path), clock.now()) == 0
    assert row(database).status == outbox.DEAD
    assert "no channel 'mail'" in (row(database).error or "")


def test_a_message_that_somebody_else_is_sending_is_not_sent(
    database: Database, tmp_path: Path, told: Episode
) -> None:
    works, mail = sending(database, tmp_path)
    assert len(outbox.claim(database, clock.now())) == 1
    assert delivery.deliver(works, clock.now()) == 0
    assert mail.caught == []


def test_the_longest_due_leave_first_and_one_failure_keeps_no_other(
    database: Database, tmp_path: Path, told: Episode
) -> None:
    works, mail = sending(database, tmp_path, REFUSED)
    now = clock.now()
    with database.write() as conn:
        for n in range(3):
            due = now - (n + 1) * HOUR
            outbox.add(conn, f"{told.id}:repeat-{n}:mail", "mail", told.id, "{}", due, now=now)
    assert delivery.deliver(works, clock.now()) == 3
    assert [caught.key.split(":")[1] for caught in mail.caught] == [
        "repeat-2", "repeat-1", "repeat-0", "opened",
    ]  # fmt: skip


def _make_due(db: Database) -> None:
    now = clock.now()
    db.retrying(lambda conn: conn.execute(update(table).values(due_at=now)) and None)
