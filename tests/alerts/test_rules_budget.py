"""One error budget for all rules: who gets how much of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.baseline import DEFAULT_FALSE_ALARMS
from alerts.rules import KINDS, Rule, parse_where
from alerts.rules.budget import share_out

DAY = timedelta(days=1)


def rule(name: str, kind: str = "spike", **keys: object) -> Rule:
    settings: dict[str, object] = {"window": 3 * DAY, **keys}
    return Rule(name, kind, parse_where({"side": "AZE"}), **settings)  # type: ignore[arg-type]  # test shorthand


RULES = (
    rule("many", false_alarms_per_year=6.0),
    rule("few", false_alarms_per_year=2.0),
    rule("quiet", "silence", false_alarms_per_year=1.0),
    rule("usual"),
    rule("limit", "threshold", at_least=3),
    rule("first", "first_in"),
)


def test_each_keeps_its_share_of_what_they_ask_for() -> None:
    rates = {one.id: one.false_alarms_per_year for one in share_out(RULES, 7.0)}
    whole = 6.0 + 2.0 + 1.0 + DEFAULT_FALSE_ALARMS
    assert rates["many"] == pytest.approx(7.0 * 6.0 / whole)
    assert rates["few"] == pytest.approx(7.0 * 2.0 / whole)
    assert rates["usual"] == pytest.approx(7.0 * DEFAULT_FALSE_ALARMS / whole)


@pytest.mark.parametrize("together", [0.1, 3.0, 40.0])
def test_together_they_have_what_was_asked_for(together: float) -> None:
    shared = share_out(RULES, together)
    rates = [one.false_alarms_per_year for one in shared if KINDS[one.kind].learns]
    assert sum(rate or 0.0 for rate in rates) == pytest.approx(together)


def test_rules_without_a_baseline_stay_as_they_are() -> None:
    shared = {one.id: one for one in share_out(RULES, 7.0)}
    assert shared["limit"] == RULES[4] and shared["first"] == RULES[5]
    assert share_out(RULES[4:], 7.0) == RULES[4:]


def test_without_a_promise_of_the_profile_each_keeps_its_own() -> None:
    assert share_out(RULES, None) == RULES


def test_nothing_else_of_a_rule_changes_and_the_order_stays() -> None:
    shared = share_out(RULES, 7.0)
    assert [one.id for one in shared] == [one.id for one in RULES]
    assert (shared[0].window, shared[0].where) == (RULES[0].window, RULES[0].where)
