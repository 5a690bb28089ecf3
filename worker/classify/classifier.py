"""Article in, classification out: language, relevance, events; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from worker.classify.escalation import Escalation
from worker.classify.happenings import happenings, ties
from worker.classify.language import language_of
from worker.classify.lexicon import LanguagePack, Lexicon
from worker.classify.reading import Read, field_of, read, with_news
from worker.classify.record import Classification
from worker.classify.relevance import Relevance, relevance, topical, unrelated
from worker.classify.verdict import verdict

#: Longer texts are read to here only; what happened stands at the top.
MOST_TEXT = 20_000
#: No headline is longer; what claims to be one is read to here, for the same reason.
MOST_TITLE = 2_000


class Readable(Protocol):
    """What classification reads of an article."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def topical(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Given:
    title: str
    text: str
    language: str | None
    topical: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """A classification with what it was made from: the article's two fields, read.

    `pack` is None, and the fields are, where the lexicon has no language at all. Terms, cues and
    guards (`hits`, `cues`) are found only where both sides are named or the source is topical.
    `relevance` and `escalation` (None where the article is irrelevant) show their arithmetic.
    """

    classification: Classification
    relevance: Relevance
    escalation: Escalation | None = None
    pack: LanguagePack | None = None
    title: Read | None = None
    text: Read | None = None


class Classifier:
    """Classifies articles by one lexicon; holds no state but look-up tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @property
    def dyad(self) -> tuple[str, str]:
        """The two countries that are watched, alpha-3."""
        return self._lexicon.dyad

    def classify(
        self, article: Readable | Mapping[str, Any], languages: Sequence[str] = ()
    ) -> Classification:
        """The classification of one article; the same article always gives the same one.

        `languages` are those that its source publishes in: they count where its words leave open in
        which one it is written, behind what the article itself declares.
        """
        return self.understand(article, languages).classification

    def understand(
        self, article: Readable | Mapping[str, Any], languages: Sequence[str] = ()
    ) -> Understood:
        """The classification of one article, and the reading that it rests on."""
        given = _given(article)
        declared = [*([given.language] if given.language else []), *languages]
        language = language_of(f"{given.title}\n{given.text[:400]}", declared)
        pack = self._lexicon.pack(language)
        if pack is None:
            return _irrelevant(language, unrelated("the lexicon has no language at all"))
        title = read("title", given.title, pack, language)
        text = read("text", given.text, pack, language)
        about = self._sides(title, text)
        if len(about) < 2 and not given.topical:
            missing = " and ".join(side for side in self._lexicon.dyad if side not in about)
            return _irrelevant(language, unrelated(f"{missing} not named"), pack, title, text)
        return self._weighed(language, given.topical, about, pack, title, text)

    def _sides(self, *fields: Read) -> frozenset[str]:
        return frozenset(
            side
            for field in fields
            for one in field.named
            if not one.listed
            for side in one.actor.sides
            if side in self._lexicon.dyad
        )

    def _weighed(
        self,
        language: str,
        is_topical: bool,
        about: frozenset[str],
        pack: LanguagePack,
        title: Read,
        text: Read,
    ) -> Understood:
        """What an article that names both sides, or is topical by its source, says of them."""
        title, text = with_news(title, pack), with_news(text, pack)
        told = happenings((title, text), pack, self._lexicon, about)
        found = relevance(
            field_of(title, pack),
            field_of(text, pack),
            self._lexicon.dyad,
            ties(told, self._lexicon),
        )
        if is_topical:
            found = topical(found, self._lexicon.threshold)
        if found.score < self._lexicon.threshold:
            return _irrelevant(language, found, pack, title, text)
        classified, score = verdict(language, found, told, title, pack, self._lexicon)
        return Understood(classified, found, score, pack, title, text)


def _given(article: Readable | Mapping[str, Any]) -> _Given:
    if isinstance(article, Mapping):
        return _Given(
            (article.get("title") or "")[:MOST_TITLE],
            (article.get("text") or "")[:MOST_TEXT],
            article.get("language"),
            bool(article.get("topical")),
        )
    title, text = article.title[:MOST_TITLE], article.text[:MOST_TEXT]
    return _Given(title, text, article.language, article.topical)


def _irrelevant(
    language: str,
    found: Relevance,
    pack: LanguagePack | None = None,
    title: Read | None = None,
    text: Read | None = None,
) -> Understood:
    classified = Classification(
        language, False, found.score, "neutral", 0, None, 0.0, (), found.reason
    )
    return Understood(classified, found, None, pack, title, text)
