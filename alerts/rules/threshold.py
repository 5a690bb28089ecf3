"""threshold: at least so many in the window, whatever is usual."""

from __future__ import annotations

from datetime import datetime

from alerts.finding import Finding, Held
from alerts.rules import reasons
from alerts.rules.gates import few_newsrooms, finding, nothing, rests_on_largest, words
from alerts.rules.rule import Kind, Rule
from alerts.rules.view import RuleView


def check(rule: Rule) -> None:
    """It needs `at_least`."""
    if rule.at_least is None or rule.at_least < 1:
        raise ValueError(
            f"rule {rule.id}: a threshold needs at_least, the count at which it fires, 1 or more"
        )


def evaluate(rule: Rule, view: RuleView, now: datetime) -> Finding | Held:
    """Fires when the trailing window holds `at_least`.

    Where more than one newsroom is asked for, at least half of the limit must be left without the
    largest newsroom: one publisher's flood with a second name beside it is not corroboration.
    """
    limit = rule.at_least or 1
    start = now - rule.window
    seen = view.since(start)
    if seen.count == 0:
        return nothing(rule, seen)
    if seen.count < limit:
        detail = f"{seen.count} {rule.count} in {words(rule.window)}; the limit is {limit}."
        return Held(rule.id, reasons.BELOW, detail)
    held = few_newsrooms(rule, seen)
    if held is not None:
        return held
    half = (limit + 1) // 2
    if rule.min_newsrooms > 1 and seen.without_largest < half:
        return rests_on_largest(rule, seen, half, "half of the limit is")
    alone = seen.without_largest >= limit and len(seen.newsrooms) > rule.min_newsrooms
    return finding(rule, view, now, seen, rule.window, start, without_largest=alone)


KIND = Kind(
    name="threshold", check=check, evaluate=evaluate, learns=False, takes=frozenset({"at_least"})
)
