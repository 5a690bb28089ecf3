"""Whether an article is about the two countries: a score between 0 and 1, and why, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from worker.classify.actors import Mention
from worker.classify.score import Part, bounded, total

THRESHOLD = 0.5
#: Countries in a row, two words apart at most, that make a list where the dyad has but one in it.
_LIST = 3
_NEXT_IN_LIST = 2


@dataclass(frozen=True, slots=True)
class Field:
    """The mentions of one field, where its lead ends (the first sentence beyond), and how many
    words of sport, of other topics and of mediation it has."""

    mentions: Sequence[Mention]
    lead: int
    sport: int = 0
    offtopic: int = 0
    mediation: int = 0


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score`, 0 to 1, is the sum of the points of its `parts`; `reason` names what decided."""

    score: float
    reason: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Ties:
    """What the happenings of headline and lead say of the two sides.

    `links`: how many are acts of one towards the other; `together`: both share in one; `abroad`:
    one may have happened in a third country, which then does not prevail. `spoken`: the headline
    tells hostile words of somebody, a third country perhaps, about one of them.
    """

    links: int = 0
    together: bool = False
    abroad: bool = False
    spoken: bool = False


def unrelated(reason: str) -> Relevance:
    """An article that cannot be relevant, and why not."""
    return Relevance(0.0, reason, ((reason, 0.0),))


def topical(found: Relevance, threshold: float = THRESHOLD) -> Relevance:
    """The same, lifted to the threshold: every article of a topical source is relevant."""
    lift = max(0.0, threshold - found.score)
    reason = "its source is topical"
    return Relevance(found.score + lift, reason, (*found.parts, (reason, lift)))


def relevance(title: Field, text: Field, dyad: tuple[str, str], ties: Ties) -> Relevance:
    """How much the article is about the dyad.

    The base is how close the two sides come to each other: in the headline, in the lead, in the
    text. Third countries that prevail, sport, and names in an enumeration take away from it; an
    event between the two sides adds to it.
    """
    heads, body = _unlisted(title.mentions, dyad), _unlisted(text.mentions, dyad)
    lead = [one for one in body if one.sentence < text.lead]
    missing = [side for side in dyad if not _present(side, [*heads, *body])]
    if missing:
        return unrelated(f"{' and '.join(missing)} not named outside of lists")
    front = [*heads, *lead]
    parts = [_closeness(heads, lead, body, dyad, ties)]
    if ties.links:
        parts.append(("with an event between them", 0.1 * min(ties.links, 2)))
    elif ties.abroad:
        parts.append(("with a crash that concerns both", 0.1))
    third = _third(heads, lead, dyad, ties)
    begins = not (ties.links or ties.spoken) and _third_begins(heads, dyad)
    if begins:
        parts.append(("but a third country begins the headline", -0.4))
    elif third and not (ties.abroad and _strength(front, dyad)):
        parts.append(("but third countries prevail", -third))
    if title.mediation and any(_is_third(one, dyad) for one in front):
        parts.append(("but one side only mediates for others", -0.4))
    if title.offtopic:
        parts.append(("but its topic is another", -0.45))
    sport = _sport(title, text, ties)
    if sport:
        parts.append(("but it is about sport", -sport))
    kept = bounded(parts, 0.0, 1.0)
    return Relevance(total(kept), ", ".join(name for name, _ in parts), kept)


def _sport(title: Field, text: Field, ties: Ties) -> float:
    """What words of sport take away: in the text of an act
    between the two they come from the page around it."""
    if title.sport:
        return 0.45
    if ties.links or ties.abroad:
        return 0.0
    return 0.45 if text.sport >= 2 else 0.2 if text.sport else 0.0


def _unlisted(named: Sequence[Mention], dyad: tuple[str, str]) -> list[Mention]:
    """The mentions that do not stand in a list of countries of which the dyad has only one."""
    runs: list[list[Mention]] = []
    for one in named:
        last = runs[-1][-1] if runs else None
        if last and last.sentence == one.sentence and one.first - last.last <= _NEXT_IN_LIST:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [one for run in runs if not _is_list(run, dyad) for one in run if not one.listed]


def _is_list(run: Sequence[Mention], dyad: tuple[str, str]) -> bool:
    sides = {side for one in run for side in one.actor.sides}
    return len(sides) >= _LIST and len(sides & set(dyad)) == 1


