"""What classification says of an article, each claim with the words that prove it."""

from dataclasses import dataclass
from typing import Any, Literal

Direction = Literal["escalatory", "de_escalatory", "neutral"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the article: code points `start` to `end` (exclusive) of its title or its text.

    `term` is the lexicon's name of what matched there.
    """

    field: Literal["title", "text"]
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the article says happened; `concept` is finer than `category`."""

    category: str
    concept: str
    initiator: str | None
    target: str | None
    direction: Direction
    severity: int
    plover: str
    evidence: tuple[Evidence, ...]
    main: bool = False


@dataclass(frozen=True, slots=True)
class Classification:
    """The contract's classification record; `reason` says in words why it is (ir)relevant."""

    language: str
    relevant: bool
    relevance: float
    direction: Direction
    severity: int
    initiator: str | None
    escalation: float
    events: tuple[Event, ...] = ()
    reason: str = ""

    def to_json(self, article_id: str) -> dict[str, Any]:
        """The record of `contract.md`: every key present, missing values null."""
        return {
            "id": article_id,
            "language": self.language,
            "relevant": self.relevant,
            "relevance": round(self.relevance, 2),
            "direction": self.direction,
            "severity": self.severity,
            "initiator": self.initiator,
            "escalation": round(self.escalation, 1),
            "events": [
                {
                    "category": event.category,
                    "initiator": event.initiator,
                    "target": event.target,
                    "direction": event.direction,
                    "severity": event.severity,
                    "plover": event.plover,
                    "evidence": [
                        {"field": e.field, "start": e.start, "end": e.end, "term": e.term}
                        for e in event.evidence
                    ],
                }
                for event in self.events
            ],
        }
