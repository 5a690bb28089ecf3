"""What a field says happened: the terms found in it, with the guards that change their meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.classify.lexicon import Concept, Guard, LanguagePack, Lexicon, Term, Unless
from worker.classify.match import Hit
from worker.classify.words import Words

#: Words between a guard and what it guards.
NEAR = 6


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
    text: Words, hits: Sequence[Hit], pack: LanguagePack, lexicon: Lexicon
) -> list[Trigger]:
    """The triggers of a field in reading order; negated and voided ones are gone."""
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
        guarded = _guarded(bare, guards.get(sentence, ()), text, lexicon)
        if guarded:
            found.append(guarded)
    return sorted(found, key=lambda one: (one.first, one.last))


def spoken_of(found: Sequence[Trigger], verb_final: bool) -> list[Trigger]:
    """The same triggers; acts that somebody only accuses of, demands or denies are background.

    In `Baku accuses Moscow of killings` the words are the happening, and the killings what they
    are about.
    """
    statements = [
        one for one in found if one.concept.roles in ("statement", "envoy") and not one.background
    ]
    return [
        replace(one, background=True)
        if any(_governs(words, one, verb_final) for words in statements)
        else one
        for one in found
    ]


def _governs(words: Trigger, act: Trigger, verb_final: bool) -> bool:
    if words.sentence != act.sentence or act.concept.roles in ("statement", "mutual", "envoy"):
        return False
    return act.last < words.first if verb_final else words.last < act.first


def _guarded(
    bare: Trigger, guards: Sequence[tuple[Guard, Hit]], text: Words, lexicon: Lexicon
) -> Trigger | None:
    kinds = {guard.kind for guard, hit in guards if _reaches(guard, hit, bare, text)}
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


def _reaches(guard: Guard, hit: Hit, bare: Trigger, text: Words) -> bool:
    if guard.reach == "anywhere":
        return True
    if guard.reach == "before":
        if hit.last >= bare.first:
            return hit.first < bare.first and guard.kind in ("demand", "negation")
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
