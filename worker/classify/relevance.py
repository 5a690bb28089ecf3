"""Whether an article is about the two countries: a score between 0 and 1, and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.classify.actors import Mention

THRESHOLD = 0.5
#: Sentences of the text that count as its lead.
LEAD = 2


@dataclass(frozen=True, slots=True)
class Field:
    """The mentions of one field, and how many words of sport or of other topics it has."""

    mentions: Sequence[Mention]
    sport: int = 0
    offtopic: int = 0


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` is comparable between articles; `reason` names what decided."""

    score: float
    reason: str


def relevance(title: Field, text: Field, dyad: tuple[str, str], event_links: int) -> Relevance:
    """How much the article is about the dyad.

    The base is how close the two sides come to each other: in the headline, in the lead, in the
    text. Third countries that prevail, sport, and names in an enumeration take away from it; an
    event between the two sides adds to it.
    """
    heads = [one for one in title.mentions if not one.listed]
    lead = [one for one in text.mentions if one.sentence < LEAD and not one.listed]
    body = [one for one in text.mentions if not one.listed]
    present = {side: _presence(side, heads, lead, body) for side in dyad}
    missing = [side for side in dyad if present[side] == 0.0]
    if missing:
        return Relevance(0.0, f"{' and '.join(missing)} not named outside of lists")
    base, reason = _closeness(heads, lead, body, dyad)
    if event_links:
        base += 0.1 * min(event_links, 2)
        reason += ", with an event between them"
    third = _third(heads, lead, dyad)
    if third:
        base -= third
        reason += ", but third countries prevail"
    if title.offtopic:
        base -= 0.45
        reason += ", but its topic is another"
    if title.sport or text.sport:
        base -= 0.45 if title.sport or text.sport >= 2 else 0.2
        reason += ", but it is about sport"
    return Relevance(max(0.0, min(1.0, base)), reason)


def _presence(
    side: str, heads: Sequence[Mention], lead: Sequence[Mention], body: Sequence[Mention]
) -> float:
    weights = [
        one.actor.weight * (3.0 if group is heads else 1.0)
        for group in (heads, lead, body)
        for one in group
        if side in one.actor.sides
    ]
    return sum(weights)


def _closeness(
    heads: Sequence[Mention],
    lead: Sequence[Mention],
    body: Sequence[Mention],
    dyad: tuple[str, str],
) -> tuple[float, str]:
    in_title = _strength(heads, dyad)
    if in_title >= 0.4:
        return 0.55 + 0.3 * min(1.0, in_title), "both sides in the headline"
    joint = _joint_sentences(body, dyad)
    near = max(
        (_strength([m for m in lead if m.sentence == s], dyad) for s in range(LEAD)), default=0
    )
    with_lead = _strength([*heads, *lead], dyad)
    named = any(side in one.actor.sides for one in heads for side in dyad)
    if named and near >= 0.6:
        return 0.68 + 0.03 * min(joint, 4), "one side in the headline, both in the lead"
    if named and with_lead >= 0.6:
        return 0.56 + 0.03 * min(joint, 4), "one side in the headline, the other in the lead"
    if near >= 0.6:
        return (0.42 if heads else 0.55) + 0.06 * min(joint, 4), "both sides in the lead"
    if named and joint:
        return 0.3 + 0.06 * min(joint, 4), "one side in the headline, both in the text"
    return 0.1 + 0.06 * min(joint, 5), "both sides only in the text"


def _weight(one: Mention) -> float:
    """A place where something happens says less than a party to it."""
    located = "place" in one.marks or one.case == "locative"
    return one.actor.weight * (0.55 if located and one.actor.kind == "capital" else 1.0)


def _strength(named: Sequence[Mention], dyad: tuple[str, str]) -> float:
    """The weaker side's strongest mention; 0 where a side is missing."""
    best = [
        max((_weight(one) for one in named if side in one.actor.sides), default=0.0)
        for side in dyad
    ]
    return min(best)


def _joint_sentences(body: Sequence[Mention], dyad: tuple[str, str]) -> int:
    by_sentence: dict[int, set[str]] = {}
    for one in body:
        by_sentence.setdefault(one.sentence, set()).update(one.actor.sides)
    return sum(1 for sides in by_sentence.values() if sides.issuperset(dyad))


def _third(heads: Sequence[Mention], lead: Sequence[Mention], dyad: tuple[str, str]) -> float:
    """What third countries take away: one in the headline in the place of a side, or ones that
    outnumber the weaker side in headline and lead.
    """
    front = [*heads, *lead]
    ours = [sum(1 for one in front if side in one.actor.sides) for side in dyad]
    theirs: dict[str, int] = {}
    for one in front:
        for side in one.actor.sides if one.actor.kind != "place" else ():
            if side not in dyad:
                theirs[side] = theirs.get(side, 0) + 1
    most = max(theirs.values(), default=0)
    titled = any(
        side not in dyad for one in heads if one.actor.kind != "place" for side in one.actor.sides
    )
    if titled and any(all(side not in one.actor.sides for one in heads) for side in dyad):
        return 0.25
    if most <= min(ours):
        return 0.0
    return 0.3 if most > max(ours) or min(ours) == 0 else 0.2
