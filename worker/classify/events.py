"""From triggers to events: what happened, between whom, how grave, and which is the main one."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from worker.classify.lexicon import Concept
from worker.classify.record import Direction, Event, Evidence
from worker.classify.roles import Parties
from worker.classify.triggers import Trigger

#: The rank of vague words in the text: they only join what they belong to.
ASIDE = 3


@dataclass(frozen=True, slots=True)
class Happening:
    """A trigger with its parties and its evidence, before happenings are merged into events."""

    trigger: Trigger
    parties: Parties
    evidence: Evidence
    deaths: bool
    rank: int
    """0 the headline, 1 the lead, 2 the rest, `ASIDE` what is too vague to stand alone."""
    of_press: bool = False
    """Journalists or a newsroom stand in its clause."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """A happening with the direction and the severity that hold for it in this article.

    `repaired`: something else in the article makes it good.
    """

    happening: Happening
    direction: Direction
    severity: int
    repaired: bool = False

    @property
    def concept(self) -> Concept:
        return self.happening.trigger.concept

    @property
    def background(self) -> bool:
        return self.happening.trigger.background and not self.repaired


def merged(
    happenings: Sequence[Happening], concepts: Mapping[str, Concept], dyad: tuple[str, str]
) -> list[Event]:
    """One event a concept and parties, the main one marked, in order of importance."""
    kept = _informed(_foreground(_repaired(happenings, concepts), dyad))
    groups: dict[tuple[str, str | None, str | None], list[_Settled]] = {}
    for one in sorted(kept, key=_importance):
        groups.setdefault(_key(one.happening, groups), []).append(one)
    events = [_event(members) for members in groups.values()]
    press = {members[0].concept.name for members in groups.values() if _of_press(members)}
    events += _implied(events, press, concepts)
    return [replace(event, main=at == 0) for at, event in enumerate(events)]


def _of_press(members: Sequence[_Settled]) -> bool:
    return any(one.happening.of_press for one in members)


def _implied(
    events: Sequence[Event], press: AbstractSet[str], concepts: Mapping[str, Concept]
) -> list[Event]:
    """What holds because something else does, where no event says so already.

    `press`: the concepts of what struck the press.
    """
    told = {event.category for event in events}
    implied: list[Event] = []
    for event in events:
        concept = concepts[event.concept]
        for name in (concept.also, concept.of_press if event.concept in press else None):
            also = concepts.get(name or "")
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


def _event(members: Sequence[_Settled]) -> Event:
    first = members[0].happening
    concept = members[0].concept
    spans = _longest([one.happening.evidence for one in members])
    return Event(
        category=concept.category,
        concept=concept.name,
        initiator=first.parties.initiator,
        target=first.parties.target,
        direction=members[0].direction,
        severity=max(one.severity for one in members),
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


def _foreground(settled: Sequence[_Settled], dyad: tuple[str, str]) -> list[_Settled]:
    """What is news: without the background, but for what is its reason; what headline and lead
    tell before what the rest does; without routine where there is friction."""
    firm = [one for one in settled if one.happening.rank != ASIDE]
    told = [one for one in firm if not one.background] or firm
    front = [one for one in told if one.happening.rank < 2] or told
    news = _of_one_side([one for one in front if not _elsewhere(one, dyad)] or front)
    friction = any(one.direction == "escalatory" for one in news)
    kept = [one for one in news if not (friction and one.concept.yields == 2)] or news
    acts = any(one.direction == "escalatory" and one.severity > 1 for one in kept)
    kept = [one for one in kept if not (acts and _is_mood(one))]
    return kept + [one for one in settled if one not in kept and _belongs(one, kept)]


def _of_one_side(news: Sequence[_Settled]) -> list[_Settled]:
    """Without what the lead says the other side has done: that is what the headline answers to,
    unless it is a protest against something grave."""
    heads = [one for one in news if one.happening.rank == 0 and one.concept.roles != "mutual"]
    doers = {one.happening.parties.initiator for one in heads} - {None}
    grave = any(one.concept.category == "military_incident" for one in heads)
    return [
        one
        for one in news
        if one.happening.rank == 0
        or not doers
        or one.repaired
        or one.happening.parties.initiator in (None, *doers)
        or (grave and one.concept.roles == "envoy")
    ]


def _is_mood(one: _Settled) -> bool:
    """Tension between the two, which is no news beside an act."""
    return one.concept.roles == "mutual" and one.direction == "escalatory"


def _informed(kept: Sequence[_Settled]) -> list[_Settled]:
    """The same, where a headline names nobody, with the parties that the lead knows."""
    known: dict[str, set[Parties]] = {}
    for one in kept:
        if one.happening.parties.initiator:
            known.setdefault(one.concept.name, set()).add(one.happening.parties)
    return [
        one
        if one.happening.parties.initiator or one.happening.parties.mutual
        else _with_parties(one, known.get(one.concept.name, set()))
        for one in kept
    ]


def _with_parties(one: _Settled, told: AbstractSet[Parties]) -> _Settled:
    """With the parties of the same happening told elsewhere, if those agree on who acted."""
    if len({found.initiator for found in told}) != 1:
        return one
    fullest = max(told, key=lambda found: found.target or "")
    return replace(one, happening=replace(one.happening, parties=fullest))


def _elsewhere(one: _Settled, dyad: tuple[str, str]) -> bool:
    """Whether the text tells, by the way, what a third country does or suffers."""
    found = one.happening.parties
    third = {found.initiator, found.target} - {None, *dyad}
    return bool(third) and one.happening.rank > 0


def _belongs(one: _Settled, kept: Sequence[_Settled]) -> bool:
    """Whether it is the reason of what is kept, or the words that go with it."""
    rank, name = one.happening.rank, one.concept.name
    if one.background:
        return rank < 2 and any(name in other.concept.because_of for other in kept)
    return any(name in other.concept.voices for other in kept)


def _repaired(happenings: Sequence[Happening], concepts: Mapping[str, Concept]) -> list[_Settled]:
    """Every happening with direction and severity: its own, or those of what makes it good."""
    settled = []
    for one in happenings:
        healer = next((other for other in happenings if _heals(other, one)), None)
        if healer and one.trigger.concept.severity <= 1:
            continue  # the words that led to the repair are no happening of their own
        concept = healer.trigger.concept if healer else one.trigger.concept
        repaired = healer is not None and concept.direction == "de_escalatory"
        severity = _severity(one, concept)
        also = concepts.get(one.trigger.concept.also or "")
        if repaired and also and not one.trigger.concept.undoes:
            # Whoever is free again is no news of the press: what is left is that he was held.
            one = replace(one, trigger=replace(one.trigger, concept=also))
        one = replace(one, of_press=one.of_press and not repaired)
        settled.append(_Settled(one, concept.direction, severity, repaired))
    return settled


def _heals(healer: Happening, harmed: Happening) -> bool:
    return (
        harmed.trigger.concept.name in healer.trigger.concept.undoes
        and healer.rank <= max(harmed.rank, 1 if harmed.trigger.concept.yields == 2 else 0)
        and healer.rank != ASIDE
        and not healer.trigger.background
    )


def _severity(one: Happening, concept: Concept) -> int:
    if one.trigger.words_only:
        return min(1, concept.severity)
    if one.deaths and concept.deadly:
        return 4
    return concept.severity


def _importance(one: _Settled) -> tuple[int, ...]:
    """In one field repair comes first, then acts by severity, then words, then routine."""
    repairs = one.concept.direction == "de_escalatory" or bool(one.concept.undoes)
    return (
        int(one.happening.trigger.background),
        one.happening.rank,
        int(one.concept.yields > 0),
        int(not repairs),
        -one.severity,
        -one.happening.trigger.term.weight,
        one.happening.trigger.first,
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