def _present(side: str, named: Sequence[Mention]) -> bool:
    return any(side in one.actor.sides and one.actor.weight for one in named)


def _closeness(
    heads: Sequence[Mention],
    lead: Sequence[Mention],
    body: Sequence[Mention],
    dyad: tuple[str, str],
    ties: Ties,
) -> Part:
    """How close the two sides come to each other, as points. What says less than a common
    headline needs an event of the two, or sentences that name both."""
    acting = _parties_of(heads, dyad)
    in_title = _strength(acting, dyad)
    if in_title >= 0.4:
        return "both sides in the headline", 0.55 + 0.3 * min(1.0, in_title)
    joint = _joint_sentences(body, dyad)
    tied = ties.links or ties.together or ties.abroad
    near = _nearest(lead, dyad)
    named = any(side in one.actor.sides for one in heads for side in dyad)
    if named and near >= 0.6:
        return "one side in the headline, both in the lead", 0.68 + 0.03 * min(joint, 4)
    if named and _strength([*acting, *lead], dyad) >= 0.6:
        base = 0.56 if tied or joint else 0.44
        return "one side in the headline, the other in the lead", base + 0.03 * min(joint, 4)
    if near >= 0.6:
        base = 0.55 if tied and not heads else 0.42
        return "both sides in the lead", base + 0.06 * min(joint, 4)
    if named and joint:
        return "one side in the headline, both in the text", 0.3 + 0.06 * min(joint, 4)
    return "both sides only in the text", 0.1 + 0.06 * min(joint, 5)


def _nearest(lead: Sequence[Mention], dyad: tuple[str, str]) -> float:
    """The strength of the lead's sentence that brings the two sides closest."""
    sentences = {one.sentence for one in lead}
    return max(
        (_strength([one for one in lead if one.sentence == at], dyad) for at in sentences),
        default=0.0,
    )


def _parties_of(heads: Sequence[Mention], dyad: tuple[str, str]) -> Sequence[Mention]:
    """The headline's names; without a capital where it happens, if a third country is a party."""
    if not any(_is_third(one, dyad) and not _is_place(one) for one in heads):
        return heads
    return [one for one in heads if not (_is_place(one) and one.actor.kind == "capital")]


def _is_third(one: Mention, dyad: tuple[str, str]) -> bool:
    """Whether a name stands for another country, or for an organisation of many."""
    if one.actor.kind in ("place", "project"):
        return False
    return one.actor.kind == "org" or any(side not in dyad for side in one.actor.sides)


def _is_place(one: Mention) -> bool:
    return one.head is None and ("place" in one.marks or one.case == "locative")


def _third_begins(heads: Sequence[Mention], dyad: tuple[str, str]) -> bool:
    """Whether the headline begins with a third party that shares nothing with the two: `Kyiv
    proposes …`, unlike `Iran, Russia and Azerbaijan …`."""
    if not heads or not _is_third(heads[0], dyad):
        return False
    gaps = [later.first - one.last for one, later in pairwise(heads)]
    return any(gap > 2 for gap in gaps[: len(dyad)])


def _weight(one: Mention) -> float:
    """A place where something happens says less than a party to it."""
    return one.actor.weight * (0.55 if _is_place(one) and one.actor.kind == "capital" else 1.0)


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


def _third(
    heads: Sequence[Mention], lead: Sequence[Mention], dyad: tuple[str, str], ties: Ties
) -> float:
    """What third countries take away: one in the headline in the place of a side, or ones that
    outnumber the weaker side in headline and lead.
    """
    front = [*heads, *lead]
    ours = [sum(1 for one in front if side in one.actor.sides) for side in dyad]
    theirs = Counter(
        side
        for one in front
        if _is_third(one, dyad)
        for side in one.actor.sides or (one.actor.id,)
        if side not in dyad
    )
    most = max(theirs.values(), default=0)
    titled = any(_is_third(one, dyad) for one in heads)
    if titled and any(all(side not in one.actor.sides for one in heads) for side in dyad):
        only_bodies = not any(one.actor.sides for one in heads if _is_third(one, dyad))
        return 0.15 if only_bodies and ties.links else 0.25
    if most <= min(ours):
        return 0.0
    return 0.3 if most > max(ours) or min(ours) == 0 else 0.2
