"""Two rule files on the same spring: what each alone raises and finds, and which is better."""

from __future__ import annotations

import pytest
from harness.spring import SINCE, UNTIL, Said, alert, spike

from alerts.rules import Rule
from worker.backtest.comparison import Comparison, chance_of, compare
from worker.backtest.scoring import Scored, score
from worker.backtest.shown import show_comparison, show_scored
from worker.backtest.truth import Truth, read_truth

TRUTH = read_truth(
    "start,end,label\n"
    "2025-03-14,2025-03-16,Raid\n"
    "2025-04-10,2025-04-10,[red]Ban[/red]\n"
    "2025-05-05,2025-05-06,Deal\n",
    "t.csv",
)
BLUNT, SHARP = spike("worse", hours=6, alarms=3.0), spike("worse", hours=6, alarms=24.0)


def scored(rules: list[Rule], said: list[Said], truth: Truth | None = TRUTH) -> Scored:
    return score(said, rules, truth, SINCE, UNTIL)


@pytest.fixture
def compared() -> Comparison:
    blunt = scored([BLUNT], [alert("worse", "03-14T12:00"), alert("worse", "05-05T09:00")])
    sharp = scored(
        [SHARP],
        [
            alert("worse", "03-14T08:00"),
            alert("worse", "03-15T20:00"),
            alert("worse", "03-25T12:00"),
            alert("worse", "04-10T10:00"),
            alert("worse", "05-05T06:00"),
        ],
    )
    return compare(blunt, sharp, ("rules.yaml", "sharp.yaml"))


def test_what_only_one_of_them_has(compared: Comparison) -> None:
    assert compared.only_first == ()
    assert [one.episode for one in compared.only_second] == [
        "worse-03-15T20:00",
        "worse-03-25T12:00",
        "worse-04-10T10:00",
    ]
    assert compared.found_first == ()
    assert [one.event.label for one in compared.found_second] == ["[red]Ban[/red]"]
    assert compared.earlier_hours == pytest.approx(3.5)


def test_the_sentences_say_which_is_better_at_what(compared: Comparison) -> None:
    events, wrong, time, rate, verdict = compared.sentences
    assert events == (
        "Of 3 events rules.yaml finds 2 and sharp.yaml 3; 0 are found by rules.yaml alone, "
        "1 by sharp.yaml alone (so few that chance may have made the difference: p = 1.00)."
    )
    assert wrong.startswith("rules.yaml raises 0 wrong alerts and sharp.yaml 1")
    assert time == "What both find sharp.yaml finds 3.5 hours earlier, at the median."
    assert rate.startswith("rules.yaml raises 0.17 alerts a week, sharp.yaml 0.42")
    assert verdict == (
        "rules.yaml is better at avoiding false alarms; "
        "sharp.yaml is better at finding events and at speed."
    )


def test_the_same_rules_twice_differ_in_nothing(compared: Comparison) -> None:
    same = compare(compared.first, compared.first, ("rules.yaml", "rules.yaml"))
    assert (same.only_first, same.only_second, same.earlier_hours) == ((), (), 0.0)
    assert same.sentences[-1] == "Neither is better at anything that was measured."
    assert same.names == ("rules.yaml (1)", "rules.yaml (2)")


def test_other_rules_about_the_same_burst_are_the_same_alert() -> None:
    one = scored([spike("worse")], [alert("worse", "03-14T12:00")])
    other = scored([spike("tension")], [alert("tension", "03-15T11:00")])
    compared = compare(one, other, ("a", "b"))
    assert compared.only_first == compared.only_second == ()


def test_a_rule_that_both_files_have_is_compared_with_itself() -> None:
    rules = [spike("worse"), spike("raids")]
    one = scored(rules, [alert("worse", "03-14T12:00")])
    other = scored(rules, [alert("raids", "03-14T12:00")])
    compared = compare(one, other, ("a", "b"))
    assert len(compared.only_first) == len(compared.only_second) == 1


def test_without_a_truth_file_nobody_can_say_which_is_better(compared: Comparison) -> None:
    bare = scored([BLUNT], [alert("worse", "03-14T12:00")], truth=None)
    sentences = compare(bare, bare, ("a", "b")).sentences
    assert sentences[-1] == "Without a truth file (--truth) nobody can say which is better."


def test_the_record_holds_both_and_what_differs(compared: Comparison) -> None:
    record = compared.to_json()
    assert record["first"]["file"] == "rules.yaml"
    assert record["second"]["recall"] == 1.0
    assert len(record["alerts_only_second"]) == 3
    assert record["says"] == list(compared.sentences)


@pytest.mark.parametrize(
    ("one", "other", "chance"), [(0, 0, 1.0), (0, 1, 1.0), (0, 5, 0.0625), (0, 6, 0.03125)]
)
def test_few_differences_may_be_chance(one: int, other: int, chance: float) -> None:
    assert chance_of(one, other) == chance_of(other, one) == chance


def test_people_see_both_beside_each_other(
    compared: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    show_comparison(compared)
    shown = capsys.readouterr().err
    assert "sharp.yaml" in shown
    assert "2 of 3" in shown
    # What a file says is shown as it is written.
    assert "[red]Ban[/red]" in shown


def test_people_see_what_was_missed_and_wrong(
    compared: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    show_scored(compared.second, {"worse": "[b]Bad[/b]"})
    shown = capsys.readouterr().err
    assert "[b]Bad[/b]" in shown
    assert "2025-03-25T12:00:00Z worse" in shown
    show_scored(compared.first)
    assert "2025-04-10 [red]Ban[/red]" in capsys.readouterr().err


def test_long_lists_are_cut_and_say_where_all_of_it_stands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    many = [alert("worse", f"05-{day:02d}T12:00") for day in range(1, 16)]
    every = scored([BLUNT], many, Truth(()))
    show_scored(every)
    shown = " ".join(capsys.readouterr().err.split())
    assert "and 3 more; the last line of the output has all." in shown
    assert len(every.to_json()["alerts_wrong"]) == 15
