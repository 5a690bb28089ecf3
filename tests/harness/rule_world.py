"""A press on a simulated clock that rules can look at: for the scenarios of the rule kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.finding import Finding, Held
from alerts.rules import Rule, RuleView, evaluate, prepare
from alerts.series import SignalTable
from alerts.signal import Signal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COUNTRIES = {
    "apa": "AZE", "trend": "AZE", "report": "AZE", "turan": "AZE", "mfa-az": "AZE",
    "tass": "RUS", "ria": "RUS", "kommersant": "RUS", "meduza": "RUS", "mid-ru": "RUS",
    "bbc": "GBR", "reuters": "GBR",
}  # fmt: skip
STANCES = {
    "apa": "pro_government", "trend": "pro_government", "report": "pro_government",
    "turan": "independent", "mfa-az": "official", "tass": "state", "ria": "state",
    "kommersant": "independent", "meduza": "exile", "mid-ru": "official",
    "bbc": "international", "reuters": "international",
}  # fmt: skip


@dataclass
class RuleWorld:
    """Signals, and the watch over the sources, from `origin` on."""

    origin: datetime
    signals: list[Signal] = field(default_factory=list)
    shares: dict[datetime, float] = field(default_factory=dict)

    def watched(self, until: datetime, share: float = 1.0) -> RuleWorld:
        """So much of the press was in sight in every hour up to `until` that was not told yet."""
        hour = max(self.shares, default=self.origin - HOUR) + HOUR
        while hour <= until:
            self.shares[hour] = share
            hour += HOUR
        return self

    def deaf(self, since: datetime, until: datetime, share: float = 0.0) -> RuleWorld:
        """An outage."""
        for hour in self.shares:
            if since <= hour < until:
                self.shares[hour] = share
        return self

    def report(self, at: datetime, story: str, newsroom: str, **keys: object) -> RuleWorld:
        """One article of a newsroom with one event, a deadly clash unless `keys` say otherwise."""
        values: dict[str, object] = {
            "at": at,
            "article": f"{story}/{newsroom}/{len(self.signals)}",
            "story": story,
            "newsroom": newsroom,
            "category": "military_incident",
            "direction": "escalatory",
            "severity": 4,
            "country": COUNTRIES.get(newsroom),
            "stance": STANCES.get(newsroom),
            "teller": newsroom,
            **keys,
        }
        self.signals.append(Signal(**values))  # type: ignore[arg-type]  # a test names its fields
        return self

    def view(self, rule: Rule, now: datetime) -> RuleView:
        """What the rule sees at `now`, with all of the past at hand."""
        table = SignalTable([s for s in self.signals if s.at <= now])
        return prepare([rule], table, self.shares, self.origin, {}, now).views[rule.id]

    def look(self, rule: Rule, now: datetime) -> Finding | Held:
        """What the rule says of it."""
        return evaluate(rule, self.view(rule, now), now)


def fired(outcome: Finding | Held) -> Finding:
    """The finding; anything else fails with what was held."""
    assert isinstance(outcome, Finding), outcome
    return outcome


def held(outcome: Finding | Held, reason: str) -> Held:
    """The hold, for this very reason."""
    assert isinstance(outcome, Held), outcome
    assert outcome.reason == reason, outcome
    return outcome
