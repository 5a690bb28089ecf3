"""From what was read to what happened: the terms that count, with their parties and evidence."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from worker.classify.actors import Mention
from worker.classify.events import ASIDE, Happening
from worker.classify.lexicon import Concept, LanguagePack, Lexicon
from worker.classify.reading import (
    Read,
    clause,
    deaths_of,
    of_press,
    passive,
    said_before,
    said_behind,
)
from worker.classify.record import Evidence
from worker.classify.relevance import Ties
from worker.classify.role_weights import Setting
from worker.classify.roles import Parties, parties
from worker.classify.speech import of_both, source, speaker
from worker.classify.triggers import Trigger, governs, spoken_of, triggers

#: A term of this weight or more counts in the text by itself; in the headline one less will do.
_TEXT_WEIGHT = 3
_TITLE_WEIGHT = 2


def happenings(
    fields: Sequence[Read], pack: LanguagePack, lexicon: Lexicon, about: frozenset[str]
) -> list[Happening]:
    """What the fields say happened; `about` are the dyad's sides that the article names."""
    return [one for field in fields for one in _of(field, pack, lexicon, about)]


def _of(
    field: Read, pack: LanguagePack, lexicon: Lexicon, about: frozenset[str]
) -> list[Happening]:
    found = spoken_of(
        triggers(field.words, field.hits, field.quoted, pack, lexicon), pack.verb_final
    )
    told = [
        happening
        for one in found
        if _counts(one, field, lexicon)
        for happening in _told_of(_happening(one, field, pack, lexicon, about), field, lexicon)
    ]
    told = [_as_accused(one, told, pack.verb_final, lexicon) for one in told]
    return [*told, *_announced(told, field, lexicon)]


def _announced(told: Sequence[Happening], field: Read, lexicon: Lexicon) -> list[Happening]:
    """The accusation that lies in what one side announces of the other: `Baku prosecutors: the
    airliner was hit by a Russian missile`."""
    concept = lexicon.concepts.get("accusation")
    by = source(field, lexicon.dyad) if field.name == "title" else None
    if concept is None or by is None or by.side is None:
        return []
    accused = lexicon.other(by.side)
    return [
        replace(
            act,
            trigger=replace(act.trigger, concept=concept),
            parties=Parties(by.side, accused),
            deaths=False,
            of_press=False,
        )
        for act in told
        if act.parties.initiator == accused and _is_harm(act.trigger.concept)
    ][:1]


def _is_harm(concept: Concept) -> bool:
    return concept.direction == "escalatory" and concept.severity > 1


def _as_accused(
    act: Happening, told: Sequence[Happening], verb_final: bool, lexicon: Lexicon
) -> Happening:
    """An act that somebody is accused of is his: `Baku accuses Moscow of hacking`."""
    for words in told:
        accused = words.parties.target
        if (
            words.trigger.concept.accuses
            and accused in lexicon.dyad
            and governs(words.trigger, act.trigger, verb_final)
        ):
            suffers = act.parties.target if act.parties.target != accused else None
            return replace(act, parties=Parties(accused, suffers or lexicon.other(accused)))
    return act


def _counts(trigger: Trigger, field: Read, lexicon: Lexicon) -> bool:
    """Whether a term says enough where it stands, of somebody of the dyad."""
    in_lead = field.leads(trigger.sentence)
    vague = field.name == "title" or trigger.concept.roles == "statement"
    weight = trigger.term.weight
    if weight < (_TITLE_WEIGHT if vague else _TEXT_WEIGHT) or trigger.sentence > field.fresh:
        return False
    here = {one.side for one in field.named if one.sentence == trigger.sentence}
    ours = sum(1 for side in lexicon.dyad if side in here)
    if in_lead:
        return ours >= 1 or not here or trigger.concept.abroad
    return ours == 2 and not trigger.background


