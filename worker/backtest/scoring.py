"""What the alerts of a back-test are worth against what really happened.

An alert is an episode that was opened; nothing else counts. It is

    right      when it opens between a day before an event's `start` and its `end` (both days
               inclusive, UTC), and the event has no other direction than the rule counts
    unjudged   when the truth file cannot tell: it speaks of no direction that the rule counts, it
               reaches nowhere into the span, or the rule is one of silence
    wrong      in every other case

An event of the span is found by the first right alert of a rule that watches for it: one whose
`where` allows its direction, its category and its severity as far as both say. So an alert about
another side of the same crisis is not wrong, but it finds nothing. Events whose `start` is outside
the span count neither as found nor as missed.

Lead time: hours from the alert that finds an event to the first moment of its `start`; positive
is ahead, negative after. Time to detect: hours from the first report, since the first moment of
`start`, that the rule counts to its alert; an alert that came before any such report is measured
from the first report since a day before. Where the reports are not known it is counted from
the first moment of `start`, and for an alert ahead of that not at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Literal, Protocol

from alerts.rules import Rule
from worker.backtest.fitting import judged, same_direction, watches_for
from worker.backtest.summary import RuleScore, Summary, share, wilson
from worker.backtest.truth import TrueEvent, Truth
from worker.moments import written

Verdict = Literal["right", "wrong", "unjudged"]

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
OPENED = "opened"

#: For each rule the times of the reports that it counts, ascending.
Reports = Mapping[str, Sequence[datetime]]


class Change(Protocol):
    """A change of an episode, as the replay hands it out."""

    @property
    def time(self) -> datetime: ...
    @property
    def rule(self) -> str: ...
    @property
    def episode(self) -> str: ...
    @property
    def change(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Alert:
    """An episode that was opened, and what the truth file says of it; None without a truth file.

    `events` are those in whose time it opened and of whose direction it is.
    """

    time: datetime
    rule: str
    episode: str
    verdict: Verdict | None = None
    events: tuple[TrueEvent, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"time": written(self.time), "rule": self.rule, "episode": self.episode}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one event of the span: `alerts` are those that found it, the first first.

    `watched` is False where no rule watches for it.
    """

    event: TrueEvent
    watched: bool
    alerts: tuple[Alert, ...]
    lead_hours: float | None
    detect_hours: float | None

    def to_json(self) -> dict[str, Any]:
        event = self.event
        return {
            "start": event.start.isoformat(), "end": event.end.isoformat(), "label": event.label,
            "watched": self.watched, "alerts": len(self.alerts),
            "rule": self.alerts[0].rule if self.alerts else None,
            "lead_hours": self.lead_hours, "time_to_detect_hours": self.detect_hours,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """A back-test with its verdicts: `alerts` by time, `outcomes` by the time of the event.

    `outcomes` is None without a truth file.
    """

    since: datetime
    until: datetime
    alerts: tuple[Alert, ...]
    outcomes: tuple[Outcome, ...] | None
    summary: Summary

    def to_json(self) -> dict[str, Any]:
        """The summary, with the wrong and unjudged alerts and what became of each event.

        The lists have names of their own: `wrong`, `unjudged` and `found` are numbers wherever a
        summary is written.
        """
        record = self.summary.to_json()
        if self.outcomes is None:
            lists = ("alerts_wrong", "alerts_unjudged", "events_missed", "events_found")
            return record | dict.fromkeys(lists)
        return record | {
            "alerts_wrong": [one.to_json() for one in self.alerts if one.verdict == "wrong"],
            "alerts_unjudged": [one.to_json() for one in self.alerts if one.verdict == "unjudged"],
            "events_missed": [one.to_json() for one in self.outcomes if not one.alerts],
            "events_found": [one.to_json() for one in self.outcomes if one.alerts],
        }


def score(
    changes: Iterable[Change], rules: Sequence[Rule], truth: Truth | None,
    since: datetime, until: datetime, reports: Reports | None = None,
) -> Scored:  # fmt: skip
    """What these changes are worth, of which `rules` were replayed from `since` to `until`.

    Both are aware UTC. Without a truth file only the alerts are counted.
    """
    known = {rule.id: rule for rule in rules}
    opened = sorted(
        (Alert(one.time, one.rule, one.episode) for one in changes if one.change == OPENED),
        key=lambda alert: (alert.time, alert.rule, alert.episode),
    )
    days = max((until - since) / DAY, 0.0)
    rate = rate_of(len(opened), days)
    if truth is None:
        bare = {rule: _unscored(opened, rule) for rule in known}
        summary = Summary(days, len(opened), rate, rules=bare)
        return Scored(since, until, tuple(opened), None, summary)
    alerts = _judged(opened, known, truth, since, until)
    outcomes = _outcomes(alerts, known, truth, since, until, reports or {})
    summary = _summary(days, rate, alerts, outcomes, rules)
    return Scored(since, until, alerts, outcomes, summary)


def rate_of(alerts: int, days: float) -> float | None:
    """Alerts a week; None where no time passed."""
    return alerts * (WEEK / DAY) / days if days else None


def _judged(
    opened: Sequence[Alert], known: Mapping[str, Rule], truth: Truth,
    since: datetime, until: datetime,
) -> tuple[Alert, ...]:  # fmt: skip
    speaks = truth.reaches(since, until)
    tellable = {id for id, rule in known.items() if speaks and judged(rule, truth)}
    alerts = []
    for alert in opened:
        rule = known.get(alert.rule)
        verdict: Verdict = "unjudged"
        events: tuple[TrueEvent, ...] = ()
        if rule is not None and alert.rule in tellable:
            events = tuple(
                one for one in truth.events if one.holds(alert.time) and same_direction(rule, one)
            )
            verdict = "right" if events else "wrong"
        alerts.append(Alert(alert.time, alert.rule, alert.episode, verdict, events))
    return tuple(alerts)


def _outcomes(
    alerts: Sequence[Alert], known: Mapping[str, Rule], truth: Truth,
    since: datetime, until: datetime, reports: Reports,
) -> tuple[Outcome, ...]:  # fmt: skip
    first_day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    outcomes = []
    for event in truth.events:
        if not first_day <= event.begins < until:
            continue
        watchers = {id for id, rule in known.items() if watches_for(rule, event)}
        found = tuple(one for one in alerts if one.rule in watchers and event in one.events)
        lead = detect = None
        if found:
            lead = (event.begins - found[0].time) / HOUR
            detect = _detect_hours(event, found[0], reports.get(found[0].rule))
        outcomes.append(Outcome(event, bool(watchers), found, lead, detect))
    return tuple(outcomes)


def _detect_hours(
    event: TrueEvent, alert: Alert, reports: Sequence[datetime] | None
) -> float | None:
    if reports is None:
        ahead = alert.time < event.begins
        return None if ahead else (alert.time - event.begins) / HOUR
    for start in (event.begins, event.right_from):
        place = bisect_left(reports, start)
        if place < len(reports) and reports[place] <= alert.time:
            return (alert.time - reports[place]) / HOUR
    return None


def _summary(
    days: float, rate: float | None, alerts: Sequence[Alert], outcomes: Sequence[Outcome],
    rules: Sequence[Rule],
) -> Summary:  # fmt: skip
    count = {kind: _count(alerts, kind) for kind in ("right", "wrong", "unjudged")}
    judgeable = count["right"] + count["wrong"]
    found = [one for one in outcomes if one.alerts]
    touched = {event for alert in alerts if alert.verdict == "right" for event in alert.events}
    return Summary(
        days=days,
        alerts=len(alerts),
        alerts_per_week=rate,
        precision=share(count["right"], judgeable),
        recall=share(len(found), len(outcomes)),
        lead_hours_median=_median([one.lead_hours for one in found]),
        time_to_detect_hours_median=_median([one.detect_hours for one in found]),
        precision_interval=wilson(count["right"], judgeable),
        recall_interval=wilson(len(found), len(outcomes)),
        events=len(outcomes),
        found=len(found),
        right=count["right"],
        wrong=count["wrong"],
        unjudged=count["unjudged"],
        incidents=len(touched) + count["wrong"],
        rules={rule.id: _rule_score(rule, alerts, outcomes) for rule in rules},
    )


def _rule_score(rule: Rule, alerts: Sequence[Alert], outcomes: Sequence[Outcome]) -> RuleScore:
    own = [alert for alert in alerts if alert.rule == rule.id]
    watched = [one for one in outcomes if watches_for(rule, one.event)]
    return RuleScore(
        alerts=len(own),
        right=_count(own, "right"),
        wrong=_count(own, "wrong"),
        unjudged=_count(own, "unjudged"),
        events=len(watched),
        found=sum(any(alert.rule == rule.id for alert in one.alerts) for one in watched),
    )


def _unscored(opened: Sequence[Alert], rule: str) -> RuleScore:
    return RuleScore(sum(one.rule == rule for one in opened), None, None, None, None, None)


def _count(alerts: Iterable[Alert], verdict: str) -> int:
    return sum(alert.verdict == verdict for alert in alerts)


def _median(hours: Iterable[float | None]) -> float | None:
    known = [one for one in hours if one is not None]
    return median(known) if known else None
