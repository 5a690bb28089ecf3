"""What a back-test yields: one line for each change of an episode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from alerts.episode import Change, Episode
from alerts.finding import Finding


@dataclass(frozen=True, slots=True)
class EpisodeChange:
    """One change of one episode on the simulated clock; `time` is aware UTC.

    `severity` is the episode's after the change. The numbers are those of `finding`, the newest of
    the episode: `expected` and `probability` are None where its rule has no expectation.
    """

    time: datetime
    rule: str
    episode: str
    change: Change
    severity: str
    articles: int
    stories: int
    newsrooms: int
    expected: float | None
    probability: float | None
    finding: Finding

    @property
    def is_alert(self) -> bool:
        """Only what opens an episode counts as an alert."""
        return self.change == "opened"

    def to_json(self) -> Mapping[str, object]:
        """The line that `dyadwatch backtest` prints."""
        return {
            "time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "rule": self.rule,
            "episode": self.episode,
            # The other two are changes of an episode that stays what it is.
            "change": "updated" if self.change in ("reopened", "de_escalated") else self.change,
            "severity": self.severity,
            "articles": self.articles,
            "stories": self.stories,
            "newsrooms": self.newsrooms,
            "expected": self.expected,
            "probability": self.probability,
        }


def change_of(episode: Episode, change: Change, time: datetime) -> EpisodeChange:
    """The line of an episode that has just changed."""
    finding = episode.last
    return EpisodeChange(
        time=time,
        rule=episode.rule,
        episode=episode.id,
        change=change,
        severity=episode.severity,
        articles=finding.articles,
        stories=finding.stories,
        newsrooms=finding.newsrooms,
        expected=finding.expected,
        probability=finding.probability,
        finding=finding,
    )
