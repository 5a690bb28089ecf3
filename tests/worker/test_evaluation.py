"""Evaluations over a real database: what is told, and what two of them at once do to each other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.services import Catcher, services
from sqlalchemy import func, select
from storage_samples import NOW, article, classified

from alerts.pipeline import Route
from alerts.rules import Rule, parse_where, series_id
from worker import evaluation, evidence
from worker.bootstrap import Services
from worker.handling import handle
from worker.storage import coverage, episode_changes, episodes, outbox, series
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.series import Rollup
from worker.storage.spans import Span, add_span, walked_until
from worker.storage.tables import late_signals
from worker.stories.fingerprint import Fingerprint

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RAIDS = parse_where({"category": "detention_or_raid"})
TWO_RAIDS = Rule("raids", "threshold", RAIDS, 6 * HOUR, at_least=2)
SPIKE = Rule("unusual", "spike", RAIDS, 2 * HOUR, false_alarms_per_year=12.0)
LOUD = Route(("mail",), repeat_every=HOUR)
WORDS = ("border guards", "a court", "two editors", "the embassy", "a customs post")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def watching(database: Database, home: Path, rules: Sequence[Rule]) -> Services:
    return services(database, home, rules=rules, routes=[LOUD], channels={"mail": Catcher("mail")})


def report(
    db: Database,
    number: int,
    at: datetime,
    newsroom: str,
    received: datetime | None = None,
    marks: Fingerprint = (),
) -> None:
    """One raid of its own, in words of its own, reported by one newsroom."""
    words = f"{WORDS[number % len(WORDS)]} case {number}. " * 12
    made = article(
        number, newsroom=newsroom, title=f"Raid {number}", text=words, published=at, fetched=at
    )
    seen = received or at
    one = replace(classified(made, received_at=seen), marks=marks)
    db.retrying(lambda conn: store(conn, [one], seen))


def two_raids(db: Database) -> None:
    report(db, 1, NOW - 2 * MINUTE, "apa")
    report(db, 2, NOW - MINUTE, "tass")


def burst(db: Database) -> None:
    """Far more raids than anything could lead one to expect, from four newsrooms."""
    for number in range(60):
        report(db, number, NOW - number * timedelta(seconds=20), f"house-{number % 4}")


def keys(db: Database) -> list[str]:
    with db.read() as conn:
        return sorted(row.key for row in outbox.listing(conn))


def test_a_rule_that_fires_is_told_once_however_often_it_is_evaluated(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    two_raids(database)
    assert evaluation.evaluate(works, NOW) == 1
    assert evaluation.evaluate(works, NOW) == 0
    assert evaluation.evaluate(works, NOW + MINUTE) == 0
    assert keys(database) == ["raids-20250628T1200:opened:mail"]


def test_stories_that_prove_to_be_one_while_an_episode_is_open_wake_nobody_again(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    shared = ("t:market", 1.0)
    one = [(f"w:a{n}", 1.0) for n in range(2)]
    report(database, 1, NOW - 2 * MINUTE, "apa", marks=(*one, shared))
    report(database, 2, NOW - MINUTE, "tass", marks=(("w:b", 1.0), shared))
    assert evaluation.evaluate(works, NOW) == 1
    both = (*one, ("w:b", 1.0), ("t:market", 2.5))
    report(database, 3, NOW, "turan", marks=both)
    assert evaluation.evaluate(works, NOW + MINUTE) == 0
    with database.read() as conn:
        known = episodes.current(conn)["raids"].last
    assert (len(known.story_ids), len(known.article_ids), known.count) == (1, 3, 3)


def test_a_look_that_a_later_one_has_overtaken_changes_nothing(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS, SPIKE])
    two_raids(database)
    evaluation.evaluate(works, NOW + 20 * MINUTE)
    with database.read() as conn:
        states = series.load_series(conn, [series_id(SPIKE)])
        known = episodes.current(conn)
    assert evaluation.evaluate(works, NOW) == 0
    with database.read() as conn:
        assert series.load_series(conn, [series_id(SPIKE)]) == states
        assert episodes.current(conn) == known


def test_whoever_asks_for_a_look_is_told_whether_one_was_taken_since(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    assert not evaluation.looked_since(works, NOW)
    evaluation.evaluate(works, NOW)
    assert evaluation.looked_since(works, NOW)
    assert not evaluation.looked_since(works, NOW + timedelta(seconds=1))


def test_an_episode_whose_rule_has_left_the_profile_is_resolved_and_not_repeated(
    database: Database, home: Path
) -> None:
    two_raids(database)
    evaluation.evaluate(watching(database, home, [TWO_RAIDS]), NOW)
    without = watching(database, home, [SPIKE])
    assert evaluation.evaluate(without, NOW + 90 * MINUTE) == 0
    with database.read() as conn:
        assert episodes.current(conn)["raids"].state == "resolved"
    assert keys(database) == ["raids-20250628T1200:opened:mail"]


@pytest.mark.parametrize("polled", [False, True])
def test_an_episode_ends_where_all_is_handed_in_and_not_where_the_polls_have_stopped(
    database: Database, home: Path, polled: bool
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    if polled:
        database.retrying(lambda conn: coverage.note_poll(conn, "apa-az", NOW, ok=True))
    two_raids(database)
    assert evaluation.evaluate(works, NOW) == 1
    for hours in range(7, 16):
        evaluation.evaluate(works, NOW + hours * HOUR)
    with database.read() as conn:
        assert episodes.current(conn)["raids"].state == ("open" if polled else "resolved")


def test_a_late_article_counts_anew_from_its_time_on_and_not_from_the_beginning(
    database: Database, home: Path
) -> None:
    works, name = watching(database, home, [SPIKE]), series_id(SPIKE)
    database.retrying(lambda conn: coverage.note_poll(conn, "apa-az", NOW - 10 * DAY, ok=True))
    report(database, 1, NOW - 9 * DAY, "apa")
    evaluation.evaluate(works, NOW)
    mark = Rollup(NOW - 9 * DAY, 7, 7, 7)  # whoever counted this bucket again would find one
    database.retrying(lambda conn: series.save_rollups(conn, name, [mark]))
    report(database, 2, NOW - 2 * DAY, "tass", received=NOW + MINUTE)
    evaluation.evaluate(works, NOW + HOUR)
    with database.read() as conn:
        kept = series.load_rollups(conn, name, NOW - 10 * DAY, NOW)
    assert kept == [mark, Rollup(NOW - 2 * DAY, 1, 1, 1)]


def test_where_no_rule_learns_the_log_of_late_signals_stays_short_too(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    for number in range(5):
        report(database, number, NOW - 3 * DAY, "apa", received=NOW)
        evaluation.evaluate(works, NOW + number * MINUTE)
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(late_signals)).scalar() == 1


@pytest.mark.parametrize("provisional", [False, True])
def test_what_is_measured_against_a_walk_through_sitemaps_is_provisional(
    database: Database, home: Path, provisional: bool
) -> None:
    works = watching(database, home, [SPIKE])
    taught = Span(NOW - 90 * DAY, NOW - 27 * DAY, provisional)
    database.retrying(lambda conn: add_span(conn, taught))
    burst(database)
    evaluation.evaluate(works, NOW)
    with database.read() as conn:
        finding = episodes.current(conn)["unusual"].last
    assert finding.provisional is provisional


def test_four_weeks_of_our_own_are_worth_more_than_a_walk(database: Database, home: Path) -> None:
    works = watching(database, home, [SPIKE])
    database.retrying(
        lambda conn: add_span(conn, Span(NOW - 90 * DAY, NOW - 29 * DAY, provisional=True))
    )
    with database.read() as conn:
        assert walked_until(conn) == NOW - 29 * DAY
    burst(database)
    evaluation.evaluate(works, NOW)
    with database.read() as conn:
        assert not episodes.current(conn)["unusual"].last.provisional


def changes(db: Database, episode: str = "raids-20250628T1200") -> list[tuple[str, str]]:
    with db.read() as conn:
        return [(one.change, one.reason) for one in episode_changes.of(conn, episode)]


def told_by_then(db: Database, now: datetime) -> None:
    """What is due has left."""
    for row in outbox.claim(db, now):
        outbox.sent(db, row.key, now)


def more_raids(db: Database, first: int, number: int, at: datetime) -> None:
    for one in range(first, first + number):
        report(db, one, at + one * timedelta(seconds=2), f"house-{one % 4}")


def test_every_change_of_an_episode_is_kept_and_looking_again_is_none(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    two_raids(database)
    for minute in range(5):
        evaluation.evaluate(works, NOW + minute * MINUTE)
    assert changes(database) == [("opened", "opened")]
    evaluation.evaluate(watching(database, home, [SPIKE]), NOW + HOUR)
    assert changes(database) == [("opened", "opened"), ("resolved", "rule_removed")]


def test_a_burst_that_grows_while_its_episode_is_open_is_told(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    two_raids(database)
    evaluation.evaluate(works, NOW)
    told_by_then(database, NOW + MINUTE)
    more_raids(database, 10, 12, NOW + HOUR)
    evaluation.evaluate(works, NOW + HOUR + MINUTE)
    assert changes(database)[-1] == ("escalated", "doubled")
    assert "raids-20250628T1200:escalated:mail" in keys(database)


def test_a_second_burst_while_the_first_is_open_is_told(database: Database, home: Path) -> None:
    works = watching(database, home, [TWO_RAIDS])
    more_raids(database, 10, 8, NOW - 10 * MINUTE)
    evaluation.evaluate(works, NOW)
    told_by_then(database, NOW + MINUTE)
    more_raids(database, 30, 8, NOW + 7 * HOUR)
    evaluation.evaluate(works, NOW + 7 * HOUR + 2 * MINUTE)
    assert "raids-20250628T1200:escalated:mail" in keys(database)
    assert changes(database)[-1] == ("escalated", "another_burst")


def test_what_people_closed_is_told_of_no_more_until_another_burst_comes(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    two_raids(database)
    evaluation.evaluate(works, NOW)
    handle(database, "raids-20250628T1200", "closed", "ana", NOW + MINUTE)
    report(database, 3, NOW + 2 * MINUTE, "turan")
    assert evaluation.evaluate(works, NOW + 5 * MINUTE) == 0
    assert evaluation.evaluate(works, NOW + 2 * HOUR) == 0
    assert [change for change, _ in changes(database)] == ["opened", "closed"]
    more_raids(database, 10, 20, NOW + 3 * HOUR)
    assert evaluation.evaluate(works, NOW + 3 * HOUR + MINUTE) == 1
    assert changes(database, "raids-20250628T1501") == [("opened", "opened")]


def test_a_look_that_was_under_way_while_somebody_acknowledged_still_counts(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    two_raids(database)
    evaluation.evaluate(works, NOW)
    handle(database, "raids-20250628T1200", "acknowledged", "ana", NOW + 10 * MINUTE)
    evaluation.evaluate(works, NOW + 5 * MINUTE)
    with database.read() as conn:
        known = episodes.current(conn)["raids"]
    assert (known.findings, known.handling.acknowledged_by) == (2, "ana")


def test_what_an_episode_rests_on_is_kept_when_people_are_told(
    database: Database, home: Path
) -> None:
    works = watching(database, home, [TWO_RAIDS])
    two_raids(database)
    evaluation.evaluate(works, NOW)
    with database.read() as conn:
        kept = evidence.state_of(conn, episodes.current(conn)["raids"])
    assert kept is not None and kept.intact
    assert (kept.proof.articles, kept.proof.edited, kept.proof.deleted) == (2, 0, 0)
