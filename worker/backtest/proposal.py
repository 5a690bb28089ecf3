"""Which windows and sensitivities to propose: chosen on the earlier part, shown on the later one.

Every spike rule is replayed with every setting of its grid at once. A set of settings is worth the
events that it finds, each 1 if found as early as any setting finds it and down to ½ two days later,
less its wrong calls, each a share of an event (`price`). Wrong alerts that come within a day of
each other are one call, whatever the number of rules. Rule by rule the best setting is taken, as
long as it is worth more than the present one by more than a whole event (`LEAST_GAIN`: one is
chance); of equals the one nearest to the present.

The history is cut into four parts along time. What is proposed is chosen on the first three, and
nothing of the fourth has a say in it: what is reported is what it does there. So that more than the
events of one part speak, the whole procedure is run twice besides, chosen on the first part alone
and on the first two, each seen on the part that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from alerts.rules import Rule
from worker.backtest.fitting import judged
from worker.backtest.parts import Part, joined, parts_of
from worker.backtest.scoring import Change, Outcome, Reports, Scored, score
from worker.backtest.truth import TrueEvent, Truth
from worker.backtest.variants import SPIKE, Setting, Variant, as_rule, setting_of, variants_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Replay = Callable[[Sequence[Rule]], Sequence[Change]]

#: A wrong call costs this share of an event that is found at once.
PRICE = 0.25
#: A change must be worth more than this, in events, on what it is chosen on.
LEAST_GAIN = 1.0
LATEST = timedelta(hours=48)
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Trade:
    """What one setting of one rule comes to on the part that is chosen on."""

    setting: Setting
    alerts_per_week: float
    wrong: int
    found: int
    events: int
    hours: float | None  # median from the first report to the alert


@dataclass(frozen=True, slots=True)
class Step:
    """A rule's setting as it is and as it is proposed; `trades` has every setting tried, the
    present one first."""

    rule: str
    before: Setting
    after: Setting
    trades: tuple[Trade, ...]

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """All rules over one span, as they are and as they are proposed."""

    span: Part
    before: Scored
    after: Scored


@dataclass(frozen=True, slots=True)
class Proposal:
    """`chosen_on` is the earlier part, `later` the one that had no say. `procedure` has, for each
    part but the first, what was chosen on the parts before it alone. `left` says of each spike rule
    that was not tuned why."""

    steps: tuple[Step, ...]
    chosen_on: Effect
    later: Effect
    procedure: tuple[Effect, ...]
    left: Mapping[str, str]
    price: float

    @property
    def changed(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.changed)


def propose(
    rules: Sequence[Rule], truth: Truth, since: datetime, until: datetime,
    replay: Replay, reports: Reports, *, price: float = PRICE, alarms: bool = True,
) -> Proposal:  # fmt: skip
    """What to propose for these rules; the same history always gives the same.

    `replay` gives the changes of any rules over the span. Without `alarms` the sensitivities stay.
    """
    tuned = [rule for rule in rules if rule.kind == SPIKE and judged(rule, truth)]
    left = {
        rule.id: "the truth file says nothing of its direction"
        for rule in rules
        if rule.kind == SPIKE and rule not in tuned
    }
    grid = {rule.id: variants_of(rule, alarms=alarms) for rule in tuned}
    every = [one for variants in grid.values() for one in variants]
    changes = list(replay([*rules, *(one.rule for one in every)]))
    table = _Table(rules, grid, changes, truth, reports, since, until, price)
    parts = parts_of(truth, since, until)
    choices = [table.chosen(parts[: at + 1]) for at in range(len(parts) - 1)]
    effects = [table.effect(part, choice) for part, choice in zip(parts[1:], choices, strict=True)]
    final = choices[-1]
    earlier = joined(parts[:-1])
    steps = tuple(
        Step(rule.id, setting_of(rule), final[rule.id].setting, table.trades(rule.id, earlier))
        for rule in tuned
    )
    return Proposal(steps, table.effect(earlier, final), effects[-1], tuple(effects), left, price)


Choice = dict[str, Variant]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one rule or variant did in a part: when it found which event, and its wrong alerts."""

    found: Mapping[TrueEvent, datetime]
    wrong: tuple[datetime, ...]


