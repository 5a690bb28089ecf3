"""What is proposed for spike rules: chosen on the earlier part, seen on the later one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from harness.spring import Said, spike

from alerts.rules import Rule, parse_where
from worker.backtest.parts import lacking, parts_of
from worker.backtest.proposal import Proposal, calls, propose
from worker.backtest.scoring import score
from worker.backtest.tradeoff import draw_tradeoff
from worker.backtest.truth import TrueEvent, Truth, midnight
from worker.backtest.tuned import head, record, sentences, show
from worker.backtest.variants import Setting, variants_of

SINCE = datetime(2024, 1, 1, tzinfo=UTC)
UNTIL = datetime(2025, 1, 1, tzinfo=UTC)
HOURS = timedelta(hours=1)

#: One event on the tenth of each month, two days long.
TRUTH = Truth(
    tuple(
        TrueEvent(date(2024, month, 10), date(2024, month, 11), f"Event {month}")
        for month in range(1, 13)
    )
)
RULE = spike("worse", hours=6, alarms=12.0, direction="escalatory")

Replay = Callable[[Sequence[Rule]], list[Said]]


def finds(weak: set[int], *, wrong_from: float = 1e9, late: bool = False) -> Replay:
    """A replay in which the events of the months `weak` are found only by rules that accept at
    least 24 false alarms a year, and rules that accept `wrong_from` are wrong every month."""

    def replay(rules: Sequence[Rule]) -> list[Said]:
        said = []
        for rule in rules:
            alarms = rule.false_alarms_per_year or 0.0
            for event in TRUTH.events:
                month = event.start.month
                if month not in weak or alarms >= 24:
                    delay = rule.window if late else HOURS
                    said.append(Said(event.begins + delay, rule.id, f"{rule.id}-{month}"))
                if alarms >= wrong_from:
                    day = midnight(date(2024, month, 25))
                    said.append(Said(day, rule.id, f"{rule.id}-{month}-wrong"))
        return said

    return replay


def proposed(replay: Replay, rules: Sequence[Rule] = (RULE,), truth: Truth = TRUTH) -> Proposal:
    return propose(rules, truth, SINCE, UNTIL, replay, {})


def test_a_sensitivity_that_finds_more_is_proposed_and_holds_later() -> None:
    proposal = proposed(finds({2, 4, 6, 8, 10, 12}))
    (step,) = proposal.changed
    assert step.before == Setting(6 * HOURS, 12.0)
    # The nearest of those that find them.
    assert step.after == Setting(6 * HOURS, 24.0)
    assert proposal.later.before.summary.recall == pytest.approx(1 / 3)
    assert proposal.later.after.summary.recall == 1.0
    assert "There it holds." in list(sentences(proposal))


def test_nothing_of_the_later_part_has_a_say() -> None:
    """The last three months may turn out in any way: the choice is the same."""
    helps, hurts = {2, 4, 6, 8}, {2, 4, 6, 8, 10, 11, 12}
    choices = {proposed(finds(weak)).steps[0].after for weak in (helps, hurts)}
    assert choices == {Setting(6 * HOURS, 24.0)}
    # What would help there alone is not chosen.
    assert proposed(finds({10, 11, 12})).changed == ()


def test_what_does_worse_later_is_said_plainly() -> None:
    replay = finds({2, 4, 6, 8})

    def turned(rules: Sequence[Rule]) -> list[Said]:
        blind = {rule.id for rule in rules if (rule.false_alarms_per_year or 0) >= 24}
        return [
            one
            for one in replay(rules)
            if not (one.rule in blind and one.time >= datetime(2024, 9, 20, tzinfo=UTC))
        ]

    proposal = proposed(turned)
    assert [step.after.alarms for step in proposal.changed] == [24.0]
    assert proposal.later.after.summary.found == 0
    assert "There it does worse. Do not use it." in list(sentences(proposal))
    assert "Do not use it" in head(proposal)


def test_a_rule_that_cries_wolf_is_made_blunter() -> None:
    proposal = proposed(finds(set(), wrong_from=12.0))
    assert [step.after.alarms for step in proposal.changed] == [6.0]
    assert proposal.later.after.summary.precision == 1.0


def test_a_small_gain_is_chance_and_changes_nothing() -> None:
    proposal = proposed(finds(set()))
    assert proposal.changed == ()
    assert any(one.startswith("Nothing is proposed") for one in sentences(proposal))


def test_a_window_that_finds_sooner_is_proposed() -> None:
    rule = spike("worse", hours=48, alarms=12.0, direction="escalatory")
    (step,) = proposed(finds(set(), late=True), (rule,)).changed
    assert step.after.window < 48 * HOURS
    assert step.after.alarms == 12.0


def test_what_another_rule_finds_already_is_no_reason_to_change() -> None:
    other = Rule("deaths", "threshold", parse_where({}), 6 * HOURS, at_least=3)
    replay = finds({2, 4, 6, 8, 10, 12})

    def with_other(rules: Sequence[Rule]) -> list[Said]:
        everywhere = [Said(one.begins + HOURS, "deaths", f"d-{one.start}") for one in TRUTH.events]
        return [one for one in replay(rules) if one.rule != "deaths"] + everywhere

    assert proposed(with_other, (RULE, other)).changed == ()


def test_a_direction_without_events_is_left_alone() -> None:
    escalatory = Truth(
        tuple(TrueEvent(e.start, e.end, e.label, direction="escalatory") for e in TRUTH.events)
    )
    better = spike("better", direction="de_escalatory")
    proposal = proposed(finds(set()), (RULE, better), escalatory)
    assert set(proposal.left) == {"better"}
    assert [step.rule for step in proposal.steps] == ["worse"]


def test_everything_is_replayed_at_once_and_the_rules_as_they_are_with_it() -> None:
    asked: list[list[str]] = []

    def replay(rules: Sequence[Rule]) -> list[Said]:
        asked.append([rule.id for rule in rules])
        return []

    proposed(replay)
    assert len(asked) == 1
    assert asked[0][0] == "worse"
    assert len(asked[0]) == len(set(asked[0])) == 1 + len(variants_of(RULE))


def test_variants_begin_with_the_rule_as_it_is_and_every_one_is_a_rule() -> None:
    first, *others = variants_of(RULE)
    assert (first.setting, first.steps) == (Setting(6 * HOURS, 12.0), 0)
    assert all(0 < one.steps <= 2 for one in others)
    settings = {one.setting for one in others}
    assert Setting(6 * HOURS, 48.0) in settings
    assert Setting(24 * HOURS, 12.0) in settings
    assert Setting(3 * HOURS, 6.0) in settings
    assert len(settings) == len(others)


def test_only_windows_vary_where_another_number_is_in_charge() -> None:
    assert {one.setting.alarms for one in variants_of(RULE, alarms=False)} == {12.0}
    assert variants_of(Rule("d", "threshold", parse_where({}), HOURS, at_least=3)) == ()


def test_a_history_that_is_too_short_or_too_quiet_is_refused() -> None:
    few = lacking(Truth(TRUTH.events[:5]), SINCE, UNTIL)
    assert few is not None
    assert few.startswith("5 events of the truth file lie in the 366 days")
    crowded = Truth(
        tuple(TrueEvent(date(2024, 1, day), date(2024, 1, day), "x") for day in range(10, 25))
    )
    short = lacking(crowded, SINCE, datetime(2024, 2, 1, tzinfo=UTC))
    assert short is not None
    assert short.startswith("31 days of history are too few")
    assert lacking(TRUTH, SINCE, UNTIL) is None


def test_the_parts_follow_each_other_and_cut_no_event() -> None:
    parts = parts_of(TRUTH, SINCE, UNTIL)
    assert (parts[0].since, parts[-1].until) == (SINCE, UNTIL)
    assert [one.until for one in parts[:-1]] == [one.since for one in parts[1:]]
    for part in parts:
        inside = [one for one in TRUTH.events if part.since <= one.begins < part.until]
        assert len(inside) == 3
        assert all(part.since <= one.right_from for one in inside)
        assert all(one.right_until <= part.until for one in inside)


def test_an_event_beside_a_cut_is_scored_in_one_part_alone() -> None:
    days = [SINCE.date() + timedelta(days=20 * n) for n in range(8)]
    days[6] = days[5] + timedelta(days=1)  # the cut falls between two days that touch
    truth = Truth(tuple(TrueEvent(day, day, f"event {n}") for n, day in enumerate(days)))
    parts = parts_of(truth, SINCE, UNTIL)
    scored = [score([], [RULE], truth, part.since, part.until) for part in parts]
    assert [one.summary.events for one in scored] == [2, 2, 2, 2]


def test_wrong_alerts_of_one_day_are_one_call() -> None:
    times = [SINCE, SINCE + 3 * HOURS, SINCE + 24 * HOURS, SINCE + 25 * HOURS]
    assert calls(times) == 2
    assert calls([]) == 0


def test_a_proposal_is_shown_recorded_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proposal = proposed(finds({2, 4, 6, 8, 10, 12}))
    show(proposal, {"worse": "Escalation [b]$1$[/b]"})
    shown = capsys.readouterr().err
    assert "[b]" in shown
    assert "proposed" in shown
    kept = record(proposal)
    assert kept["rules"][0]["after"] == {"window": "6h", "false_alarms_per_year": 24.0}
    assert kept["later"]["before"]["recall"] == pytest.approx(1 / 3)
    assert len(kept["procedure"]) == 3
    assert head(proposal).splitlines()[0].startswith("# Proposed by `dyadwatch rules tune`")
    assert all(line.startswith("#") for line in head(proposal).splitlines())
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    draw_tradeoff(one, proposal, {"worse": "Escalation $\\frac$ <script>"})
    draw_tradeoff(other, proposal, {"worse": "Escalation $\\frac$ <script>"})
    assert one.read_bytes() == other.read_bytes()
    assert "<script" not in one.read_text("utf-8")
