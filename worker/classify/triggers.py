"""What a field says happened: the terms found in it, with the guards that change their meaning."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from worker.classify.lexicon import GUARDS, Concept, Guard, LanguagePack, Lexicon, Term, Unless
from worker.classify.match import Hit
from worker.classify.words import Words

#: Words between a guard and what it guards.
NEAR = 6
#: Letters of a word that no ending begins before; those of `etmək` and `olmaq` are fewer.
_STEM = 3
_SHORT_STEM = 2
#: How the parties are found of what consists of words; see `roles.py`.
_WORDS = ("statement", "envoy", "mutual")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A term that holds in words `first` to `last`, as the concept that its guards made of it.

    `background`: told as the reason or the past of something else. `words_only`: threatened,
    planned or possible, so that its severity is that of words.
    """

    term: Term
    concept: Concept
    first: int
    last: int
    sentence: int
    background: bool = False
    words_only: bool = False


def triggers(
    text: Words,
    hits: Sequence[Hit],
    quoted: AbstractSet[int],
    pack: LanguagePack,
    lexicon: Lexicon,
) -> list[Trigger]:
    """The triggers of a field in reading order; negated and voided ones are gone.

    `quoted`: the places of words inside quotation marks.
    """
    guards: dict[int, list[tuple[Guard, Hit]]] = {}
    voided: list[tuple[Term, Hit]] = []
    terms: list[tuple[Term, Hit]] = []
    for hit in hits:
        entry = pack.entries[hit.pattern]
        if isinstance(entry, Term):
            terms.append((entry, hit))
        elif isinstance(entry, Guard):
            guards.setdefault(text.sentences[hit.first], []).append((entry, hit))
        elif isinstance(entry, Unless):
            voided.append((entry.term, hit))
    found = []
    for term, hit in terms:
        if any(term is other and _overlap(hit, at) for other, at in voided):
            continue
        sentence = text.sentences[hit.first]
        bare = Trigger(term, term.concept, hit.first, hit.last, sentence)
        near = [
            (guard, at)
            for guard, at in guards.get(sentence, ())
            if reaches(guard, at, bare, text) and not _spent(guard, at, bare, terms, pack, text)
        ]
        kinds = _carried(text, hit, pack) | {guard.kind for guard, _ in near}
        guarded = _guarded(_asked(bare, near), kinds, lexicon)
        if guarded:
            found.append(_as_told(guarded, quoted, lexicon))
    return sorted(_outweighed(found), key=lambda one: (one.first, one.last))


def _as_told(one: Trigger, quoted: AbstractSet[int], lexicon: Lexicon) -> Trigger:
    """An act that stands in quotation marks is somebody's words: an accusation, if anything."""
    outside = any(at not in quoted for at in range(one.first, one.last + 1))
    if outside or one.concept.roles in _WORDS:
        return one
    hostile = one.concept.direction == "escalatory"
    concept = lexicon.concepts.get("accusation", one.concept) if hostile else one.concept
    return replace(one, concept=concept, background=True)


def _outweighed(found: Sequence[Trigger]) -> list[Trigger]:
    """Without what lies inside a weightier term of another concept: `expel` in `expel envoys`."""
    return [
        one
        for one in found
        if not any(
            other.first <= one.first
            and one.last <= other.last
            and other.term.weight > one.term.weight
            and other.concept is not one.concept
            and other.concept.roles != "mutual"
            for other in found
        )
    ]


def spoken_of(found: Sequence[Trigger], verb_final: bool) -> list[Trigger]:
    """The same triggers; acts that somebody only speaks of are background.

    In `Baku condemns the killings` the words are the happening, and the killings what they are
    about. In `Baku accuses Moscow of killings` the killings are the happening.
    """
    statements = [
        one for one in found if one.concept.roles in ("statement", "envoy") and not one.background
    ]
    return [
        replace(one, background=True)
        if any(_only_said(one, words, verb_final) for words in statements)
        else one
        for one in found
    ]


def _only_said(act: Trigger, words: Trigger, verb_final: bool) -> bool:
    """Whether the words are the news, and not the act that they are about: an accusation makes
    its act the news, unless that is what the two have long been quarrelling about."""
    accuses = words.concept.accuses and act.concept.name not in words.concept.because_of
    return not accuses and governs(words, act, verb_final)


def governs(words: Trigger, act: Trigger, verb_final: bool) -> bool:
    """Whether an act is what the words of the same sentence are about."""
    if words.sentence != act.sentence or act.concept.roles in _WORDS:
        return False
    return act.last < words.first if verb_final else words.first < act.first


