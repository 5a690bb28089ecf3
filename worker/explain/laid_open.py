"""What a classification was made from, as plain records (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from worker.classify import Lexicon, Understood
from worker.classify.lexicon import Term
from worker.classify.reading import Read
from worker.classify.record import Classification, Direction
from worker.explain.subject import Subject

FieldName = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Marked:
    """Code points `start` to `end` of a field that mean something.

    `direction` is that of the event that they prove; without one they name an actor, of `sides`,
    or are a term that was found and did not count (`term`).
    """

    field: FieldName
    start: int
    end: int
    what: str
    kind: Literal["event", "actor", "term"]
    direction: Direction | None = None
    sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LaidOpen:
    """A subject with all that was made of it; `marks` are in reading order, events last, so that
    they are seen where spans overlap."""

    subject: Subject
    understood: Understood
    marks: tuple[Marked, ...]
    threshold: float

    @property
    def classification(self) -> Classification:
        return self.understood.classification


def lay_open(subject: Subject, understood: Understood, lexicon: Lexicon) -> LaidOpen:
    """The subject with the marks of its reading."""
    fields = [field for field in (understood.title, understood.text) if field is not None]
    actors = [mark for field in fields for mark in _actors(field)]
    events = list(_events(understood.classification))
    proven = {(mark.field, mark.start, mark.end) for mark in events}
    idle = [
        mark
        for field in fields
        for mark in _terms(field, understood)
        if (mark.field, mark.start, mark.end) not in proven
    ]
    return LaidOpen(subject, understood, (*actors, *idle, *events), lexicon.threshold)


def record(laid: LaidOpen) -> dict[str, Any]:
    """The whole of it as one JSON object."""
    subject, understood = laid.subject, laid.understood
    escalation = understood.escalation
    return {
        **laid.classification.to_json(subject.name),
        "title": subject.title or None,
        "text": subject.text or None,
        "came": subject.came,
        "reason": laid.classification.reason,
        "threshold": laid.threshold,
        "relevance_parts": _parts(understood.relevance.parts),
        "escalation_parts": _parts(escalation.parts) if escalation else [],
        "actors": [_mark(mark) for mark in laid.marks if mark.kind == "actor"],
        "idle_terms": [_mark(mark) for mark in laid.marks if mark.kind == "term"],
        "stored_as": _stored(subject),
    }


def differs(laid: LaidOpen) -> dict[str, tuple[Any, Any]]:
    """What is stored otherwise than the lexicon of today says: (stored, today) by field."""
    stored = _stored(laid.subject)
    if stored is None:
        return {}
    said = laid.classification
    return {
        name: (value, getattr(said, name))
        for name, value in stored.items()
        if getattr(said, name) != value
    }


def _stored(subject: Subject) -> dict[str, Any] | None:
    names = ("relevant", "direction", "severity", "initiator")
    return {name: getattr(subject.stored, name) for name in names} if subject.stored else None


def _actors(field: Read) -> Iterator[Marked]:
    for one in field.named:
        start, end = field.words.span(one.first, one.last)
        yield Marked(field.name, start, end, one.actor.id, "actor", sides=one.actor.sides)


def _terms(field: Read, understood: Understood) -> Iterator[Marked]:
    """The terms that were found and are no event's proof."""
    if understood.pack is None:
        return
    for hit in field.hits:
        entry = understood.pack.entries[hit.pattern]
        if isinstance(entry, Term):
            start, end = field.words.span(hit.first, hit.last)
            yield Marked(field.name, start, end, entry.name, "term")


def _events(said: Classification) -> Iterator[Marked]:
    for event in reversed(said.events):  # the main one last, over the others
        for span in event.evidence:
            yield Marked(span.field, span.start, span.end, span.term, "event", event.direction)


def _parts(parts: tuple[tuple[str, float], ...]) -> list[dict[str, Any]]:
    return [{"part": name, "points": round(points, 4)} for name, points in parts]


def _mark(mark: Marked) -> dict[str, Any]:
    named = {"actor": mark.what, "sides": list(mark.sides)}
    return {
        "field": mark.field,
        "start": mark.start,
        "end": mark.end,
        **(named if mark.kind == "actor" else {"term": mark.what}),
    }
