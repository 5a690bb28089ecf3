"""How much a mention looks like the doer of an act, and how much like its target."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.classify.actors import Mention
from worker.classify.lexicon import Concept

_DOER_KIND = {
    "country": 1.0, "capital": 1.2, "body": 1.5, "person": 1.2, "org": 1.0, "company": 0.4,
    "weapon": 3.0,
}  # fmt: skip
_DOER_CASE = {
    "nominative": 1.0, "genitive": -0.3, "accusative": -2.0, "dative": -2.0, "locative": -2.0,
    "ablative": -1.0, "instrumental": -0.7, "ergative": 2.5,
}  # fmt: skip
_TARGET_CASE = {
    "accusative": 2.0,
    "dative": 1.5,
    "ablative": 1.0,
    "genitive": 0.3,
    "instrumental": 0.3,
    "ergative": -3.0,
}
_DOER_HEAD = {"bodies": 1.5, "people": -2.5, "things": -2.5, "envoys": -0.5}
_TARGET_HEAD = {"bodies": -1.0, "people": 2.5, "things": 2.5, "envoys": 1.0}

#: Of these the place tells who acted: in Moscow, Moscow's police arrest.
_WHERE_TELLS = ("domestic", "measure", "accident")
#: Words from an owner to its act.
_NEXT = 2
#: Roots of what befalls persons.
_OF_PEOPLE = ("COERCE", "ASSAULT", "RETREAT")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a trigger stands in: its words, its sentence's mentions, voice and word order."""

    first: int
    last: int
    mentions: Sequence[Mention]
    passive: bool
    verb_final: bool
    clause: tuple[int, int]
    """The first and the last word of the trigger's clause."""
    reported: bool = False
    """A verb of saying stands behind the act: its subject speaks, and need not act."""
    begins: int = 0
    """The first word of the sentence."""
    said_at: int | None = None
    """Where a verb of saying stands before the act, in languages whose verbs are not last."""

    @property
    def ergative(self) -> bool:
        """Whether a doer is marked as such, so that the nominative is what suffers."""
        return any(one.case == "ergative" for one in self.mentions)

    @property
    def suffered(self) -> bool:
        """Whether a nominative is the subject of a passive that stands behind it."""
        return self.passive and self.verb_final

    def nearby(self, one: Mention) -> bool:
        """Whether a mention stands in the trigger's clause."""
        return self.clause[0] <= one.first and one.last <= self.clause[1]


def distance(one: Mention, setting: Setting) -> int:
    """Words between a mention and the act."""
    if one.last < setting.first:
        return setting.first - one.last
    return max(0, one.first - setting.last)


def as_doer(one: Mention, setting: Setting, concept: Concept) -> float:
    """How much speaks for the mention as the one who acts; below 0 it speaks against it."""
    weight = _DOER_KIND.get(one.actor.kind, -1.5)
    if one.actor.kind == "company" and concept.plover in ("ASSAULT", "COERCE"):
        weight -= 2.0  # firms neither raid nor shoot: they are raided and shot at
    weight += _DOER_CASE.get(one.case or "", 0.0) + _DOER_HEAD.get(one.head or "", 0.0)
    inside = setting.first <= one.first and one.last <= setting.last
    if "agent" in one.marks and (setting.verb_final or not inside):
        weight += 4.0
    if setting.passive and one.case == "instrumental":
        weight += 2.5
    if "target" in one.marks and not _owns_act(one, setting):
        weight -= 3.0
    if located(one, concept):
        if concept.roles == "statement" and one.last < setting.first:
            # In the ministry, in Moscow it was said: most surely where the sentence begins so.
            return 3.0 if one.first - setting.begins <= 1 else 1.2
        tells = concept.roles in _WHERE_TELLS and "target" not in one.marks
        return 1.4 if tells else weight - 2.0
    before = one.last < setting.first
    weight += 0.5 / (1 + one.first) + _by_grammar(one, setting, concept)
    weight += _by_flow(one, setting, concept)
    if setting.verb_final:
        return weight - 0.01 * distance(one, setting)
    if setting.passive:
        weight -= 1.0 if before else 0.0
    else:
        weight += 1.0 if before else -1.0
    return weight - 0.01 * distance(one, setting)


