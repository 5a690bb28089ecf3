"""spike: more than the past of the same series says, in any window up to the rule's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.baseline import DEFAULT_FALSE_ALARMS, Outlook, threshold
from alerts.finding import Finding, Held
from alerts.rules import asymmetry, reasons
from alerts.rules.gates import (
    check_learning,
    few_newsrooms,
    finding,
    nothing,
    rests_on_largest,
    words,
)
from alerts.rules.rule import Kind, Rule
from alerts.rules.view import RuleView

# What does not rest on the largest newsroom must reach the limit by itself. Where it is at least
# SHARED of the count, REST of the limit's score is enough: four stories of which one newsroom has
# two are a small burst, 500 beside three ordinary ones are a flood.
SHARED = 0.5
REST = 0.5
LONGEST = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class _Look:
    """One trailing window: how much it holds that may fire, and how surprising that is."""

    buckets: int
    start: datetime
    count: int
    score: float


def check(rule: Rule) -> None:
    """It needs a window of whole buckets."""
    if rule.against is not None and rule.against.canonical == rule.where.canonical:
        raise ValueError(
            f"rule {rule.id}: against must be another direction than where; they are the same"
        )
    if rule.window > LONGEST:
        raise ValueError(
            f"rule {rule.id}: a spike's window is at most 28d, not {words(rule.window)}"
        )
    check_learning(rule)


def reach(rule: Rule) -> timedelta:
    """Its window, and where it compares two directions, the weeks that say what is usual."""
    return rule.window + (asymmetry.REFERENCE if rule.against is not None else timedelta(0))


def evaluate(rule: Rule, view: RuleView, now: datetime) -> Finding | Held:
    """Fires when some window up to `rule.window` holds more than its upper limit.

    All windows share one error budget. A window passes when, besides, it holds enough newsrooms
    and what its largest one does not carry is unusual by itself; of those that pass, the most
    surprising is reported. The current bucket is compared as if it were full: late, never early.
    """
    longest = view.bucket - rule.window + view.step
    (whole,) = view.totals([longest])
    if whole == 0:
        return nothing(rule, view.since_origin(longest))
    outlook = view.outlook
    if outlook is None or not outlook.observed:
        detail = f"{whole} {rule.count}, but there is no past to compare them with yet."
        return Held(rule.id, reasons.LEARNING, detail)
    limit = threshold(rule.bucket, rule.false_alarms_per_year or DEFAULT_FALSE_ALARMS)
    looks = _looks(rule, view, outlook)
    surprising = [look for look in looks if look.score >= limit]
    if not surprising:
        return _as_expected(rule, view, outlook, looks[0], limit)
    first: Held | None = None
    for look in surprising:
        outcome = _passed(rule, view, now, outlook, look, limit)
        if isinstance(outcome, Finding):
            return outcome
        first = first or outcome
    return first or _as_expected(rule, view, outlook, looks[0], limit)


def _looks(rule: Rule, view: RuleView, outlook: Outlook) -> list[_Look]:
    """Every window up to the rule's, the most surprising first; the longest is always there."""
    longest = rule.window // view.step
    windows = sorted({w for w in outlook.bucket.windows if w < longest} | {longest})
    starts = [view.bucket - (buckets - 1) * view.step for buckets in windows]
    looks = [
        _Look(buckets, start, count, outlook.score(buckets, count))
        for buckets, start, count in zip(windows, starts, view.totals(starts), strict=True)
    ]
    return sorted(looks, key=lambda look: (-look.score, -look.buckets))


def _passed(
    rule: Rule, view: RuleView, now: datetime, outlook: Outlook, look: _Look, limit: float
) -> Finding | Held:
    seen, buckets = view.since_origin(look.start), look.buckets
    held = few_newsrooms(rule, seen)
    if held is not None:
        return held
    rest = outlook.score(buckets, seen.without_largest)
    shared = seen.without_largest >= max(seen.count * SHARED, 2)
    if rule.min_newsrooms > 1 and rest < (limit * REST if shared else limit):
        needed = outlook.upper(buckets, limit) or seen.count
        return rests_on_largest(rule, seen, needed, "the others alone would be unusual from")
    said = asymmetry.lopsided(rule, view, seen, look.start, view.bucket - rule.window + view.step)
    if isinstance(said, Held):
        return said
    return finding(
        rule, view, now, seen, buckets * view.step, look.start,
        expected=outlook.expected(buckets), upper=_float(outlook.upper(buckets, limit)),
        probability=outlook.probability(buckets, seen.count), usual=outlook.usual(buckets),
        without_largest=rest >= limit, provisional=outlook.provisional, said=said,
    )  # fmt: skip


def _as_expected(rule: Rule, view: RuleView, outlook: Outlook, look: _Look, limit: float) -> Held:
    upper = outlook.upper(look.buckets, limit)
    young = "; the history is still short, so limits are wide" if outlook.provisional else ""
    detail = (
        f"{look.count} {rule.count} in {words(look.buckets * view.step)}, where "
        f"{outlook.expected(look.buckets):.3g} are expected and {upper} would be unusual{young}."
    )
    return Held(rule.id, reasons.EXPECTED, detail)


def _float(count: int | None) -> float | None:
    return None if count is None else float(count)


KIND = Kind(
    name="spike", check=check, evaluate=evaluate, learns=True,
    takes=frozenset({"false_alarms_per_year", "against"}), reach=reach,
)  # fmt: skip
