"""silence: a side's usual topic, or a newsroom, falls below its own season.

The lower tail of the same baseline that a spike has above it. What was not listened to is never
quiet: an hour in which the sources that the rule is about were down holds it, and so does a history
too short to know what is usual. Reports may come for six hours after their time, so the window ends
before that; silence is in no hurry.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.baseline import DEFAULT_FALSE_ALARMS, Outlook, bucket_step, threshold
from alerts.baseline.setting import setting
from alerts.finding import Finding, Held
from alerts.rules import reasons
from alerts.rules.exposure import LEAST_SHARE
from alerts.rules.gates import check_learning, words
from alerts.rules.rule import Kind, Rule
from alerts.rules.spike import REST
from alerts.rules.view import HOUR, LATENESS, RuleView, boundary_of
from alerts.series import Ints, floor, microseconds

SHORTEST = timedelta(hours=3)
REFERENCE = timedelta(days=7)  # from this time before the window one knows who usually reports
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Quiet:
    """The newest window that is complete: what it holds and how surprising so little is."""

    start: datetime
    end: datetime
    buckets: int
    outlook: Outlook  # whose newest bucket is the window's newest
    count: int

    @property
    def score(self) -> float:
        return self.outlook.silence(self.buckets, self.count)


def check(rule: Rule) -> None:
    """It needs a window of whole buckets that the baseline remembers."""
    longest = _longest(rule)
    if not SHORTEST <= rule.window <= longest:
        raise ValueError(
            f"rule {rule.id}: the window of a silence is 3h to {_longest_hours()}h, or 3d to "
            f"{_longest_days()}d, not {words(rule.window)}"
        )
    check_learning(rule)


def reach(rule: Rule) -> timedelta:
    """Its window, what may still come, and the time before it in which it was told as usual."""
    return rule.window + LATENESS + bucket_step(rule.bucket) + REFERENCE


def evaluate(rule: Rule, view: RuleView, now: datetime) -> Finding | Held:
    """Fires when the newest complete window holds surprisingly little, though all was listened to.

    Where more than one newsroom is asked for, so many must have told of it in the week before, and
    what the largest of them does not tell must be quiet as well: one feed that ended is no silence.
    """
    outlook = view.outlook
    if outlook is None or outlook.provisional:
        detail = "The history is too short to know how much is usual."
        return Held(rule.id, reasons.LEARNING, detail)
    if not outlook.observed:
        return Held(rule.id, reasons.NOT_HEARD, "Too few sources are heard at this moment.")
    quiet = _quiet(rule, view, outlook)
    held = _not_heard(rule, view, quiet)
    if held is not None:
        return held
    limit = threshold(rule.bucket, rule.false_alarms_per_year or DEFAULT_FALSE_ALARMS)
    if quiet.score < limit:
        return _spoken(rule, quiet, limit)
    usual = _counted_between(view, quiet.start - REFERENCE, quiet.start)
    tellers = Counter(view.table.signals[p].newsroom for p in usual.tolist())
    if len(tellers) < rule.min_newsrooms:
        detail = (
            f"In the {words(REFERENCE)} before, {len(tellers)} newsrooms told of it; the rule asks "
            f"for {rule.min_newsrooms}."
        )
        return Held(rule.id, reasons.FEW_NEWSROOMS, detail)
    largest, most = max(tellers.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    rest = _score_without(view, quiet, largest, most / max(sum(tellers.values()), 1))
    if rule.min_newsrooms > 1 and rest < limit * REST:
        detail = (
            f"{quiet.count} {rule.count} where {quiet.outlook.expected(quiet.buckets):.3g} are "
            f"expected, but without {largest} it would not be unusually quiet."
        )
        return Held(rule.id, reasons.LARGEST_NEWSROOM, detail)
    return _finding(rule, view, now, quiet, limit, largest or None, rest >= limit)


def _quiet(rule: Rule, view: RuleView, outlook: Outlook) -> _Quiet:
    end = boundary_of(view.now, view.origin, view.step)
    newest = (view.bucket - end) // view.step + 1
    past = replace(outlook, means=outlook.means[newest:], counts=outlook.counts[newest:])
    buckets = rule.window // view.step
    return _Quiet(end - rule.window, end, buckets, past, past.past(buckets))


def _not_heard(rule: Rule, view: RuleView, quiet: _Quiet) -> Held | None:
    """Held where some hour of the window, of the bucket before, or of the time since was not
    listened to.

    The bucket before: what an outage kept back is expected in the first bucket after it. The time
    since: what comes late would have come then.
    """
    shares = view.listened if view.listened is not None else view.shares
    first = max(quiet.start - view.step, floor(view.origin, HOUR))
    hours = [first + i * HOUR for i in range((floor(view.now, HOUR) - first) // HOUR)]
    deaf = [hour for hour in hours if shares.get(hour, 0.0) < LEAST_SHARE]
    if not deaf and view.origin <= quiet.start:
        return None
    detail = (
        f"{quiet.count} {rule.count} in {words(rule.window)}, but in {len(deaf)} of {len(hours)} "
        "hours too few sources were heard."
    )
    return Held(rule.id, reasons.NOT_HEARD, detail)


def _spoken(rule: Rule, quiet: _Quiet, limit: float) -> Held:
    lower = quiet.outlook.lower(quiet.buckets, limit)
    unusual = "no silence would be unusual" if lower is None else f"{lower} would be unusual"
    detail = (
        f"{quiet.count} {rule.count} in {words(rule.window)}, where "
        f"{quiet.outlook.expected(quiet.buckets):.3g} are expected and {unusual}."
    )
    return Held(rule.id, reasons.SPOKEN, detail)


def _score_without(view: RuleView, quiet: _Quiet, largest: str, share: float) -> float:
    """How surprising the others' silence is, whose part of what is usual is `1 - share`."""
    signals = view.table.signals
    told = _counted_between(view, quiet.start, quiet.end).tolist()
    others = sum(signals[p].newsroom != largest for p in told)
    outlook = replace(quiet.outlook, means=quiet.outlook.means * (1.0 - share))
    return outlook.silence(quiet.buckets, others)


