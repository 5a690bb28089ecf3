"""Who did what to whom: every mention of a sentence is weighed as doer and as target.

The weights are grammar-light: case endings, prepositions and postpositions, the noun that a name
belongs to, word order, voice. What they do not show stays None.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker.classify.actors import Mention
from worker.classify.lexicon import Concept, Lexicon

#: Below these a side is not named as doer or as target.
DOER_NEEDS = 1.0
TARGET_NEEDS = 0.8

_DOER_KIND = {"country": 1.0, "capital": 1.2, "body": 1.5, "person": 1.2, "company": 0.4}
_DOER_CASE = {
    "nominative": 1.0, "genitive": -0.3, "accusative": -2.0, "dative": -2.0, "locative": -2.0,
    "ablative": -1.0, "instrumental": -0.7,
}  # fmt: skip
_TARGET_CASE = {
    "accusative": 2.0,
    "dative": 1.5,
    "ablative": 1.0,
    "genitive": 0.3,
    "instrumental": 0.3,
}
_DOER_HEAD = {"bodies": 1.5, "people": -2.5, "things": -2.5, "envoys": -0.5}
_TARGET_HEAD = {"bodies": -1.0, "people": 2.5, "things": 2.5, "envoys": 1.0}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a trigger stands in: its words, its sentence's mentions, voice and word order."""

    first: int
    last: int
    mentions: Sequence[Mention]
    passive: bool
    verb_final: bool


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
        return Parties(mutual=True)
    if concept.roles == "none":
        return Parties()
    if concept.roles == "envoy":
        found = _envoy(setting, lexicon)
        if found.target:
            return found
    target = _best(setting, concept, _as_target, TARGET_NEEDS, None)
    doer = _best(setting, concept, _as_doer, DOER_NEEDS, None)
    if doer and target and doer[0] == target[0]:
        if doer[1] >= target[1]:
            target = _best(setting, concept, _as_target, TARGET_NEEDS, doer[0])
        else:
            doer = _best(setting, concept, _as_doer, DOER_NEEDS, target[0])
    if any(
        one.side and one.side not in lexicon.dyad and not _located(one, concept)
        for one in setting.mentions
    ):
        around = frozenset()  # a third country is in play: what is not said stays unknown
    return _completed(doer and doer[0], target and target[0], concept, lexicon, around)


def _completed(
    doer: str | None, target: str | None, concept: Concept, lexicon: Lexicon, around: frozenset[str]
) -> Parties:
    """What one side of a hostile act says of the other, where the article is about both."""
    if doer is None and target and concept.roles != "statement" and lexicon.other(target) in around:
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
    owner = min(owners, key=lambda one: (not one.possessive, _distance(one, setting)))
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


def _distance(one: Mention, setting: Setting) -> int:
    if one.last < setting.first:
        return setting.first - one.last
    return max(0, one.first - setting.last)


def _best(
    setting: Setting,
    concept: Concept,
    weigh: Callable[[Mention, Setting, Concept], float],
    needed: float,
    excluded: str | None,
) -> tuple[str, float] | None:
    best: tuple[str, float] | None = None
    for one in setting.mentions:
        if one.side is None or one.side == excluded or one.listed:
            continue
        weight = weigh(one, setting, concept)
        if weight >= needed and (best is None or weight > best[1]):
            best = one.side, weight
    return best


def _as_doer(one: Mention, setting: Setting, concept: Concept) -> float:
    weight = _DOER_KIND.get(one.actor.kind, 0.0)
    weight += _DOER_CASE.get(one.case or "", 0.0) + _DOER_HEAD.get(one.head or "", 0.0)
    if "agent" in one.marks:
        weight += 4.0
    if setting.passive and one.case == "instrumental":
        weight += 2.5
    if "target" in one.marks:
        weight -= 3.0
    if _located(one, concept):
        if concept.roles == "statement" and one.last < setting.first:
            return 1.2  # in the ministry, in Moscow it was said
        return 1.6 if concept.roles in ("domestic", "accident") else weight - 2.0
    before = one.last < setting.first
    weight += 0.5 / (1 + one.first)
    if one.case == "ablative" and any(
        other.case == "dative" and other.side != one.side for other in setting.mentions
    ):
        weight += 2.0  # a warning *from* one *to* the other
    if setting.verb_final:
        return weight - 0.01 * _distance(one, setting)
    if setting.passive:
        weight -= 1.0 if before else 0.0
    else:
        weight += 1.0 if before else -1.0
    return weight - 0.01 * _distance(one, setting)


def _as_target(one: Mention, setting: Setting, concept: Concept) -> float:
    weight = _TARGET_CASE.get(one.case or "", 0.0) + _TARGET_HEAD.get(one.head or "", 0.0)
    if one.actor.kind in ("diaspora", "company", "media", "group") or (
        one.actor.kind == "person" and concept.roles == "domestic"
    ):
        weight += 1.0
    if "target" in one.marks:
        weight += 3.0
    if "agent" in one.marks:
        weight -= 4.0
    if _located(one, concept):
        weight -= 2.0
    behind = one.first > setting.last or one.first >= setting.first
    if not setting.verb_final:
        if setting.passive:
            weight += 1.5 if not behind and one.case in (None, "nominative") else 0.0
        else:
            weight += 1.2 if behind else -0.5
    return weight - 0.01 * _distance(one, setting)


def _located(one: Mention, concept: Concept) -> bool:
    """Whether the mention says where it happened, or whence somebody was driven."""
    if one.head in ("people", "things", "envoys"):
        return False
    whence = "source" in one.marks and concept.roles in ("domestic", "accident")
    return whence or "place" in one.marks or one.case == "locative" or one.actor.kind == "place"
