"""Who speaks in a headline, and whom it names together."""

from itertools import pairwise

from worker.classify.actors import Mention
from worker.classify.reading import Read

_SOURCES = ("person", "body", "capital", "country")


def speaker(
    field: Read, dyad: tuple[str, str], kinds: tuple[str, ...] = ("person",)
) -> Mention | None:
    """Who speaks in a headline such as `Peskov on the arrests: …`, if it is one of the dyad."""
    at = field.colon
    if at is None:
        return None
    return next((one for one in _outside(field, dyad) if _before(one, at, field, kinds)), None)


def source(field: Read, dyad: tuple[str, str]) -> Mention | None:
    """Which person, body or state of the dyad a headline names as its source: before its colon,
    or behind its last dash."""
    at, behind = field.colon, field.told_by
    for one in _outside(field, dyad):
        announced = at is not None and _before(one, at, field, ("person", "body"))
        if announced or (one.first >= behind and one.actor.kind in _SOURCES):
            return one
    return None


def _outside(field: Read, dyad: tuple[str, str]) -> list[Mention]:
    """The names of the dyad that stand outside of quotation marks."""
    return [one for one in field.named if one.side in dyad and one.first not in field.quoted]


def _before(one: Mention, at: int, field: Read, kinds: tuple[str, ...] = ("person",)) -> bool:
    """Whether a name before the colon behind word `at` is who speaks: persons have opinions,
    and so has a state, where the headline begins with it and the colon; what a body announces
    is taken for what it is."""
    kind = one.actor.kind
    state = kind in ("country", "capital") and one.last == at and one.first <= 1
    office = one.head == "envoys" or ("body" in kinds and one.head == "bodies")
    member = one.head == "people" and one.first == 0 and at == one.last + 1
    speaks = kind in kinds or state or office or member
    owns = one.possessive and one.last < at and one.head is None  # Zakharova's words
    return one.last <= at and speaks and not owns and field.words.sentences[at] == one.sentence


def of_both(field: Read, dyad: tuple[str, str], behind: int) -> bool:
    """Whether the two sides are named together behind a word: `Putin and Aliyev`."""
    ours = [one for one in field.named if one.side in dyad and one.first > behind]
    return any(
        one.side != other.side and joined(field, one, other) for one, other in pairwise(ours)
    )


def joined(field: Read, one: Mention, other: Mention) -> bool:
    """Whether only a hyphen or a word for `and` stands between two names."""
    if other.first == one.last + 1:
        return field.words.between(one.last, other.first).strip() in ("-", "–", "—")
    return other.first == one.last + 2 and any(
        cue.kind == "joins" and hit.first == one.last + 1 for cue, hit in field.cues
    )