def _counted_between(view: RuleView, since: datetime, until: datetime) -> Ints:
    at = view.table.at[view.counted]
    return view.counted[(at >= microseconds(since)) & (at < microseconds(until))]


def _finding(
    rule: Rule, view: RuleView, now: datetime, quiet: _Quiet, limit: float, largest: str | None,
    without_largest: bool,
) -> Finding:  # fmt: skip
    """It rests on its time: a silence has no stories."""
    outlook, lower = quiet.outlook, quiet.outlook.lower(quiet.buckets, limit)
    least, most = usual = outlook.usual(quiet.buckets)
    return Finding(
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        at=now,
        window=rule.window,
        bucket=view.bucket,
        count=quiet.count,
        unit=rule.count,
        expected=outlook.expected(quiet.buckets),
        upper=None if lower is None else float(lower),
        probability=outlook.probability_below(quiet.buckets, quiet.count),
        articles=0,
        stories=0,
        newsrooms=0,
        article_ids=(),
        story_ids=(),
        newsroom_ids=(),
        without_largest=without_largest,
        largest_newsroom=largest,
        coverage=view.coverage(quiet.start),
        provisional=outlook.provisional,
        usual=usual,
        below=True,
        said=(
            f"{quiet.count} {rule.count} until {quiet.end:%Y-%m-%d %H:%M} UTC, where {least} to "
            f"{most} are usual; all the while the sources were heard."
        ),
    )


def _longest(rule: Rule) -> timedelta:
    hourly = timedelta(hours=_longest_hours())
    return timedelta(days=_longest_days()) if rule.bucket == "day" else hourly


def _longest_hours() -> int:
    """What the hourly baseline remembers, without what is still open."""
    return setting("hour").reach - LATENESS // HOUR - 2


def _longest_days() -> int:
    return setting("day").reach - 2


KIND = Kind(
    name="silence", check=check, evaluate=evaluate, learns=True,
    takes=frozenset({"false_alarms_per_year"}), reach=reach, listens=True,
)  # fmt: skip
