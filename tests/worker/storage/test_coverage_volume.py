"""Polls that are answered and bring nothing: an outage that only the volume shows, in the service
as it keeps its record."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from alerts.finding import Held
from alerts.rules import Rule, evaluate, parse_where, prepare
from alerts.series import SignalTable
from alerts.signal import Signal
from worker.storage import coverage
from worker.storage.database import Database
from worker.storage.spans import Span, add_span

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
OUTAGE = START + 24 * DAY + 8 * HOUR
BACK = OUTAGE + 10 * HOUR
END = BACK + 6 * HOUR
SOURCES = [f"s{number}" for number in range(6)]
RAIDS = parse_where({"category": "detention_or_raid"})


def poll(database: Database, until: datetime = END) -> None:
    """Hour by hour some ten entries of each source, fewer by night; nothing in the outage, though
    every poll is answered, and what piled up when it is over."""
    rng = random.Random(1)
    with database.write() as conn:
        for number in range((until - START) // HOUR):
            hour = START + number * HOUR
            for source in SOURCES:
                new = rng.randrange(2, 6) if hour.hour < 6 else rng.randrange(6, 16)
                new = 0 if OUTAGE <= hour < BACK else 90 if hour == BACK else new
                coverage.note_poll(conn, source, hour, ok=True, new=new)


def shares(database: Database, since: datetime, until: datetime) -> dict[datetime, float]:
    with database.read() as conn:
        return coverage.coverage(conn, since, until)


def test_hours_in_which_answers_bring_nothing_are_not_heard(database: Database) -> None:
    poll(database)
    known = shares(database, START, END)
    silent = [hour for hour, share in known.items() if share == 0.0]
    assert silent == [OUTAGE + number * HOUR for number in range(10)]
    assert set(known.values()) == {0.0, 1.0}
    # What is asked for later, or from another time on, says the same.
    late = shares(database, START + 20 * DAY, END)
    assert late == {hour: share for hour, share in known.items() if hour >= START + 20 * DAY}


def test_the_hour_that_is_not_over_is_judged_as_the_one_before(database: Database) -> None:
    now = START + 22 * DAY + 9 * HOUR
    poll(database, now)
    with database.write() as conn:
        coverage.note_poll(conn, "s0", now, ok=True, new=0)
    assert shares(database, now - DAY, now + HOUR / 10)[now] == 1.0


def test_filled_history_is_heard_whatever_polls_brought(database: Database) -> None:
    poll(database)
    with database.write() as conn:
        add_span(conn, Span(START, END))
    assert set(shares(database, START, END).values()) == {1.0}


def signals(rng: random.Random) -> list[Signal]:
    """Two reports an hour; what belongs into the outage is dated there and came afterwards."""
    made = []
    for number in range(2 * ((END - START) // HOUR)):
        at = START + timedelta(seconds=rng.randrange(int((END - START).total_seconds())))
        room = rng.choice(SOURCES)
        made.append(
            Signal(
                at=at, article=f"a{number}", story=f"s{number}", newsroom=room, teller=room,
                category="detention_or_raid", direction="escalatory", severity=3,
            )
        )  # fmt: skip
    return made


@pytest.mark.parametrize("kind", ["spike", "silence"])
def test_such_an_outage_and_its_backlog_raise_nothing(database: Database, kind: str) -> None:
    poll(database)
    rule = Rule("one", kind, RAIDS, 6 * HOUR, false_alarms_per_year=12.0)
    every = signals(random.Random(3))
    for hours in range(1, 16):
        now = OUTAGE + hours * HOUR + HOUR / 2
        gone = OUTAGE if now < BACK else now
        seen = SignalTable([one for one in every if one.at <= min(gone, now)])
        prepared = prepare([rule], seen, shares(database, START, now), START, {}, now)
        outcome = evaluate(rule, prepared.views[rule.id], now)
        assert isinstance(outcome, Held), (now, outcome)
