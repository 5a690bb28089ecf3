"""One error budget for all rules of a profile: `false_alarms_per_year` as a whole.

Each rule keeps its share of what the rules ask for themselves. What is shared out are episodes that
open with nothing the matter, and the number of those that all rules open together is the sum of
what each opens, however much they overlap: expectations add up, whether or not alarms come in
company. What people are told is less: a burst that several rules see is told once. So the promise
is kept for what a back-test counts, and is cautious for what reaches anybody;
`tests/benchmarks/test_profile_budget.py` measures both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alerts.baseline import DEFAULT_FALSE_ALARMS
from alerts.rules.rule import KINDS, Rule


def share_out(rules: Sequence[Rule], false_alarms_per_year: float | None) -> tuple[Rule, ...]:
    """The rules with this many false alarms a year together; None leaves to each its own.

    Rules without a baseline have no rate to share in and stay as they are.
    """
    asked = {rule.id: _asked(rule) for rule in rules if KINDS[rule.kind].learns}
    if false_alarms_per_year is None or not asked:
        return tuple(rules)
    part = false_alarms_per_year / sum(asked.values())
    return tuple(
        replace(rule, false_alarms_per_year=asked[rule.id] * part) if rule.id in asked else rule
        for rule in rules
    )


def _asked(rule: Rule) -> float:
    own = rule.false_alarms_per_year
    return DEFAULT_FALSE_ALARMS if own is None else own
