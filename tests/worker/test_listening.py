"""Silence is believed only where the sources that it is about were heard, over a real database."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.finding import Finding, Held
from alerts.rules import Rule, evaluate, parse_where, prepare, reasons
from alerts.series import SignalTable
from alerts.signal import Signal
from crawler.source import Source
from worker.listening import listened, sources_of
from worker.storage import coverage
from worker.storage.database import Database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORIGIN = datetime(2025, 4, 7, tzinfo=UTC)
STOP = datetime(2025, 6, 4, tzinfo=UTC)
NOW = STOP + 3 * DAY + 7 * HOUR
BAKU = ("apa", "trend", "report")


def source(name: str, country: str, stance: str = "independent", language: str = "ru") -> Source:
    return Source(
        name, "feed", f"https://{name}.example/rss", name, name, country=country,
        stance=stance, languages=(language,),  # type: ignore[arg-type]  # a test names a stance
    )  # fmt: skip


SOURCES = [
    source("apa", "AZ", "pro_government", "az"), source("trend", "AZ", "pro_government"),
    source("report", "AZ"), source("tass", "RU", "state"), source("ria", "RU", "state"),
    source("meduza", "RU", "exile"), source("bbc", "GB", "international", "en"),
]  # fmt: skip


def silence(**where: object) -> Rule:
    return Rule("quiet", "silence", parse_where(where), 3 * DAY, false_alarms_per_year=2.0)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ({}, {one.id for one in SOURCES}),
        ({"severity": 3}, {one.id for one in SOURCES}),
        ({"side": "AZE"}, {"apa", "trend", "report"}),
        ({"side": ["AZE", "GBR"], "stance": ["independent", "international"]}, {"report", "bbc"}),
        ({"newsroom": "tass"}, {"tass"}),
        ({"language": "az"}, {"apa"}),
        ({"side": "TUR"}, set()),
    ],
)
def test_whom_a_silence_is_about(where: dict[str, object], names: set[str]) -> None:
    assert sources_of(silence(**where), SOURCES) == names


def polled(database: Database, down: tuple[str, ...] = ()) -> None:
    """Every source is asked every hour of the last ten days; some have failed since they fell
    silent."""
    with database.write() as conn:
        for hours in range(10 * 24):
            at = NOW - hours * HOUR
            for one in SOURCES:
                coverage.note_poll(conn, one.id, at, ok=one.id not in down or at < STOP)


def quiet_baku() -> tuple[Rule, SignalTable, dict[datetime, float]]:
    """Azerbaijan's press wrote as usual until it stopped; whether it was heard is not said here."""
    rng, found = random.Random(1), []
    for hour in range((STOP - ORIGIN) // HOUR):
        for _ in range(rng.choice((0, 1, 2))):
            at, name = ORIGIN + hour * HOUR, rng.choice(BAKU)
            story = f"s{len(found)}"
            found.append(
                Signal(at, story, story, name, "other", "neutral", 0, country="AZE", teller=name)
            )
    shares = {ORIGIN + hour * HOUR: 1.0 for hour in range((NOW - ORIGIN) // HOUR + 1)}
    return silence(side="AZE"), SignalTable(found), shares


@pytest.mark.parametrize("down", [(), ("apa", "trend"), ("tass", "ria", "meduza")])
def test_all_feeds_of_one_side_down_is_no_silence_of_it(
    database: Database, down: tuple[str, ...]
) -> None:
    polled(database, down)
    rule, table, shares = quiet_baku()
    prepared = prepare([rule], table, shares, ORIGIN, {}, NOW)
    seen = {rule.id: evaluate(rule, prepared.views[rule.id], NOW)}
    assert isinstance(seen[rule.id], Finding), seen
    outcome = listened(database, SOURCES, [rule], prepared, seen, NOW)[rule.id]
    if "apa" in down:
        assert isinstance(outcome, Held) and outcome.reason == reasons.NOT_HEARD
    else:
        assert outcome == seen[rule.id]


def test_other_kinds_are_left_alone(database: Database) -> None:
    rule, table, shares = quiet_baku()
    other = replace(rule, kind="spike", id="spike")
    prepared = prepare([other], table, shares, ORIGIN, {}, NOW)
    seen = {other.id: evaluate(other, prepared.views[other.id], NOW)}
    assert listened(database, SOURCES, [other], prepared, seen, NOW) == seen
