"""A message that might go out, what was told before it, and what is decided of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from alerts.episode import SEVERITIES, Episode
from alerts.finding import Finding
from alerts.notification import MessageChange
from alerts.pipeline.route import Route
from alerts.pipeline.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """The numbers that a message gave; `ladder` is the gravest severity of events, 0 to 4."""

    count: int
    stories: int
    newsrooms: int
    ladder: int | None = None

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Those of a message that is written now."""
        return cls(finding.count, finding.stories, finding.newsrooms, finding.ladder)


@dataclass(frozen=True, slots=True)
class Told:
    """A message that is in the outbox, whatever has become of it; `waits` while nobody has tried to
    send it.

    `severity`, `said` and `planned_at` (when it was to leave, whatever came between) are None of
    messages of a version that did not keep them, as is `change`.
    """

    key: str
    episode: str
    channel: str
    number: int
    due_at: datetime
    waits: bool = False
    change: MessageChange | None = None
    severity: str | None = None
    said: Said | None = None
    planned_at: datetime | None = None

    @property
    def about(self) -> MessageChange:
        """What it told."""
        return self.change or ("repeat" if self.number else "opened")

    @property
    def meant_for(self) -> datetime:
        """When it was to leave."""
        return self.planned_at or self.due_at


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that might go out to `channel`, by `route` (None: no route takes the episode).

    `number` counts messages of the same change from 0, repeats and steps of an escalation from 1.
    `due_from` is when a repeat or a step of an escalation is due at the earliest.
    """

    episode: Episode
    route: Route | None
    channel: str
    number: int = 0
    change: MessageChange = "opened"
    due_from: datetime | None = None

    @property
    def key(self) -> str:
        """The outbox key: one episode, change and channel are one message, for ever."""
        number = f"-{self.number}" if self.number else ""
        return f"{self.episode.id}:{self.change}{number}:{self.channel}"

    @property
    def said(self) -> Said:
        """The numbers that it would give now."""
        return Said.of(self.episode.last)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one candidate; `stage` is the stage that held it, or "passed"."""

    candidate: Candidate
    verdict: Verdict
    stage: str = "passed"


def rank(severity: str) -> int:
    """How severe, as a number: 0 is the least."""
    return SEVERITIES.index(severity)


def worst_rank(episode: Episode) -> int:
    """How severe the episode has been at its worst."""
    return max(rank(episode.severity), rank(episode.worst) if episode.worst else 0)
