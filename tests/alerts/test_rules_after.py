"""A rule that comes after others: the good news is news where there was friction before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from harness.rule_world import DAY, HOUR, fired, held

from alerts.episode import Episode, advance
from alerts.finding import Finding, Held
from alerts.handling import Handling
from alerts.rules import Rule, parse_where, reasons
from alerts.rules.after import gated

SUMMIT = datetime(2025, 10, 9, 12, tzinfo=UTC)


def thaw(**keys: object) -> Rule:
    settings: dict[str, object] = {
        "id": "thaw", "kind": "spike", "where": parse_where({"direction": "de_escalatory"}),
        "window": DAY, "after": ("raids", "clash"), "within": 30 * DAY, **keys,
    }  # fmt: skip
    return Rule(**settings)  # type: ignore[arg-type]  # test shorthand


@pytest.fixture
def finding(make_finding: Any) -> Finding:
    found: Finding = make_finding(SUMMIT, rule="thaw")
    return found


def episode(make_finding: Any, opened: datetime, resolved: datetime | None = None) -> Episode:
    opening = make_finding(opened, rule="raids")
    found = advance(None, opening, opened).episode
    assert found is not None
    if resolved is None:
        return found
    return replace(found, state="resolved", updated_at=resolved, resolved_at=resolved)


def test_a_summit_in_calm_times_wakes_nobody(finding: Finding) -> None:
    detail = held(gated(thaw(), finding, {}, SUMMIT), reasons.NO_FRICTION).detail
    assert detail == "9 stories, but none of raids, clash had an episode in the 30 days before."


def test_while_friction_lasts_it_fires(finding: Finding, make_finding: Any) -> None:
    open_since_long = {"raids": episode(make_finding, SUMMIT - 90 * DAY)}
    assert fired(gated(thaw(), finding, open_since_long, SUMMIT)) is finding


@pytest.mark.parametrize(("days", "fires"), [(1, True), (30, True), (31, False), (400, False)])
def test_so_long_after_friction_it_fires(
    finding: Finding, make_finding: Any, days: int, fires: bool
) -> None:
    over = episode(make_finding, SUMMIT - 500 * DAY, SUMMIT - days * DAY)
    assert isinstance(gated(thaw(), finding, {"raids": over}, SUMMIT), Finding) is fires


def test_thirty_days_where_nothing_is_said(finding: Finding, make_finding: Any) -> None:
    for days, fires in ((29, True), (31, False)):
        over = episode(make_finding, SUMMIT - 500 * DAY, SUMMIT - days * DAY)
        outcome = gated(thaw(within=None), finding, {"raids": over}, SUMMIT)
        assert isinstance(outcome, Finding) is fires


def test_the_friction_of_other_rules_is_none(finding: Finding, make_finding: Any) -> None:
    elsewhere = {"media": episode(make_finding, SUMMIT - HOUR)}
    held(gated(thaw(), finding, elsewhere, SUMMIT), reasons.NO_FRICTION)


def test_a_false_alarm_was_no_friction(finding: Finding, make_finding: Any) -> None:
    mistaken = replace(
        episode(make_finding, SUMMIT - DAY), handling=Handling(false_alarm=True, closed_by="desk")
    )
    held(gated(thaw(), finding, {"raids": mistaken}, SUMMIT), reasons.NO_FRICTION)


def test_what_did_not_fire_keeps_its_own_reason(make_finding: Any) -> None:
    calm = Held("thaw", reasons.EXPECTED, "1 stories in 1 day.")
    assert gated(thaw(), calm, {}, SUMMIT) is calm


def test_a_rule_that_comes_after_nothing_is_left_alone(finding: Finding) -> None:
    assert gated(thaw(after=(), within=None), finding, {}, SUMMIT) is finding
    assert timedelta(days=30) == thaw().within