class _Table:
    """What every variant did, and what sets of them are worth."""

    def __init__(
        self, rules: Sequence[Rule], grid: Mapping[str, Sequence[Variant]],
        changes: Sequence[Change], truth: Truth, reports: Reports,
        since: datetime, until: datetime, price: float,
    ) -> None:  # fmt: skip
        self._rules, self._grid, self._truth, self._price = rules, grid, truth, price
        self._since, self._until = since, until
        self._changes: dict[str, list[Change]] = {}
        for change in changes:
            self._changes.setdefault(change.rule, []).append(change)
        self._reports = dict(reports)
        fixed = [rule for rule in rules if rule.id not in grid]
        self._scored = {rule.id: self._alone(rule, rule.id) for rule in fixed}
        for variants in grid.values():
            for one in variants:
                self._reports[one.rule.id] = reports.get(one.of, ())
                self._scored[one.rule.id] = self._alone(one.rule, one.of)
        self._fixed = [rule.id for rule in fixed]
        self._first = self._earliest()

    def chosen(self, parts: Sequence[Part]) -> Choice:
        """The best variant of each rule on these parts."""
        span = joined(parts)
        did = {name: _did(scored, span) for name, scored in self._scored.items()}
        choice = {rule: variants[0] for rule, variants in self._grid.items()}
        worth = self._worth(choice, did)
        for _ in range(_ROUNDS):
            before = dict(choice)
            for rule, variants in self._grid.items():
                best, gain = choice[rule], 0.0
                now = self._worth(choice, did)
                for one in variants:
                    more = self._worth(choice | {rule: one}, did) - now
                    if more > gain + 1e-9:
                        best, gain = one, more
                if gain > LEAST_GAIN:
                    choice[rule] = best
            if choice == before:
                break
        # Small gains may add up to nothing: then all stays as it is.
        if self._worth(choice, did) <= worth:
            return {rule: variants[0] for rule, variants in self._grid.items()}
        return choice

    def effect(self, span: Part, choice: Choice) -> Effect:
        """All rules over the span, as they are and with this choice."""
        present = {rule: variants[0] for rule, variants in self._grid.items()}
        return Effect(span, self._together(span, present), self._together(span, choice))

    def trades(self, rule: str, span: Part) -> tuple[Trade, ...]:
        """What each setting of the rule comes to over the span."""
        weeks = (span.until - span.since) / timedelta(weeks=1)
        trades = []
        for one in self._grid[rule]:
            scored = self._scored[one.rule.id]
            outcomes = [each for each in _within(scored, span) if each.watched]
            hours = [each.detect_hours for each in outcomes if each.detect_hours is not None]
            did = _did(scored, span)
            alerts = sum(span.since <= each.time < span.until for each in scored.alerts)
            trades.append(
                Trade(
                    one.setting, alerts / weeks, len(did.wrong), len(did.found), len(outcomes),
                    median(hours) if hours else None,
                )
            )  # fmt: skip
        return tuple(trades)

    def _together(self, span: Part, choice: Choice) -> Scored:
        """As if the chosen variants were the rules."""
        rules = [as_rule(choice[rule.id]) if rule.id in choice else rule for rule in self._rules]
        named = {choice[rule].rule.id: rule for rule in choice}
        named |= {rule: rule for rule in self._fixed}
        changes = [
            _Renamed(one.time, rule, one.episode, one.change)
            for name, rule in named.items()
            for one in self._changes.get(name, ())
            if span.since <= one.time < span.until
        ]
        reports = {rule: self._reports.get(name, ()) for name, rule in named.items()}
        return score(changes, rules, self._truth, span.since, span.until, reports)

    def _alone(self, rule: Rule, of: str) -> Scored:
        changes = self._changes.get(rule.id, [])
        reports = {rule.id: self._reports.get(of, ())}
        return score(changes, [rule], self._truth, self._since, self._until, reports)

    def _earliest(self) -> dict[TrueEvent, datetime]:
        """When any rule or variant first finds each event."""
        earliest: dict[TrueEvent, datetime] = {}
        for scored in self._scored.values():
            for outcome in scored.outcomes or ():
                if outcome.alerts:
                    known = earliest.get(outcome.event, outcome.alerts[0].time)
                    earliest[outcome.event] = min(known, outcome.alerts[0].time)
        return earliest

    def _worth(self, choice: Choice, did: Mapping[str, _Part]) -> float:
        names = [*self._fixed, *(one.rule.id for one in choice.values())]
        found: dict[TrueEvent, datetime] = {}
        wrong: list[datetime] = []
        for name in names:
            for event, at in did[name].found.items():
                found[event] = min(found.get(event, at), at)
            wrong += did[name].wrong
        worth = sum(_value(at - self._first[event]) for event, at in found.items())
        return worth - self._price * calls(wrong)


@dataclass(frozen=True, slots=True)
class _Renamed:
    """A variant's change under the name of its rule."""

    time: datetime
    rule: str
    episode: str
    change: str


def calls(times: Sequence[datetime]) -> int:
    """How often somebody is called: alerts within a day of the first of them are one call."""
    count, first = 0, None
    for time in sorted(times):
        if first is None or time - first > DAY:
            count, first = count + 1, time
    return count


def _value(late: timedelta) -> float:
    """1 for an event that is found as early as can be, ½ from two days later on."""
    return 1.0 - 0.5 * min(late / LATEST, 1.0)


def _did(scored: Scored, span: Part) -> _Part:
    return _Part(
        {one.event: one.alerts[0].time for one in _within(scored, span) if one.alerts},
        tuple(
            one.time
            for one in scored.alerts
            if one.verdict == "wrong" and span.since <= one.time < span.until
        ),
    )


def _within(scored: Scored, span: Part) -> list[Outcome]:
    return [one for one in scored.outcomes or () if span.since <= one.event.begins < span.until]
