"""Who did what to whom: every mention of a sentence is weighed as doer and as target.

The weights are grammar-light: case endings, prepositions and postpositions, the noun that a name
belongs to, word order, voice. What they do not show stays None.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker.classify.actors import Mention
from worker.classify.lexicon import Concept, Lexicon

#: Below these a side is not named as doer or as target.
DOER_NEEDS = 1.8
TARGET_NEEDS = 1.6
#: From here on a target is sure enough to infer the doer from it.
SURE_TARGET = 2.4

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

#: Who acts and who suffers mostly stands in the clause of the act.
_SAME_CLAUSE = 0.8
#: Of these the place tells who acted: in Moscow, Moscow's police arrest.
_WHERE_TELLS = ("domestic", "measure", "accident")
#: Words from an owner to its act.
_NEXT = 2
#: Roots of what befalls persons.
_OF_PEOPLE = ("COERCE", "ASSAULT", "RETREAT")
#: The side of an organisation of many: it acts, and is no country.
NOBODY = ""


#: A side and what it weighs.
_Weighed = tuple[str, float]


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
    nearest = min(ours, key=lambda one: _distance(one, setting), default=None)
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
    """Whether a name may be who acts: bare, in no part of a place, a target or an owner."""
    bare = one.case in (None, "nominative", "ergative")
    apart = one.marks & {"target", "place", "source", "owned"}
    kind = one.actor.kind in ("country", "capital", "person", "body", "group")
    return bare and kind and not apart and not one.listed and one.head in (None, "bodies")


def _pair(setting: Setting, concept: Concept) -> tuple[_Weighed | None, _Weighed | None]:
    """Doer and target, of two sides: where both fall on one, what weighs more together."""
    target = _best(setting, concept, _as_target, TARGET_NEEDS, None)
    doer = _best(setting, concept, _as_doer, DOER_NEEDS, None)
    if not (doer and target and doer[0] == target[0]):
        return doer, target
    other_target = _best(setting, concept, _as_target, TARGET_NEEDS, doer[0])
    other_doer = _best(setting, concept, _as_doer, DOER_NEEDS, target[0])
    acting = doer[1] + (other_target[1] if other_target else 0.0)
    suffering = target[1] + (other_doer[1] if other_doer else 0.0)
    return (doer, other_target) if acting >= suffering else (other_doer, target)


def _foreign(one: Mention, concept: Concept, lexicon: Lexicon) -> bool:
    """Whether a mention is of a third party that is more than the place of it all."""
    if one.side is None:
        return one.actor.kind == "org"
    return one.side not in lexicon.dyad and not _located(one, concept)


def _strikes_elsewhere(setting: Setting, concept: Concept, lexicon: Lexicon) -> bool:
    """Whether force falls on a place of a third country: it need not strike the other side."""
    return concept.category == "military_incident" and any(
        one.side is not None and one.side not in lexicon.dyad and _located(one, concept)
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


def _as_doer(one: Mention, setting: Setting, concept: Concept) -> float:
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
    if _located(one, concept):
        if concept.roles == "statement" and one.last < setting.first:
            # In the ministry, in Moscow it was said: most surely where the sentence begins so.
            return 3.0 if one.first - setting.begins <= 1 else 1.2
        return 1.4 if concept.roles in _WHERE_TELLS else weight - 2.0
    before = one.last < setting.first
    weight += 0.5 / (1 + one.first) + _by_grammar(one, setting, concept)
    weight += _by_flow(one, setting, concept)
    if setting.verb_final:
        return weight - 0.01 * _distance(one, setting)
    if setting.passive:
        weight -= 1.0 if before else 0.0
    else:
        weight += 1.0 if before else -1.0
    return weight - 0.01 * _distance(one, setting)


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


def _as_target(one: Mention, setting: Setting, concept: Concept) -> float:
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
    if _located(one, concept) or whence:
        weight -= 4.0
    if one.case == "nominative" and (setting.ergative or setting.suffered):
        weight += 1.8
    behind = one.first > setting.last or one.first >= setting.first
    if not setting.verb_final:
        if setting.passive:
            weight += 1.5 if not behind and one.case in (None, "nominative") else 0.0
        else:
            weight += 1.2 if behind else -0.5
    return weight - 0.01 * _distance(one, setting)


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


def _located(one: Mention, concept: Concept) -> bool:
    """Whether the mention says where it happened, or whence somebody was driven."""
    if one.head in ("people", "things", "envoys"):
        return False
    if "target" in one.marks and one.actor.kind != "place":
        return False  # sent *to* Baku
    whence = "source" in one.marks and concept.roles in ("domestic", "accident")
    return whence or "place" in one.marks or one.case == "locative" or one.actor.kind == "place"
