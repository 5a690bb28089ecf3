"""What a newly read version of an article does to the one that is stored (pure)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from crawler.article import Article, PublishedFrom, Stage
from worker.classify.record import Classification
from worker.keys import article_key, digest
from worker.storage.codec import encode
from worker.stories.fingerprint import Fingerprint
from worker.stories.sketch import Sketch
from worker.timing import Origin, Timing, when_it_counts

Verdict = Literal[
    "new",
    "page_after_feed",
    "newer_words",
    "classified_anew",
    "unchanged",
    "feed_after_page",
    "older_words",
    "shorter_entry",
    "empty_page",
]
#: The verdicts that write the article; the others leave it as it is.
WRITES: frozenset[Verdict] = frozenset({"new", "page_after_feed", "newer_words", "classified_anew"})

#: From the least to the most trustworthy.
_TRUST: tuple[PublishedFrom | None, ...] = (None, "url", "page", "feed", "given")


def trust(published_from: PublishedFrom | None) -> int:
    """How far a publication time from there is believed; the higher the further."""
    return _TRUST.index(published_from)


@dataclass(frozen=True)
class ClassifiedArticle:
    """One article on its way from the inbox into the tables. `received_at` is when it was put into
    the inbox: for whatever is live, the moment that we first had it."""

    article: Article
    classification: Classification
    sketch: Sketch
    origin: Origin
    received_at: datetime
    inbox_id: int | None = None
    marks: Fingerprint = ()

    @cached_property
    def key(self) -> str:
        return article_key(self.article.canonical_url)

    @cached_property
    def content_hash(self) -> str:
        return digest(self.article.title, self.article.text)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the words, their classification, their stage and their date."""
        said = self.classification
        return digest(
            self.content_hash,
            self.article.stage,
            str(self.article.published),
            self.events_json,
            f"{said.language} {said.relevant} {said.relevance} {said.direction} {said.severity}",
            f"{said.initiator} {said.escalation}",
            said.reason,
        )

    @cached_property
    def events_json(self) -> str:
        return encode(self.classification.events)


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """What of a stored article decides about its successor."""

    key: str
    story: str
    telling: str | None
    at: datetime
    first_seen: datetime
    fetched: datetime
    stage: Stage
    origin: Origin
    first_poll: bool
    published: datetime | date | None
    published_from: PublishedFrom | None
    content_hash: str
    fingerprint: str
    title: str
    characters: int
    source: str
    worded_at: datetime
    confirmed_at: datetime


def judge(stored: StoredVersion | None, incoming: ClassifiedArticle) -> Verdict:
    """Whether the incoming version replaces the stored one, and why (not).

    A page replaces a feed entry and never the other way; a feed entry replaces a shorter one, or
    one that its own source has edited; of two readings of a page the later one stands.
    """
    if stored is None:
        return "new"
    if stored.fingerprint == incoming.fingerprint:
        return "unchanged"
    article = incoming.article
    if stored.stage != article.stage:
        if article.stage == "feed":
            return "feed_after_page"
        return "page_after_feed" if article.text.strip() else "empty_page"
    if stored.content_hash == incoming.content_hash:
        return "classified_anew"
    if article.stage == "feed":
        longer = len(article.title) + len(article.text) > stored.characters
        return "newer_words" if longer or _edited(stored, article) else "shorter_entry"
    return "newer_words" if article.fetched >= stored.fetched else "older_words"


def _edited(stored: StoredVersion, article: Article) -> bool:
    same_source = stored.source == article.source and stored.fetched < article.fetched
    return same_source and bool(article.title) and stored.title != article.title


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as it will be written: the incoming words, with what stays of the stored ones.

    When it was first seen, whether that was live and on a first poll never changes; a date is
    replaced only by one from a source at least as trustworthy. `worded_at` is when these very words
    were first read.
    """

    incoming: ClassifiedArticle
    stored: StoredVersion | None
    first_seen: datetime
    origin: Origin
    first_poll: bool
    published: datetime | date | None
    published_from: PublishedFrom | None
    timing: Timing
    worded_at: datetime


def draft(stored: StoredVersion | None, incoming: ClassifiedArticle) -> Draft:
    """Merge what `judge` let through."""
    article = incoming.article
    published, published_from = article.published, article.published_from
    origin, first_poll = incoming.origin, article.first_poll
    first_seen = worded_at = read_at(incoming)
    if stored is not None:
        origin, first_poll = stored.origin, stored.first_poll
        first_seen = stored.first_seen
        if stored.content_hash == incoming.content_hash:
            worded_at = stored.worded_at
        keeps = trust(stored.published_from) > trust(published_from)
        if stored.published is not None and (published is None or keeps):
            published, published_from = stored.published, stored.published_from
    timing = when_it_counts(
        published,
        first_seen,
        article.fetched,
        origin=origin,
        first_poll=first_poll,
        stage=article.stage,
        characters=len(article.title) + len(article.text),
    )
    return Draft(
        incoming,
        stored,
        first_seen,
        origin,
        first_poll,
        published,
        published_from,
        timing,
        worded_at,
    )


def read_at(incoming: ClassifiedArticle) -> datetime:
    """When these words came into our hands; history was in somebody else's before."""
    return incoming.article.fetched if incoming.origin == "backfill" else incoming.received_at
