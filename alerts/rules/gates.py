"""What every kind asks of a window before it fires, and the finding it then makes."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.baseline import bucket_step, threshold
from alerts.finding import Finding, Held
from alerts.rules import reasons
from alerts.rules.rule import Rule
from alerts.rules.view import RuleView
from alerts.series import Contents


def check_learning(rule: Rule) -> None:
    """What a rule with a baseline needs: a window of whole buckets, and a rate that has a limit."""
    step = bucket_step(rule.bucket)
    if rule.window % step:
        raise ValueError(
            f"rule {rule.id}: this window must be a multiple of {words(step)} "
            "(15 minutes up to 2 hours, 1 hour up to 48 hours, then 1 day), "
            f"not {words(rule.window)}"
        )
    if rule.false_alarms_per_year is not None:
        try:
            threshold(rule.bucket, rule.false_alarms_per_year)
        except ValueError as wrong:
            raise ValueError(f"rule {rule.id}: {wrong}") from None


def nothing(rule: Rule, seen: Contents, window: timedelta | None = None) -> Held:
    """Why a window (the rule's own by default) without anything that may fire is held."""
    if seen.late:
        detail = f"{seen.late} {rule.count} matched, all of them late or backfilled."
        return Held(rule.id, reasons.LATE, detail)
    span = words(window or rule.window)
    return Held(rule.id, reasons.NOTHING, f"No {rule.count} matched in {span}.")


def few_newsrooms(rule: Rule, seen: Contents) -> Held | None:
    """Corroboration: held when fewer newsrooms report than the rule asks for."""
    if len(seen.newsrooms) >= rule.min_newsrooms:
        return None
    return Held(
        rule.id,
        reasons.FEW_NEWSROOMS,
        f"{seen.count} {rule.count} come from {len(seen.newsrooms)} newsrooms; "
        f"the rule asks for {rule.min_newsrooms}.",
    )


def rests_on_largest(rule: Rule, seen: Contents, needed: int, why: str) -> Held:
    """Held: without the largest newsroom too little is left."""
    return Held(
        rule.id,
        reasons.LARGEST_NEWSROOM,
        f"Of {seen.count} {rule.count}, {seen.without_largest} are left without {seen.largest}; "
        f"{why} {needed}.",
    )


def finding(
    rule: Rule, view: RuleView, now: datetime, seen: Contents, window: timedelta, start: datetime,
    *, expected: float | None = None, upper: float | None = None, probability: float | None = None,
    usual: tuple[int, int] | None = None, without_largest: bool, provisional: bool = False,
    said: str | None = None,
) -> Finding:  # fmt: skip
    """The finding of a window that passed every gate."""
    return Finding(
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        at=now,
        window=window,
        bucket=view.bucket,
        count=seen.count,
        unit=rule.count,
        expected=expected,
        upper=upper,
        probability=probability,
        articles=len(seen.articles),
        stories=len(seen.stories),
        newsrooms=len(seen.newsrooms),
        article_ids=seen.articles,
        story_ids=seen.stories,
        newsroom_ids=seen.newsrooms,
        without_largest=without_largest,
        largest_newsroom=seen.largest,
        coverage=view.coverage(start),
        provisional=provisional,
        usual=usual,
        said=said,
        left=seen.without_largest,
        ladder=_ladder(rule, seen),
    )


def _ladder(rule: Rule, seen: Contents) -> int | None:
    """The gravest severity that as many newsrooms report as the rule asks for."""
    told = [severity for severity, tellers in seen.severities if tellers >= rule.min_newsrooms]
    return max(told, default=None)


def took(span: timedelta) -> str:
    """How long something took, to the minute: 20 min, 3 h 20 min, 2 d 4 h."""
    minutes = max(span // timedelta(minutes=1), 1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (0 if days else minutes, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def words(span: timedelta) -> str:
    """A window as a person writes it: 30 minutes, 6 hours, 3 days."""
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour")):
        if span >= unit and not span % unit:
            return f"{span // unit} {name}{'s' if span // unit > 1 else ''}"
    minutes = span // timedelta(minutes=1)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"
