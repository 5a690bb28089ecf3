"""`against`: a spike that one direction of the dyad has and the other has not.

'Moscow about Baku' may rise because everybody writes of both: an anniversary, a summit, a match.
A spike with `against` fires only when its own direction takes a surprising share of the two. Given
that n were counted in the window both ways, the one direction has a beta-binomial number of them,
with the share of the four weeks before: P(X ≥ x | n, 1/2 + r, 1/2 + s), where r and s were counted
before in either direction (Jeffreys' prior). The share of a month is no constant either, so what
was counted before weighs at most as much as CERTAIN reports.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from scipy.stats import betabinom

from alerts.finding import Held
from alerts.rules import reasons
from alerts.rules.gates import words
from alerts.rules.rule import Rule
from alerts.rules.view import RuleView
from alerts.rules.where import Where
from alerts.series import Contents, Ints, microseconds

REFERENCE = timedelta(days=28)
CERTAIN = 60.0
ONE_SIDED = 0.05  # probability of such a share, up to which it is one-sided


def lopsided(
    rule: Rule, view: RuleView, seen: Contents, start: datetime, longest: datetime
) -> str | Held | None:
    """What to say of the share of this direction, Held where both rise, None without `against`.

    `seen` is what the rule counted from `start` until now; what was usual is counted before
    `longest`, the start of its longest window.
    """
    if rule.against is None:
        return None
    here, there = view.counted, _counted(rule, view, rule.against)
    other = len(_between(view, there, start, view.now))
    since = max(longest - REFERENCE, view.origin)
    before = longest - timedelta(microseconds=1)
    ours, theirs = (len(_between(view, one, since, before)) for one in (here, there))
    total, usual = seen.count + other, (ours + 0.5) / (ours + theirs + 1.0)
    weigh = min(1.0, CERTAIN / max(ours + theirs, 1))
    shape = (ours * weigh + 0.5, theirs * weigh + 0.5)
    probability = float(betabinom.sf(seen.count - 1, total, *shape))
    sentence = f"{seen.count} of {total} {rule.count} go this way, where {usual:.0%} do usually"
    if probability <= ONE_SIDED:
        return f"{sentence}."
    detail = f"{sentence}; in {words(REFERENCE)} that is nothing unusual (p = {probability:.2g})."
    return Held(rule.id, reasons.BOTH_DIRECTIONS, detail)


def _counted(rule: Rule, view: RuleView, where: Where) -> Ints:
    matching = view.table.matching(where)
    return view.table.counted(matching, rule.unit, rule.window)


def _between(view: RuleView, counted: Ints, since: datetime, until: datetime) -> Ints:
    """Positions at `since` ≤ at ≤ `until`, whether they may fire or not."""
    at = view.table.at[counted]
    low = np.searchsorted(at, microseconds(since))
    return counted[low : np.searchsorted(at, microseconds(until), side="right")]
