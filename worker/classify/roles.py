"""Who did what to whom: every mention of a sentence is weighed as doer and as target.

The weights are grammar-light: case endings, prepositions and postpositions, the noun that a name
belongs to, word order, voice. What they do not show stays None.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker.classify.actors import Mention
from worker.classify.lexicon import Concept, Lexicon
from worker.classify.role_weights import Setting, as_doer, as_target, distance, located

#: Below these a side is not named as doer or as target.
DOER_NEEDS = 1.8
TARGET_NEEDS = 1.6
#: From here on a target is sure enough to infer the doer from it.
SURE_TARGET = 2.4

#: Who acts and who suffers mostly stands in the clause of the act.
_SAME_CLAUSE = 0.8
#: Words from one speaker's name to another's.
_NEXT = 2
#: The side of an organisation of many: it acts, and is no country.
NOBODY = ""


#: A side and what it weighs.
_Weighed = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Parties:
    """Initiator and target (alpha-3, None where unknown); `mutual`: both sides together."""

    initiator: str | None = None
    target: str | None = None
    mutual: bool = False


def parties(
    concept: Concept, setting: Setting, lexicon: Lexicon, around: frozenset[str]
) -> Parties:
    """The parties of one trigger; `around` are the dyad's sides that the article is about."""
    if concept.roles == "mutual":
        return Parties(initiator=_who_says(setting, lexicon), mutual=True)
    if concept.roles == "own":
        return Parties(initiator=_owner(setting, lexicon))
    if concept.roles == "none":
        return Parties()
    if concept.roles == "envoy":
        found = _envoy(setting, lexicon)
        if found.target:
            return found
    doer, target = _pair(setting, concept)
    if any(_foreign(one, concept, lexicon) for one in setting.mentions):
        around = frozenset()  # a third party is in play: what is not said stays unknown
    sure = target is not None and target[1] >= SURE_TARGET
    found = Parties((doer and doer[0]) or None, (target and target[0]) or None)
    if found.target is None and _strikes_elsewhere(setting, concept, lexicon):
        return found
    return _completed(found, sure, concept, lexicon, around)


def _who_says(setting: Setting, lexicon: Lexicon) -> str | None:
    """Who tells of what both share, as in `Peskov says that ties improve`: those are his words."""
    if not setting.reported and setting.said_at is None:
        return None
    until = setting.first if setting.said_at is None else setting.said_at
    speakers = [
        one
        for one in setting.mentions
        if one.side in lexicon.dyad and _is_subject(one) and one.last < until
    ]
    if setting.verb_final and speakers:
        speakers = [one for one in speakers if one.first <= speakers[0].last + _NEXT]
    return speakers[0].side if len({one.side for one in speakers}) == 1 else None


def _owner(setting: Setting, lexicon: Lexicon) -> str | None:
    """Whose troops they are: the nearest that is named, and not as a place."""
    ours = [
        one
        for one in setting.mentions
        if one.side in lexicon.dyad and one.actor.kind not in ("place", "capital")
    ]
    nearest = min(ours, key=lambda one: distance(one, setting), default=None)
    return nearest.side if nearest else None


def doer_of(
    named: Sequence[Mention], lexicon: Lexicon, joined: Callable[[Mention, Mention], bool]
) -> str | None:
    """Whose act a headline without any known happening tells: its subject's, or of `both` where
    the two are joined by `and`; None where nothing shows it."""
    subjects = [one for one in named if one.side and _is_subject(one)]
    if not subjects or subjects[0].side not in lexicon.dyad:
        return None
    first = subjects[0]
    other = next((one for one in subjects[1:] if one.side != first.side), None)
    return "both" if other and joined(first, other) else first.side


def _is_subject(one: Mention) -> bool:
    """Whether a name may be who acts: bare, in no part of a place, a target or an owner; or a
    body in which something was said, where the headline begins so."""
    if one.actor.kind == "body" and one.first <= 1 and one.marks == {"place"}:
        return True
    bare = one.case in (None, "nominative", "ergative") or one.head == "bodies"
    apart = one.marks & {"target", "place", "source", "owned"}
    kind = one.actor.kind in ("country", "capital", "person", "body", "group")
    return bare and kind and not apart and not one.listed and one.head in (None, "bodies")


def _pair(setting: Setting, concept: Concept) -> tuple[_Weighed | None, _Weighed | None]:
    """Doer and target, of two sides: where both fall on one, what weighs more together."""
    target = _best(setting, concept, as_target, TARGET_NEEDS, None)
    doer = _best(setting, concept, as_doer, DOER_NEEDS, None)
    if not (doer and target and doer[0] == target[0]):
        return doer, target
    other_target = _best(setting, concept, as_target, TARGET_NEEDS, doer[0])
    other_doer = _best(setting, concept, as_doer, DOER_NEEDS, target[0])
    acting = doer[1] + (other_target[1] if other_target else 0.0)
    suffering = target[1] + (other_doer[1] if other_doer else 0.0)
    return (doer, other_target) if acting >= suffering else (other_doer, target)


def _foreign(one: Mention, concept: Concept, lexicon: Lexicon) -> bool:
    """Whether a mention is of a third party that is more than the place of it all."""
    if one.side is None:
        return one.actor.kind == "org"
    return one.side not in lexicon.dyad and not located(one, concept)


def _strikes_elsewhere(setting: Setting, concept: Concept, lexicon: Lexicon) -> bool:
    """Whether force falls on a place of a third country: it need not strike the other side."""
    return concept.category == "military_incident" and any(
        one.side is not None and one.side not in lexicon.dyad and located(one, concept)
        for one in setting.mentions
    )


def _completed(
    found: Parties, sure: bool, concept: Concept, lexicon: Lexicon, around: frozenset[str]
) -> Parties:
    """What one side of a hostile act says of the other, where the article is about both."""
    doer, target = found.initiator, found.target
    hidden = doer is None and target and sure and concept.roles != "statement"
    if hidden and target and lexicon.other(target) in around:
        doer = lexicon.other(target)
    if target is None and doer and lexicon.other(doer) in around:
        target = lexicon.other(doer)
    return Parties(doer, target)


def _envoy(setting: Setting, lexicon: Lexicon) -> Parties:
    """An envoy's own country is the target; the host, named or not, acts."""
    owners = [
        one
        for one in setting.mentions
        if one.head == "envoys" and one.side and "posted" not in one.marks
    ]
    if not owners:
        return Parties()
    owner = min(owners, key=lambda one: (not one.possessive, distance(one, setting)))
    target = owner.side
    hosts = [
        one.side
        for one in setting.mentions
        if one.side and one.side != target and one.head != "envoys"
        and one.actor.kind in ("country", "capital", "body", "person")
    ]  # fmt: skip
    if target is None:
        return Parties()
    host = lexicon.other(target) if target in lexicon.dyad and (
        not hosts or lexicon.other(target) in hosts
    ) else next(iter(hosts), None)  # fmt: skip
    return Parties(host, target)


def _best(
    setting: Setting,
    concept: Concept,
    weigh: Callable[[Mention, Setting, Concept], float],
    needed: float,
    excluded: str | None,
) -> _Weighed | None:
    best: _Weighed | None = None
    for one in setting.mentions:
        side = NOBODY if one.actor.kind == "org" else one.side
        if side is None or side == excluded or one.listed:
            continue
        weight = weigh(one, setting, concept) + (_SAME_CLAUSE if setting.nearby(one) else 0.0)
        if weight >= needed and (best is None or weight > best[1]):
            best = side, weight
    return best