def _happening(
    trigger: Trigger,
    field: Read,
    pack: LanguagePack,
    lexicon: Lexicon,
    about: frozenset[str],
) -> Happening:
    start, end = field.words.span(trigger.first, trigger.last)
    within = clause(trigger, field, pack.verb_final)
    here = _named_with(trigger, field)
    setting = Setting(
        trigger.first,
        trigger.last,
        here,
        passive(trigger, field),
        pack.verb_final,
        within,
        said_behind(trigger, field) if pack.verb_final else False,
        bisect_left(field.words.sentences, trigger.sentence),
        None if pack.verb_final else said_before(trigger, field),
    )
    deaths = deaths_of(trigger, field, pack)
    if deaths and trigger.concept.deadly:
        trigger = replace(trigger, background=False)
    rank = 0 if field.name == "title" else 1 if field.leads(trigger.sentence) else 2
    if field.name == "text" and trigger.term.weight < _TEXT_WEIGHT:
        rank = ASIDE
    return Happening(
        trigger,
        parties(trigger.concept, setting, lexicon, about),
        Evidence(field.name, start, end, trigger.term.name),
        deaths,
        rank,
        of_press(field, within),
    )


def _told_of(one: Happening, field: Read, lexicon: Lexicon) -> list[Happening]:
    """The same as the headline's speaker tells it, if it has one; a disaster of which he speaks
    stays beside his words as what they are about."""
    words = one.trigger.concept.roles == "statement"
    by = speaker(field, lexicon.dyad, ("person", "body") if words else ("person",))
    if one.parties.mutual:
        return [_as_told_by(one, by, field, lexicon)]
    said = _as_said(one, by, lexicon)
    if one.trigger.concept.name not in said.trigger.concept.because_of:
        return [said]
    return [said, replace(one, trigger=replace(one.trigger, background=True))]


def _announces(one: Mention) -> bool:
    """Whether a name before a headline's colon is who says what follows, and no place or party."""
    return one.actor.kind in ("body", "person") or one.head == "bodies"


def _as_told_by(one: Happening, by: Mention | None, field: Read, lexicon: Lexicon) -> Happening:
    """What both sides share, told by a headline's speaker: his own words, unless he names both
    as those who meet."""
    if by is None or one.trigger.first <= by.last or of_both(field, lexicon.dyad, by.last):
        return one
    return replace(one, parties=Parties(by.side, mutual=True))


def _named_with(trigger: Trigger, field: Read) -> list[Mention]:
    """Who is named in the trigger's sentence; who only told of an act has no part in it."""
    here = [one for one in field.named if one.sentence == trigger.sentence]
    if field.name == "text" or trigger.concept.roles == "statement":
        return here
    announced = field.colon
    if announced is not None and trigger.first > announced:
        here = [one for one in here if one.first > announced or not _announces(one)]
    until = field.told_by
    return [one for one in here if one.first < until or trigger.last >= until]


def _as_said(one: Happening, by: Mention | None, lexicon: Lexicon) -> Happening:
    """What the headline's speaker says: his own words, or what he accuses the other side of."""
    if by is None or by.side is None or one.trigger.first <= by.last:
        return one
    spoken = Parties(by.side, lexicon.other(by.side))
    if one.trigger.concept.roles == "statement":
        return replace(one, parties=spoken)
    accusation = lexicon.concepts.get("accusation")
    hostile = one.trigger.concept.direction == "escalatory"
    if accusation is None or not hostile or one.parties.initiator == by.side:
        return one
    trigger = replace(one.trigger, concept=accusation, background=False)
    return replace(one, trigger=trigger, parties=spoken, deaths=False, of_press=False)


def ties(told: Sequence[Happening], lexicon: Lexicon) -> Ties:
    """What the happenings of headline and lead say of the two sides."""
    front = [one for one in told if one.rank < 2]
    return Ties(
        links=sum(
            1 for one in front if {one.parties.initiator, one.parties.target} == set(lexicon.dyad)
        ),
        together=any(one.parties.mutual for one in front),
        abroad=any(one.trigger.concept.abroad for one in front),
        spoken=any(one.rank == 0 and one.trigger.concept.roles == "statement" for one in front),
    )