def _by_flow(one: Mention, setting: Setting, concept: Concept) -> float:
    """A warning goes *from* one *to* the other; goods that the other stops go the same way."""
    cases = {other.case for other in setting.mentions if other.side != one.side}
    if concept.roles == "measure":
        return 3.5 if one.case == "dative" and "ablative" in cases else 0.0
    return 2.0 if one.case == "ablative" and "dative" in cases else 0.0


def _by_grammar(one: Mention, setting: Setting, concept: Concept) -> float:
    """What case, voice and reported speech say of a doer in languages that mark them."""
    weight = 2.0 if "subject" in one.marks else 0.0
    bare = one.case in (None, "nominative")
    if bare and "agent" not in one.marks and (setting.ergative or setting.suffered):
        weight -= 2.2
    if setting.reported and concept.roles != "statement":
        inner = any(_subject_inside(other, setting) for other in setting.mentions)
        if _subject_inside(one, setting):
            weight += 3.0
        elif bare and (setting.passive or inner):
            weight -= 3.0
    return weight


def _subject_inside(one: Mention, setting: Setting) -> bool:
    """A genitive without a noun of its own: who acted, in `Rusya'nın uçağı düşürdüğünü`."""
    suffers = one.head in ("people", "things", "envoys")
    return one.possessive and not suffers and one.last < setting.first


def as_target(one: Mention, setting: Setting, concept: Concept) -> float:
    """How much speaks for the mention as the one acted upon; below 0 it speaks against it."""
    weight = _TARGET_CASE.get(one.case or "", 0.0)
    if concept.roles in ("statement", "envoy"):
        weight += 4.0 if _addressed(one, setting, concept) else 0.0
    else:
        weight += _TARGET_HEAD.get(one.head or "", 0.0) + _suffering(one, concept)
    if "target" in one.marks and not _owns_act(one, setting):
        weight += 3.0
    if "agent" in one.marks:
        weight -= 4.0
    whence = "source" in one.marks and one.head is None and concept.roles != "measure"
    if located(one, concept) or whence:
        weight -= 4.0
    if one.case == "nominative" and (setting.ergative or setting.suffered):
        weight += 1.8
    behind = one.first > setting.last or one.first >= setting.first
    if not setting.verb_final:
        if setting.passive:
            weight += 1.5 if not behind and one.case in (None, "nominative") else 0.0
        else:
            weight += 1.2 if behind else -0.5
    return weight - 0.01 * distance(one, setting)


def _addressed(one: Mention, setting: Setting, concept: Concept) -> bool:
    """Whether the words themselves name whom they are for: the end of `accuses Russia`, or who
    is to do what is asked, in `demands that Russia apologise`."""
    asked = concept.plover == "REQUEST" and setting.first <= one.first
    return one.last == setting.last or (asked and one.last <= setting.last)


def _owns_act(one: Mention, setting: Setting) -> bool:
    """Whether the act is the mention's own, so that a preposition before it governs the act:
    `comments on Russia's drone strikes`."""
    return one.head == "bodies" and 0 < setting.first - one.last <= _NEXT


def _suffering(one: Mention, concept: Concept) -> float:
    """What kind of actor is acted upon more often than it acts."""
    if one.actor.kind in ("diaspora", "company", "media", "group"):
        return 1.5
    return 1.0 if one.actor.kind == "person" and concept.plover in _OF_PEOPLE else 0.0


def located(one: Mention, concept: Concept) -> bool:
    """Whether the mention says where it happened, or whence somebody was driven."""
    if one.head in ("people", "envoys") or (one.head == "things" and "place" not in one.marks):
        return False
    if "target" in one.marks and one.actor.kind != "place":
        return False  # sent *to* Baku
    whence = "source" in one.marks and concept.roles in ("domestic", "accident")
    return whence or "place" in one.marks or one.case == "locative" or one.actor.kind == "place"
