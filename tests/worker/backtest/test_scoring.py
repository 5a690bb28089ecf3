"""What alerts are worth: right, wrong, unjudged; events found and missed; leads and delays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from harness.spring import SINCE, UNTIL, Said, alert, at, spike

from worker.backtest.scoring import Scored, score
from worker.backtest.summary import wilson
from worker.backtest.truth import Truth, read_truth

Scoring = Callable[..., Scored]

RAID = "2025-03-14,2025-03-16,Raid,detention_or_raid,escalatory,3"
BAN = "2025-04-10,2025-04-10,Ban,sanction_or_trade_restriction,escalatory,2"
DEAL = "2025-05-05,2025-05-06,Deal,diplomacy_or_deescalation,de_escalatory,0"


def truth(*rows: str) -> Truth:
    return read_truth("\n".join(("start,end,label,category,direction,severity", *rows)), "t.csv")


@pytest.fixture
def scored() -> Scoring:
    rules = [
        spike("worse", direction="escalatory", severity=">=2"),
        spike("raids", category="detention_or_raid", direction="escalatory"),
        spike("better", direction="de_escalatory"),
    ]

    def of(
        said: list[Said], *rows: str, reports: dict[str, list[datetime]] | None = None
    ) -> Scored:
        return score(said, rules, truth(*rows), SINCE, UNTIL, reports)

    return of


def test_precision_recall_and_leads_of_a_spring(scored: Scoring) -> None:
    found = scored(
        [
            alert("worse", "03-13T18:00"),  # six hours ahead of the raid's day
            alert("worse", "03-14T20:00", change="updated"),
            alert("raids", "03-16T23:59"),
            alert("worse", "03-25T12:00"),
            alert("better", "05-05T12:00"),
        ],
        RAID,
        BAN,
        DEAL,
    )
    summary = found.summary
    assert (summary.alerts, summary.right, summary.wrong, summary.unjudged) == (4, 3, 1, 0)
    assert summary.alerts_per_week == pytest.approx(4 / 12)
    assert summary.precision == pytest.approx(3 / 4)
    assert (summary.events, summary.found) == (3, 2)
    assert summary.recall == pytest.approx(2 / 3)
    assert summary.lead_hours_median == pytest.approx((6 - 12) / 2)
    assert summary.incidents == 3  # the raid, told twice; the deal; the false alarm of 25 March
    record = found.to_json()
    assert [one["label"] for one in record["events_missed"]] == ["Ban"]
    assert (record["wrong"], record["found"]) == (1, 2), "numbers, as in every summary"
    assert record["alerts_wrong"] == [
        {"time": "2025-03-25T12:00:00Z", "rule": "worse", "episode": "worse-03-25T12:00"}
    ]
    raid = record["events_found"][0]
    assert (raid["alerts"], raid["rule"], raid["lead_hours"]) == (2, "worse", 6.0)


@pytest.mark.parametrize(
    ("opened", "verdict"),
    [
        ("03-12T23:59", "wrong"),
        ("03-13T00:00", "right"),
        ("03-16T23:59", "right"),
        ("03-17T00:00", "wrong"),
    ],
)
def test_right_is_from_a_day_before_the_start_to_the_end(
    scored: Scoring, opened: str, verdict: str
) -> None:
    (told,) = scored([alert("worse", opened)], RAID).alerts
    assert told.verdict == verdict


def test_an_alert_of_the_other_direction_is_wrong_within_the_time_of_an_event(
    scored: Scoring,
) -> None:
    summary = scored([alert("better", "03-14T12:00")], RAID, DEAL).summary
    assert (summary.wrong, summary.found) == (1, 0)


def test_a_direction_of_which_the_truth_file_says_nothing_is_counted_apart(scored: Scoring) -> None:
    found = scored([alert("better", "03-14T12:00"), alert("worse", "03-14T13:00")], RAID, BAN)
    assert (found.summary.unjudged, found.summary.precision) == (1, 1.0)
    assert [one["rule"] for one in found.to_json()["alerts_unjudged"]] == ["better"]
    # A row that does not say its direction speaks of each.
    bare = scored([alert("better", "04-01T12:00")], RAID, "2025-04-10,2025-04-10,Ban,,,")
    assert bare.summary.wrong == 1


def test_an_alert_on_another_side_of_an_event_is_not_wrong_but_finds_nothing(
    scored: Scoring,
) -> None:
    summary = scored([alert("raids", "04-10T12:00")], BAN).summary
    assert (summary.precision, summary.recall) == (1.0, 0.0)


def test_a_rule_finds_what_is_at_least_as_severe_as_it_asks(scored: Scoring) -> None:
    words = "2025-04-10,2025-04-10,Words,official_accusation_or_threat,escalatory,1"
    dead = "2025-04-20,2025-04-20,Dead,military_incident,escalatory,4"
    said = [alert("worse", "04-10T12:00"), alert("worse", "04-20T12:00")]
    first, second = scored(said, words, dead).outcomes
    assert (first.watched, first.alerts) == (False, ())
    assert (second.watched, len(second.alerts)) == (True, 1)


def test_events_outside_the_span_do_not_count(scored: Scoring) -> None:
    before = "2025-02-27,2025-03-02,Before,,,"
    after = "2025-05-24,2025-05-25,After,,,"
    found = scored([alert("worse", "03-01T12:00")], before, RAID, after)
    assert [one.event.label for one in found.outcomes] == ["Raid"]
    # What began before is not asked for, but an alert about it is right.
    assert (found.summary.precision, found.summary.recall) == (1.0, 0.0)


def test_a_truth_file_of_another_time_judges_nothing(scored: Scoring) -> None:
    summary = scored([alert("worse", "03-20T12:00")], "2021-03-14,2021-03-16,Old,,,").summary
    assert (summary.precision, summary.recall, summary.unjudged) == (None, None, 1)


def test_an_empty_truth_file_says_that_nothing_happened(scored: Scoring) -> None:
    summary = scored([alert("worse", "03-20T12:00")]).summary
    assert (summary.precision, summary.recall, summary.wrong) == (0.0, None, 1)


def test_without_alerts_there_is_no_precision(scored: Scoring) -> None:
    summary = scored([], RAID).summary
    assert (summary.alerts, summary.alerts_per_week) == (0, 0.0)
    assert (summary.precision, summary.precision_interval) == (None, None)
    assert (summary.recall, summary.lead_hours_median) == (0.0, None)
    assert summary.recall_interval is not None


def test_without_a_truth_file_only_alerts_are_counted() -> None:
    rules = [spike("worse", direction="escalatory")]
    found = score([alert("worse", "03-20T12:00")], rules, None, SINCE, UNTIL)
    record = found.to_json()
    assert record["alerts"] == 1
    for key in (
        "precision",
        "recall",
        "lead_hours_median",
        "events_missed",
        "alerts_wrong",
        "wrong",
        "unjudged",
        "events",
    ):
        assert record[key] is None


def test_a_span_without_length_has_no_rate() -> None:
    found = score([], [spike("worse")], None, SINCE, SINCE)
    assert found.summary.alerts_per_week is None


def test_time_to_detect_runs_from_the_first_report_that_the_rule_counts(scored: Scoring) -> None:
    reports = [at(text) for text in ("03-10T08:00", "03-13T20:00", "03-14T05:00")]
    late = scored([alert("worse", "03-14T09:00")], RAID, reports={"worse": reports})
    assert late.summary.time_to_detect_hours_median == 4.0
    # Ahead of the day: from the first report since the day before.
    early = scored([alert("worse", "03-13T23:00")], RAID, reports={"worse": reports})
    assert early.summary.time_to_detect_hours_median == 3.0


def test_time_to_detect_without_reports_runs_from_the_start(scored: Scoring) -> None:
    late = scored([alert("worse", "03-14T09:00")], RAID)
    assert late.summary.time_to_detect_hours_median == 9.0
    assert late.summary.lead_hours_median == -9.0
    early = scored([alert("worse", "03-13T23:00")], RAID)
    assert early.summary.time_to_detect_hours_median is None


def test_each_rule_is_measured_by_what_it_watches_for(scored: Scoring) -> None:
    said = [alert("raids", "03-14T12:00"), alert("worse", "04-20T12:00")]
    rules = scored(said, RAID, BAN, DEAL).summary.rules
    assert (rules["raids"].events, rules["raids"].found, rules["raids"].right) == (1, 1, 1)
    assert (rules["worse"].events, rules["worse"].found, rules["worse"].wrong) == (2, 0, 1)
    assert (rules["better"].events, rules["better"].alerts) == (1, 0)


def test_the_contract_s_keys_come_first(scored: Scoring) -> None:
    keys = list(scored([], RAID).to_json())
    assert keys[:5] == ["alerts", "alerts_per_week", "precision", "recall", "lead_hours_median"]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (0, 5, 0.0, 0.4345), (5, 5, 0.5655, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_gives_the_published_values(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_wilson_says_nothing_of_nothing() -> None:
    assert wilson(0, 0) is None
