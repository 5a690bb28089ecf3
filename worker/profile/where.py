"""Reads a rule's filters: their shape by the rules themselves, their names against the profile."""

from collections.abc import Callable, Collection

from alerts.rules import Where, parse_where
from alerts.rules.where import KEYS
from worker.classify.lexicon import Lexicon
from worker.profile.codes import ALPHA3, wrong_country, wrong_language
from worker.profile.section import Section, nearest

#: What `language` may also be: that of an article whose language cannot be told.
UNDETERMINED = "und"

Check = Callable[[str], str | None]


def read_where(
    section: Section, lexicon: Lexicon | None, newsrooms: Collection[str], name: str = "where"
) -> Where | None:
    """The filter of one rule; an absent one takes every signal. None and faults where wrong."""
    if section.has(name) and not isinstance(section.content[name], dict):
        section.section(name)
        return None
    given = section.section(name)
    if given is None:
        return parse_where({})
    given.only(*KEYS)
    checks = _checks(lexicon, newsrooms)
    for key in KEYS:
        if key in given.content:
            _check(given, key, given.content[key], checks.get(key))
    section.sound = section.sound and given.sound
    return parse_where(dict(given.content)) if given.sound else None


def _check(given: Section, key: str, value: object, known: Check | None) -> None:
    """One key, so that its fault stands at its own line: first its shape, then its names."""
    try:
        parse_where({key: value})
    except ValueError as error:
        sentence = str(error).removeprefix("where: ").rstrip(".")
        given.fault(f"{sentence}.", key)
        return
    listed = value if isinstance(value, list) else [value]
    for index, word in enumerate(listed):
        wrong = known(word.strip()) if known is not None and isinstance(word, str) else None
        if wrong is not None:
            given.fault(wrong, key, *((index,) if isinstance(value, list) else ()))


def _checks(lexicon: Lexicon | None, newsrooms: Collection[str]) -> dict[str, Check]:
    checks: dict[str, Check] = {
        "language": lambda word: None if word == UNDETERMINED else wrong_language(word),
        "newsroom": lambda word: _newsroom(word, newsrooms),
        **dict.fromkeys(("initiator", "target", "side"), lambda word: wrong_country(word, ALPHA3)),
    }
    if lexicon is not None:
        categories = categories_of(lexicon)
        vocabulary = lexicon.vocabulary()
        checks["category"] = lambda word: _category(word, categories, vocabulary)
        checks["concept"] = lambda word: _known(word, lexicon.concepts, "concept")
        checks["term"] = lambda word: _known(word, vocabulary, "category, concept or term")
    return checks


def categories_of(lexicon: Lexicon) -> frozenset[str]:
    """Every category that the lexicon can find."""
    return frozenset(concept.category for concept in lexicon.concepts.values())


def _known(word: str, known: Collection[str], what: str) -> str | None:
    return None if word in known else f"there is no {what} {word!r}{nearest(word, known)}"


def _category(word: str, categories: Collection[str], vocabulary: Collection[str]) -> str | None:
    if word not in categories and word in vocabulary:
        return f"{word!r} is no category but a concept or a term; write term: {word}."
    return _known(word, categories, "category")


def _newsroom(word: str, newsrooms: Collection[str]) -> str | None:
    """Articles that are handed in from outside may have a newsroom that no source has: a domain."""
    return None if "." in word else _known(word, newsrooms, "newsroom")
