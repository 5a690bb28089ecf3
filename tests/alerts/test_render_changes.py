"""What a message says first, by what has become of its episode; and on what proof."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.handling import Handling
from alerts.notification import Before, Country, Heard, MessageChange, Notification, Proof, Report
from alerts.render import render
from alerts.render_message import compose

MakeReport = Callable[..., Report]
MORNING = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEWER = Before(count=4, unit="stories", stories=4, newsrooms=3, severity="warning", ladder=3)


def rendered(report: Report) -> Notification:
    key = f"{report.episode.id}:{report.change}-1:desk"
    return render(report, key=key, channel="desk", now=MORNING + HOUR)


def facts(report: Report) -> dict[str, str]:
    return {fact.label: fact.value for fact in compose(report).facts}


def headline(report: Report) -> str:
    return compose(report).headline


SEEN = "9 stories by 5 newsrooms in 2 h, 0.4 expected (limit 3)"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("updated", f"Update: Raids and arrests: {SEEN}"),
        ("escalated", f"Escalated: Raids and arrests: {SEEN}"),
        ("de_escalated", f"Calmer: Raids and arrests: {SEEN}"),
        ("repeat", f"Still open: Raids and arrests: {SEEN}"),
        ("escalation", f"Nobody has acknowledged this: Raids and arrests: {SEEN}"),
    ],
)
def test_each_change_says_what_it_is(
    make_report: MakeReport, change: MessageChange, said: str
) -> None:
    assert headline(make_report(change=change)) == said


def test_what_is_new_since_the_last_message_comes_first(make_report: MakeReport) -> None:
    report = make_report({"ladder": 4}, change="escalated", before=FEWER)
    worse = replace(report, episode=replace(report.episode, severity="critical"))
    assert headline(worse) == (
        "Escalated: Raids and arrests: 5 more stories, 2 more newsrooms; now severity 4, critical "
        f"(was warning); in all {SEEN}"
    )
    assert facts(worse)["Severity"] == "up to 4 of 4: deaths or a military clash"


def test_accounts_are_no_stories(make_report: MakeReport) -> None:
    before = replace(FEWER, stories=3)
    report = make_report(change="updated", before=before)
    assert headline(report).startswith(
        "Update: Raids and arrests: 5 more accounts, 2 more newsrooms; in all 9 stories"
    )


def test_what_is_counted_once_for_each_newsroom_is_never_called_a_story(
    make_report: MakeReport,
) -> None:
    told = facts(make_report({"count": 12, "expected": 1.0, "usual": (0, 3)}))
    assert told["Expected and seen"].startswith("1 account expected in 2 h, 12 seen")
    assert told["Usual"] == "0 to 3 accounts in 9 of 10 such windows"


def test_when_its_rule_fired_last_is_told(make_report: MakeReport) -> None:
    report = make_report(change="repeat")
    assert "Last fired" not in facts(report)
    last = replace(report.episode.last, at=report.episode.opened_at + timedelta(hours=1))
    later = replace(report, episode=replace(report.episode, last=last))
    assert facts(later)["Last fired"] == "2025-06-28 10:14 UTC+00:00"


def test_fewer_is_said_too(make_report: MakeReport) -> None:
    more = replace(FEWER, count=10, stories=10, newsrooms=5, severity="critical", ladder=None)
    report = make_report(change="de_escalated", before=more)
    assert headline(report).startswith(
        "Calmer: Raids and arrests: 1 fewer story; now warning (was critical); in all 9 stories"
    )


def test_nothing_new_is_not_dressed_up(make_report: MakeReport) -> None:
    same = Before(9, "stories", 9, 5, "warning")
    assert headline(make_report(change="repeat", before=same)) == (
        f"Still open: Raids and arrests: {SEEN}"
    )


def test_the_end_says_how_long_it_lasted_and_how_high_it_stood(make_report: MakeReport) -> None:
    report = make_report(change="resolved")
    last = replace(report.episode.last, at=MORNING + 5 * HOUR)
    over = replace(
        report.episode,
        state="resolved",
        resolved_at=MORNING + 7 * HOUR,
        last=last,
        peak_count=14,
    )
    assert headline(replace(report, episode=over)) == (
        "Over: Raids and arrests: quiet since 2025-06-28 14:14 UTC+00:00; it lasted 5 h, "
        "14 accounts at its peak"
    )
    ana = Handling(closed_by="ana", closed_at=MORNING + HOUR, false_alarm=True)
    closed = replace(over, handling=ana)
    assert "closed as a false alarm by ana (2025-06-28 10:14 UTC+00:00); it lasted" in headline(
        replace(report, episode=closed)
    )


def test_who_has_it_in_hand_is_told(make_report: MakeReport) -> None:
    report = make_report(change="repeat")
    handling = Handling(
        acknowledged_by="ana",
        acknowledged_at=MORNING,
        assigned_to="ben",
        snoozed_until=MORNING + HOUR,
    )
    handled = replace(report, episode=replace(report.episode, handling=handling))
    assert facts(handled)["Handled"] == (
        "acknowledged by ana (2025-06-28 09:14 UTC+00:00), assigned to ben, "
        "snoozed until 2025-06-28 10:14 UTC+00:00"
    )
    assert "Handled" not in facts(report)


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            {"stories": ("s1", "s2"), "newsrooms": 1, "expected": 14.0, "upper": 5.0},
            "only 2 stories by 1 newsroom in 2 h, 14 expected (limit 5)",
        ),
        (
            {"stories": (), "newsrooms": 0, "expected": 14.0, "upper": 5.9},
            "no stories in 2 h, 14 expected (limit 5)",
        ),
    ],
)
def test_too_little_is_said_to_be_too_little(
    make_report: MakeReport, finding: dict[str, object], said: str
) -> None:
    report = make_report({**finding, "kind": "silence", "below": True, "usual": (9, 20)})
    assert headline(report) == f"Raids and arrests: {said}"
    told = facts(report)
    assert told["Expected and seen"].endswith("; 5 or fewer raise an alert")
    assert told["Usual"] == "9 to 20 stories in 9 of 10 such windows"
    assert told["By chance"] == "so little comes about once in 400 days"


@pytest.mark.parametrize("kind", ["first_in", "crossing", "asymmetry"])
def test_what_a_kind_has_to_say_besides_is_in_the_first_sentence(
    make_report: MakeReport, kind: str
) -> None:
    quiet = {"kind": kind, "expected": None, "upper": None, "probability": None}
    report = make_report({**quiet, "said": "The first in 41 days; the last was on 2025-05-18."})
    said = "9 stories by 5 newsrooms in 2 h. The first in 41 days; the last was on 2025-05-18"
    assert headline(report) == f"Raids and arrests: {said}"
    assert rendered(report).subject == f"Raids and arrests: {said} | Azerbaijan–Russia"


def test_the_numbers_behind_an_alert_are_all_told(make_report: MakeReport) -> None:
    report = make_report(
        {"usual": (0, 3), "left": 6, "articles": 9, "newsrooms": 3},
        also=("Detentions and raids", "Military incidents"),
        heard=(
            Heard(Country("AZE", "Azerbaijan"), 11, 14),
            Heard(Country("RUS", "Russia"), 20, 22),
            Heard(None, 5, 5),
        ),
        proof=Proof("1a2b3c4d5e6f" + "0" * 52, MORNING, 9, 2, 1),
    )
    told = facts(report)
    assert told["Usual"] == "0 to 3 stories in 9 of 10 such windows"
    assert told["Still fires without APA"] == "yes (left: 6, limit 3)"
    assert told["By side"] == (
        "Azerbaijan 6 articles, 3 stories, 2 newsrooms; Russia 3 articles, 3 stories, 1 newsroom"
    )
    assert told["Coverage"] == (
        "92% of the sources were healthy; at the time of the evidence 11 of 14 in Azerbaijan, "
        "20 of 22 in Russia, 5 of 5 elsewhere"
    )
    assert told["Also fired"] == "Detentions and raids, Military incidents"
    assert told["Evidence"] == "sha256 1a2b3c4d5e6f…, taken 2025-06-28 09:14 UTC+00:00"
    assert told["Since the alert"] == ("2 of 9 articles were edited after the alert, 1 was deleted")
    notification = rendered(report)
    slack = json.dumps(notification.slack, ensure_ascii=False)
    for output in (notification.text, notification.html, slack):
        for value in told.values():
            assert value in output, value


def test_a_range_of_one_number_is_one_number(make_report: MakeReport) -> None:
    assert facts(make_report({"usual": (1, 1)}))["Usual"] == "1 story in 9 of 10 such windows"


@pytest.mark.parametrize("change", ["updated", "escalated", "de_escalated", "resolved", "repeat"])
def test_what_follows_the_first_mail_keeps_its_subject(
    make_report: MakeReport, change: MessageChange
) -> None:
    first = rendered(make_report())
    later = rendered(make_report(change=change, before=FEWER))
    assert later.subject == f"Re: {first.subject}"
    assert (later.change, later.thread_key) == (change, first.thread_key)
