"""From triggers to events: what happened, between whom, how grave, and which is the main one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from worker.classify.lexicon import Concept
from worker.classify.record import Direction, Event, Evidence
from worker.classify.roles import Parties
from worker.classify.triggers import Trigger


@dataclass(frozen=True, slots=True)
class Happening:
    """A trigger with its parties and its evidence, before happenings are merged into events."""

    trigger: Trigger
    parties: Parties
    evidence: Evidence
    deaths: bool
    rank: int
    """0 the headline, 1 the lead, 2 the rest."""


def merged(happenings: Sequence[Happening], concepts: Mapping[str, Concept]) -> list[Event]:
    """One event a concept and parties, the main one marked, in order of importance."""
    kept = _foreground(_repaired(happenings))
    if not kept:
        return []
    groups: dict[tuple[str, str | None, str | None], list[tuple[Happening, Direction, int]]] = {}
    order = sorted(kept, key=lambda one: _importance(one[0], one[2]))
    for happening, direction, severity in order:
        key = _key(happening, groups)
        groups.setdefault(key, []).append((happening, direction, severity))
    events = [_event(members) for members in groups.values()]
    events += _implied(events, concepts)
    return [replace(event, main=at == 0) for at, event in enumerate(events)]


def _implied(events: Sequence[Event], concepts: Mapping[str, Concept]) -> list[Event]:
    """What holds because something else does, where no event says so already."""
    told = {event.category for event in events}
    implied: list[Event] = []
    for event in events:
        also = concepts.get(concepts[event.concept].also or "")
        if also and also.category not in told:
            told.add(also.category)
            implied.append(
                replace(event, category=also.category, concept=also.name, plover=also.plover)
            )
    return implied


def _key(
    happening: Happening, groups: Mapping[tuple[str, str | None, str | None], object]
) -> tuple[str, str | None, str | None]:
    """The group that a happening belongs to: one that knows at least as much of the parties."""
    concept = happening.trigger.concept.name
    found = happening.parties
    for known in groups:
        if known[0] == concept and (
            found.initiator is None or known[1:] == (found.initiator, found.target)
        ):
            return known
    return concept, found.initiator, found.target


def _event(members: Sequence[tuple[Happening, Direction, int]]) -> Event:
    first, direction, _ = members[0]
    concept = first.trigger.concept
    spans = _longest([one.evidence for one, _, _ in members])
    return Event(
        category=concept.category,
        concept=concept.name,
        initiator=first.parties.initiator,
        target=first.parties.target,
        direction=direction,
        severity=max(severity for _, _, severity in members),
        plover=concept.plover,
        evidence=tuple(spans[:5]),
    )


def _longest(spans: Sequence[Evidence]) -> list[Evidence]:
    """The spans in reading order, without those that lie inside another one."""
    kept: list[Evidence] = []
    for span in sorted(
        spans, key=lambda one: (one.field != "title", one.start, -one.end, one.term)
    ):
        if not (kept and kept[-1].field == span.field and span.end <= kept[-1].end):
            kept.append(span)
    return kept


def _foreground(
    settled: Sequence[tuple[Happening, Direction, int]],
) -> list[tuple[Happening, Direction, int]]:
    """Without the background where there is news, and without routine where there is friction."""
    news = [one for one in settled if not one[0].trigger.background]
    friction = any(direction == "escalatory" and one.rank < 2 for one, direction, _ in news)
    kept = [one for one in news if not (friction and one[0].trigger.concept.yields == 2)]
    return kept or news or list(settled)


def _repaired(happenings: Sequence[Happening]) -> list[tuple[Happening, Direction, int]]:
    """Every happening with direction and severity: its own, or those of what makes it good."""
    settled = []
    for one in happenings:
        healer = next((other for other in happenings if _heals(other, one)), None)
        if healer and one.trigger.concept.severity <= 1:
            continue  # the words that led to the repair are no happening of their own
        concept = healer.trigger.concept if healer else one.trigger.concept
        severity = _severity(one, concept)
        settled.append((one, concept.direction, severity))
    return settled


def _heals(healer: Happening, harmed: Happening) -> bool:
    return (
        harmed.trigger.concept.name in healer.trigger.concept.undoes
        and healer.rank <= harmed.rank
        and not healer.trigger.background
    )


def _severity(one: Happening, concept: Concept) -> int:
    if one.trigger.words_only:
        return min(1, concept.severity)
    if one.deaths and concept.deadly:
        return 4
    return concept.severity


def _importance(one: Happening, severity: int) -> tuple[int, ...]:
    """In one field repair comes first, then acts by severity, then words, then routine."""
    concept = one.trigger.concept
    repairs = concept.direction == "de_escalatory" or bool(concept.undoes)
    return (
        int(one.trigger.background),
        one.rank,
        int(concept.yields > 0),
        int(not repairs),
        -severity,
        -one.trigger.term.weight,
        one.trigger.first,
    )


def article_initiator(
    main: Event, mutual: bool, dyad: tuple[str, str]
) -> str | Literal["both", "other"] | None:
    """Whose act the main happening is: an alpha-3 code of the dyad, `both`, `other` or None."""
    if mutual:
        return "both"
    if main.initiator is None:
        return None
    return main.initiator if main.initiator in dyad else "other"
