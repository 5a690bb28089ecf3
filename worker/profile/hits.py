"""How the lexicon of a profile stands to what is stored: cells, and what they show (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from worker.classify.lexicon import Lexicon
from worker.storage.hits import Hits

#: Stands for what nothing else was found in; it has no terms of its own.
_REST = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """One concept in one language: its terms, and the stored events of it (None: not counted)."""

    language: str
    concept: str
    category: str
    terms: int
    hits: int | None


def cells(lexicon: Lexicon, languages: Iterable[str], hits: Hits | None) -> list[Cell]:
    """A cell for every language and concept, in the order of the lexicon."""
    counts = lexicon.counts()
    return [
        Cell(
            language,
            concept.name,
            concept.category,
            counts.get(language, {}).get(concept.name, 0),
            None if hits is None else hits.concepts.get((language, concept.name), 0),
        )
        for language in languages
        for concept in lexicon.concepts.values()
    ]


def faults_of_lexicon(languages: Iterable[str], hits: Hits) -> Iterator[str]:
    """A sentence for each language in which articles are stored and nothing was ever found."""
    for language in languages:
        stored = hits.languages.get(language)
        if stored is not None and not _found(language, hits):
            yield (
                f"fault of the lexicon: {stored.articles} articles in {language} are stored, "
                f"{stored.relevant} of them relevant, and none of its terms has hit."
            )


def observations(lexicon: Lexicon, languages: Iterable[str], hits: Hits) -> Iterator[str]:
    """What else the counts show, in sentences: languages not stored, concepts never hit."""
    listed = list(languages)
    if absent := [language for language in listed if language not in hits.languages]:
        yield f"no article is stored in {', '.join(absent)}: nothing can be said of those."
    hit = {concept for (_, concept), events in hits.concepts.items() if events}
    if never := [name for name in lexicon.concepts if name not in hit and name != _REST]:
        named = ", ".join(never)
        yield f"{len(never)} of {len(lexicon.concepts)} concepts were never hit: {named}."


def idle_terms(lexicon: Lexicon, hits: Hits) -> Iterator[tuple[str, str, str]]:
    """Language, concept and name of each term that proves no stored event, though articles in its
    language are stored."""
    seen: Mapping[tuple[str, str], int] = hits.terms
    for term in lexicon.terms:
        if term.language in hits.languages and not seen.get((term.language, term.name)):
            yield term.language, term.concept.name, term.name


def _found(language: str, hits: Hits) -> int:
    return sum(
        events
        for (spoken, concept), events in hits.concepts.items()
        if spoken == language and concept != _REST
    )
