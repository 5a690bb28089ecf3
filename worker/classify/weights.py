"""What a profile may weigh anew without copying a lexicon file: the terms, and the threshold.

Any file of the lexicon may have these keys; by custom it is `lexicon/weights.yaml`:

    weights: {en: {"unfriendly act": 3}}   # 1 (vague) to 5 (unmistakable), by language and name
    threshold: 0.45                        # the relevance from which on an article is relevant
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from worker.classify.lexicon import Entry, LanguagePack, Lexicon, Term, Unless
from worker.classify.strict import mapping, one_of
from worker.profile.yaml_lines import YamlFile

WEIGHTS = (1, 2, 3, 4, 5)
#: A threshold beyond these is a slip: everything would be relevant, or nothing.
LEAST, MOST = 0.05, 0.95

#: Language and name of a term → its weight.
Weights = Mapping[tuple[str, str], int]


def weighed(lexicon: Lexicon, files: Iterable[YamlFile]) -> Lexicon:
    """The lexicon as these files weigh it; a name that no term has is a `ProfileError`."""
    known = {(term.language, term.name) for term in lexicon.terms}
    weights: dict[tuple[str, str], int] = {}
    threshold = lexicon.threshold
    for file in files:
        weights |= dict(_weights(file, known))
        threshold = _threshold(file, threshold)
    if not weights and threshold == lexicon.threshold:
        return lexicon
    return reweighted(lexicon, weights, threshold)


def reweighted(lexicon: Lexicon, weights: Weights, threshold: float | None = None) -> Lexicon:
    """The lexicon with these weights over its own; costs next to nothing, since patterns stay."""
    terms = {id(term): _term(term, weights) for term in lexicon.terms}
    touched = {language for language, _ in weights}
    packs = {
        language: _pack(pack, terms) if language in touched else pack
        for language, pack in lexicon.packs.items()
    }
    return replace(
        lexicon,
        packs=packs,
        terms=tuple(terms.values()),
        weights={**lexicon.weights, **weights},
        threshold=lexicon.threshold if threshold is None else threshold,
    )


def _term(term: Term, weights: Weights) -> Term:
    weight = weights.get((term.language, term.name), term.weight)
    return term if weight == term.weight else replace(term, weight=weight)


def _pack(pack: LanguagePack, terms: Mapping[int, Term]) -> LanguagePack:
    return replace(pack, entries=[_entry(entry, terms) for entry in pack.entries])


def _entry(entry: Entry, terms: Mapping[int, Term]) -> Entry:
    if isinstance(entry, Term):
        return terms.get(id(entry), entry)
    # A context belongs to its very term: `triggers` compares them by identity.
    if isinstance(entry, Unless):
        return Unless(terms.get(id(entry.term), entry.term))
    return entry


def _weights(
    file: YamlFile, known: Iterable[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], int]]:
    for language, by_name in mapping(file, file.content.get("weights") or {}, "weights").items():
        for name, weight in mapping(file, by_name, "weights", language).items():
            place = ("weights", language, name)
            if (language, name) not in known:
                raise file.error(f"no term in {language} has this name.", *place)
            yield (language, name), one_of(file, weight, WEIGHTS, *place)


def _threshold(file: YamlFile, otherwise: float) -> float:
    given = file.content.get("threshold", otherwise)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise file.error("a number is expected here.", "threshold")
    if not LEAST <= given <= MOST:
        raise file.error(f"{given} is out of range; write {LEAST} to {MOST}.", "threshold")
    return float(given)
