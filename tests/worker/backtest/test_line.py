"""The line of a picture: stories a day, what is usual, when nobody listened, when reports came."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from harness.spring import spike

from alerts.rules.passing import Came
from alerts.signal import Signal
from worker.backtest.hearing import Heard, heard_throughout
from worker.backtest.history import History
from worker.backtest.line import line_of, outages_of, reports_of

SINCE = datetime(2025, 3, 1, tzinfo=UTC)
UNTIL = datetime(2025, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORSE, BETTER = spike("worse", direction="escalatory"), spike("better", direction="de_escalatory")


def came(number: int, at: datetime, direction: str = "escalatory") -> Came:
    signal = Signal(
        at=at,
        article=f"a{number}",
        story=f"s{number}",
        newsroom=f"n{number % 5}",
        category="other",
        direction=direction,
        severity=2,
    )
    return Came(signal, at + timedelta(minutes=5))


def history() -> History:
    """Three stories a day at noon, one of them of no rule; twelve more on 20 March."""
    times = [SINCE + timedelta(days=day, hours=12) for day in range(31)]
    signals = [came(3 * day, at) for day, at in enumerate(times)]
    signals += [came(3 * day + 1, at, "de_escalatory") for day, at in enumerate(times)]
    signals += [came(3 * day + 2, at, "neutral") for day, at in enumerate(times)]
    burst = datetime(2025, 3, 20, 9, tzinfo=UTC)
    signals += [came(1000 + at, burst + at * timedelta(minutes=1)) for at in range(12)]
    return History(signals, (), heard_throughout(SINCE, UNTIL), SINCE, UNTIL, len(signals))


def test_a_day_has_the_stories_that_some_rule_counts() -> None:
    line = line_of([WORSE, BETTER], history(), SINCE, UNTIL)
    assert line.days == tuple(date(2025, 3, 1) + timedelta(days=at) for at in range(31))
    assert line.counts[18] == 2
    assert line.counts[19] == 14
    assert line_of([WORSE], history(), SINCE, UNTIL).counts[19] == 13


def test_what_is_usual_comes_from_the_days_before_alone() -> None:
    line = line_of([WORSE, BETTER], history(), SINCE, UNTIL)
    assert line.usual[0] is None
    before = line.usual[19]
    assert before is not None
    least, most = before
    assert least <= 2 <= most < 14
    quiet = line_of([WORSE, BETTER], history(), SINCE, datetime(2025, 3, 20, tzinfo=UTC))
    assert quiet.usual == line.usual[:19]


def test_the_line_begins_where_the_replay_does_and_knows_what_was_before() -> None:
    later = datetime(2025, 3, 15, 7, tzinfo=UTC)
    line = line_of([WORSE, BETTER], history(), later, UNTIL)
    whole = line_of([WORSE, BETTER], history(), SINCE, UNTIL)
    assert line.days[0] == date(2025, 3, 15)
    assert line.usual == whole.usual[14:]


def test_hours_that_were_not_heard_are_outages() -> None:
    deaf = {SINCE + at * HOUR for at in (5, 6, 7, 30)}
    hours = [SINCE + at * HOUR for at in range(48)]
    heard = Heard({hour: 0.2 if hour in deaf else 0.9 for hour in hours})
    until = SINCE + 48 * HOUR
    assert outages_of(heard, SINCE, until) == (
        (SINCE + 5 * HOUR, SINCE + 8 * HOUR),
        (SINCE + 30 * HOUR, SINCE + 31 * HOUR),
    )
    assert outages_of(heard_throughout(SINCE, until), SINCE, until) == ()


def test_reports_are_those_that_the_rule_counts_by_when_they_came() -> None:
    reports = reports_of([WORSE, BETTER], history())
    assert len(reports["worse"]) == 31 + 12
    assert len(reports["better"]) == 31
    assert reports["better"][0] == SINCE + timedelta(hours=12, minutes=5)
    assert list(reports["worse"]) == sorted(reports["worse"])
