"""The article's verdict: its events, and what the main one makes of the whole."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from worker.classify.escalation import Escalation, escalation
from worker.classify.events import Happening, article_initiator, merged
from worker.classify.lexicon import Concept, LanguagePack, Lexicon
from worker.classify.reading import Read, guarded
from worker.classify.record import Classification, Direction, Event, Evidence
from worker.classify.relevance import Relevance
from worker.classify.roles import doer_of
from worker.classify.speech import joined, of_both, source

#: What comment makes of the gravest tension: it is more than words, and no fresh harm.
MOST_OF_ANALYSIS = 2


def verdict(
    language: str,
    found: Relevance,
    happenings: Sequence[Happening],
    title: Read,
    pack: LanguagePack,
    lexicon: Lexicon,
) -> tuple[Classification, Escalation]:
    """The classification of a relevant article, and the arithmetic of its escalation."""
    told = merged(happenings, lexicon.concepts, lexicon.dyad)
    told = _looked_back(told, happenings, title, pack, lexicon)
    acting = _initiator(told[0], lexicon) if told else _of_headline(title, lexicon)
    told = told or _other(title, acting, lexicon)
    main = told[0] if told else None
    direction: Direction = main.direction if main else "neutral"
    severity = main.severity if main else 0
    escalatory = sum(1 for event in told if event.direction == "escalatory")
    score = escalation(direction, severity, escalatory, found.score)
    classified = Classification(
        language,
        True,
        found.score,
        direction,
        severity,
        acting,
        score.score,
        tuple(told),
        found.reason,
    )
    return classified, score


def _initiator(main: Event, lexicon: Lexicon) -> str | None:
    shared = lexicon.concepts[main.concept].roles == "mutual" or _is_tension(main)
    mutual = shared and main.initiator is None
    return article_initiator(main, mutual, lexicon.dyad)


def _looked_back(
    told: list[Event],
    happenings: Sequence[Happening],
    title: Read,
    pack: LanguagePack,
    lexicon: Lexicon,
) -> list[Event]:
    """What an article that comments or looks back tells: comment takes the level of the tension
    that it describes; the past is calm, unless somebody uses it against the other today."""
    concept = lexicon.concepts.get("analysis")
    opinion, history = guarded("opinion", title, pack), guarded("history", title, pack)
    evidence = opinion or history
    if concept is None or evidence is None:
        return told
    said = told[0] if told else None
    words = said is not None and lexicon.concepts[said.concept].roles == "statement"
    if said and words and said.initiator and opinion is None:
        past = _standing(concept, concept.direction, concept.severity, evidence)
        return [*told, replace(past, main=False)]
    fresh = opinion or any(one.rank == 0 and not one.trigger.background for one in happenings)
    tension = max((event.severity for event in told), default=0) if fresh else 0
    tense = tension and any(event.direction == "escalatory" for event in told)
    level = min(tension, MOST_OF_ANALYSIS if tense else 1)
    return [_standing(concept, "escalatory" if tense else "neutral", level, evidence)]


def _is_tension(main: Event) -> bool:
    """Whether the article comments on what is between the two."""
    return main.concept == "analysis" and main.direction == "escalatory"


def _of_headline(title: Read, lexicon: Lexicon) -> str | None:
    """Whose act a headline without any known happening tells: its source's or its subject's."""
    by = source(title, lexicon.dyad)
    if by and of_both(title, lexicon.dyad, by.last):
        return "both"
    return by.side if by else doer_of(title.named, lexicon, partial(joined, title))


def _other(title: Read, acting: str | None, lexicon: Lexicon) -> list[Event]:
    """What stands for an article of the two countries in which no concept was found."""
    concept = lexicon.concepts.get("other")
    if concept is None or not title.named:
        return []
    first = title.named[0]
    start, end = title.words.span(first.first, first.last)
    evidence = Evidence("title", start, end, first.actor.id)
    told = _standing(concept, concept.direction, concept.severity, evidence)
    return [replace(told, initiator=acting if acting in lexicon.dyad else None)]


def _standing(concept: Concept, direction: Direction, severity: int, evidence: Evidence) -> Event:
    """The main event of an article that tells no act of anybody."""
    return Event(
        concept.category, concept.name, None, None, direction, severity, concept.plover,
        (evidence,), True,
    )  # fmt: skip
