"""Stories of articles without a database: what `dyadwatch cluster` does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.article import Article
from worker.classify import Classifier
from worker.keys import article_key
from worker.stories.fingerprint import Fingerprint, fingerprint
from worker.stories.placing import Stories
from worker.stories.sketch import Sketch, sketch
from worker.timing import when_it_counts


@dataclass(frozen=True, slots=True)
class _Told:
    """What of an article decides about its story."""

    id: str
    key: str
    at: datetime
    words: Sketch
    marks: Fingerprint


def cluster(articles: Iterable[Article], classifier: Classifier) -> Iterator[tuple[str, str]]:
    """The identifier and the story of each article, in the order given, once all are read.

    They are placed in the order of time, so that the order in which they come does not matter, and
    the same articles always give the same identifiers. Unlike the database, which compares relevant
    articles only, this compares all. An article that comes twice is in one story.
    """
    read = [_told(article, classifier) for article in articles]
    stories = Stories()
    tellings: dict[str, str] = {}
    for one in sorted(read, key=lambda one: (one.at, one.key)):
        known = tellings.get(one.key)
        placed = stories.place(one.key, "page", one.at, one.words, one.marks, known)
        tellings[one.key] = placed.telling
    for one in read:
        yield one.id, stories.story_of(tellings[one.key])


def _told(article: Article, classifier: Classifier) -> _Told:
    timing = when_it_counts(
        article.published,
        article.fetched,
        article.fetched,
        origin="backfill",
        first_poll=False,
        stage="page",
        characters=0,
    )
    return _Told(
        article.id or article.url,
        article_key(article.canonical_url),
        timing.at,
        sketch(article.title, article.text),
        fingerprint(classifier.understand(article), classifier.dyad),
    )