def _asked(bare: Trigger, near: Sequence[tuple[Guard, Hit]]) -> Trigger:
    """What is asked for, together with the asking, which parts who asks from who is asked."""
    asking = [at for guard, at in near if guard.kind == "demand"]
    if not (asking and bare.concept.demanded):
        return bare
    first = min(bare.first, *(at.first for at in asking))
    return replace(bare, first=first, last=max(bare.last, *(at.last for at in asking)))


def _spent(
    guard: Guard,
    at: Hit,
    bare: Trigger,
    terms: Sequence[tuple[Term, Hit]],
    pack: LanguagePack,
    text: Words,
) -> bool:
    """Whether what a reason's guard governs is another act: the one between them, where the word
    order or a postposition says so, or a noun, where this act is a verb with an ending."""
    if guard.kind != "background" or guard.reach == "anywhere":
        return False
    if guard.reach == "after":
        return any(bare.last < hit.first and hit.last < at.first for _, hit in terms)
    if pack.verb_final:
        return any(at.last < hit.first and hit.last < bare.first for _, hit in terms)
    finite = pack.suffixes.get("finite", ())
    return any(_carries(word, finite) for word in text.words[bare.first : bare.last + 1])


def _carried(text: Words, hit: Hit, pack: LanguagePack) -> set[str]:
    """The guards in the endings of a term's last word, and in languages whose verbs are last in
    those of the verb behind it: etiraf et-məli-dir."""
    word = text.words[hit.last]
    spelled = pack.spelled_out.get(hit.pattern, ())
    # What the term says itself changes nothing of what it says.
    kinds = set() if word.startswith(spelled) else _inside(word, pack)
    behind = hit.last + 1
    if not (pack.verb_final and pack.suffixes) or behind >= len(text.words):
        return kinds
    if text.between(hit.last, behind) != " ":
        return kinds
    return kinds | _inside(text.words[behind], pack, _SHORT_STEM)


def _inside(word: str, pack: LanguagePack, stem: int = _STEM) -> set[str]:
    """The guards that a word carries inside itself, as Turkic verbs do: saxlanıl-ma-yıb."""
    return {
        kind
        for kind, pieces in pack.suffixes.items()
        if kind in GUARDS and _carries(word, pieces, stem)
    }


def _carries(word: str, pieces: Sequence[str], stem: int = _STEM) -> bool:
    """Whether a word has one of the pieces behind its stem; `-`: at its end."""
    tail = word[stem:]
    return any(tail.endswith(one[:-1]) if one.endswith("-") else one in tail for one in pieces)


def _guarded(bare: Trigger, kinds: AbstractSet[str], lexicon: Lexicon) -> Trigger | None:
    concept = bare.concept
    if "demand" in kinds and concept.demanded:
        return replace(bare, concept=lexicon.concepts[concept.demanded])
    if "negation" in kinds:
        return replace(bare, concept=lexicon.concepts[concept.refused]) if concept.refused else None
    if "denial" in kinds and concept.name not in ("denial", "refusal"):
        return replace(bare, concept=lexicon.concepts.get("denial", concept))
    if "history" in kinds:
        return replace(bare, background=True)
    return replace(
        bare,
        background="background" in kinds,
        words_only="hypothetical" in kinds and concept.severity > 1,
    )


def reaches(guard: Guard, hit: Hit, bare: Hit | Trigger, text: Words) -> bool:
    """Whether a guard at `hit` changes what `bare`, in the same sentence, means."""
    if guard.reach == "anywhere":
        return True
    if guard.reach == "before":
        if hit.last >= bare.first:
            return hit.first < bare.first and guard.kind == "demand"
        near = bare.first - hit.last <= (40 if guard.kind == "background" else NEAR)
        between = text.between(hit.last, bare.first)
        return near and not _parted(between, guard.kind)
    if hit.first <= bare.last:
        return hit.last > bare.last and guard.kind in ("demand", "negation")
    near = hit.first - bare.last <= (8 if guard.kind == "background" else 4)
    return near and not _parted(text.between(bare.last, hit.first), guard.kind)


def _parted(between: str, kind: str) -> bool:
    """Whether a clause ends between a guard and its trigger."""
    if kind in ("demand", "denial"):
        return ";" in between
    return any(sign in between for sign in ",;:—–،")


def _overlap(one: Hit, other: Hit) -> bool:
    return one.first <= other.last and other.first <= one.last
