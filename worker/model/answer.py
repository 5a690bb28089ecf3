"""What a model said, taken only as far as it can be believed (pure).

Its labels must be of the codebook and its quotes must stand in the article; else nothing of the
answer counts.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from worker.classify import Classification, Lexicon
from worker.classify.escalation import escalation
from worker.classify.lexicon import Concept
from worker.classify.record import Event, Evidence
from worker.labels import DIRECTIONS, WORST
from worker.model.question import MOST_EVENTS, Words

_KEYS = {"relevant", "direction", "severity", "initiator", "events"}
_EVENT_KEYS = {"category", "initiator", "target", "direction", "severity", "quote"}
#: What proves something is longer than a word, and shorter than a paragraph.
_SHORTEST, _LONGEST = 3, 300
#: The term that stands for a model's quotation.
TERM = "model"


class WrongAnswer(ValueError):
    """An answer that cannot be believed; the message says what is wrong with it."""


def believed(
    content: str, article: Words, lexical: Classification, lexicon: Lexicon
) -> Classification:
    """The classification that this answer makes of the lexicon's, else a `WrongAnswer`."""
    labels = _labels(content, lexicon)
    if not labels["relevant"]:
        if lexical.relevance < lexicon.threshold:
            return lexical
        return Classification(
            lexical.language, False, 0.0, "neutral", 0, None, 0.0, (),
            "the model says that it is about something else",
        )  # fmt: skip
    events = tuple(_event(one, article, lexical, lexicon) for one in labels["events"])
    if not events:
        raise WrongAnswer("it names no event of a relevant article")
    events = (replace(events[0], main=True), *events[1:])
    relevance = max(lexical.relevance, lexicon.threshold)
    escalatory = sum(event.direction == "escalatory" for event in events)
    score = escalation(labels["direction"], labels["severity"], escalatory, relevance)
    return Classification(
        lexical.language, True, relevance, labels["direction"], labels["severity"],
        labels["initiator"], score.score, events, f"{lexical.reason}; labelled by the model",
    )  # fmt: skip


def _labels(content: str, lexicon: Lexicon) -> Mapping[str, Any]:
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        raise WrongAnswer("it is no JSON") from None
    _exactly(given, _KEYS, "the answer")
    _label(given, (*lexicon.dyad, "both", "other", None))
    if not isinstance(given["relevant"], bool):
        raise WrongAnswer("relevant is neither true nor false")
    events = given["events"]
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise WrongAnswer(f"events is no list of at most {MOST_EVENTS}")
    parties = (*lexicon.dyad, None)
    categories = {concept.category for concept in lexicon.concepts.values()}
    for one in events:
        _exactly(one, _EVENT_KEYS, "an event")
        _label(one, parties)
        _among(one["target"], parties, "target")
        _among(one["category"], categories, "category")
    return given  # type: ignore[no-any-return]  # a mapping, as was just seen


def _label(given: Mapping[str, Any], initiators: Collection[str | None]) -> None:
    _among(given["direction"], DIRECTIONS, "direction")
    _among(given["initiator"], initiators, "initiator")
    severity = given["severity"]
    if isinstance(severity, bool) or not isinstance(severity, int) or not 0 <= severity <= WORST:
        raise WrongAnswer("severity is no step")


def _exactly(given: object, keys: set[str], what: str) -> None:
    if not isinstance(given, dict) or set(given) != keys:
        raise WrongAnswer(f"{what} has not the keys that were asked for")


def _among(given: object, known: Collection[str | None], name: str) -> None:
    if not (given is None or isinstance(given, str)) or given not in known:
        raise WrongAnswer(f"{name} is not of the codebook")


def _event(
    given: Mapping[str, Any], article: Words, lexical: Classification, lexicon: Lexicon
) -> Event:
    concept = _concept(given, lexical, lexicon)
    return Event(
        given["category"], concept.name, given["initiator"], given["target"], given["direction"],
        given["severity"], concept.plover, (_evidence(given["quote"], article),),
    )  # fmt: skip


def _evidence(quote: object, article: Words) -> Evidence:
    """Where the quotation stands, word for word; a model that makes one up is not believed."""
    if not isinstance(quote, str) or not _SHORTEST <= len(quote.strip()) <= _LONGEST:
        raise WrongAnswer("a quotation is none")
    quote = quote.strip()
    fields: tuple[tuple[Literal["title", "text"], str], ...] = (
        ("title", article.title),
        ("text", article.text),
    )
    for name, words in fields:
        start = words.find(quote)
        if start >= 0:
            return Evidence(name, start, start + len(quote), TERM)
    raise WrongAnswer("a quotation does not stand in the article")


def _concept(given: Mapping[str, Any], lexical: Classification, lexicon: Lexicon) -> Concept:
    """The concept of a category: the lexicon's own finding first, else the nearest by label."""
    for event in lexical.events:
        if event.category == given["category"] and event.concept in lexicon.concepts:
            return lexicon.concepts[event.concept]
    return min(_of_category(given["category"], lexicon), key=lambda one: _distance(one, given))


def _of_category(category: str, lexicon: Lexicon) -> Iterator[Concept]:
    return (one for one in lexicon.concepts.values() if one.category == category)


def _distance(one: Concept, given: Mapping[str, Any]) -> tuple[bool, int, str]:
    step = abs(one.severity - int(given["severity"]))
    return one.direction != given["direction"], step, one.name
