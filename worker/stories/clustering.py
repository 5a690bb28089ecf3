"""Stories of articles without a database: what `dyadwatch cluster` does."""

from collections.abc import Iterable, Iterator

from crawler.article import Article
from worker.classify import Classifier
from worker.keys import article_key
from worker.stories.fingerprint import fingerprint
from worker.stories.placing import Stories
from worker.stories.sketch import sketch
from worker.timing import when_it_counts


def cluster(articles: Iterable[Article], classifier: Classifier) -> Iterator[tuple[str, str]]:
    """The identifier and the story of each article, in the order given, once all are read: two
    stories may prove to be one at the end.

    The same input gives the same identifiers. Unlike the database, which compares relevant articles
    only, this compares all. An article that comes twice is in one story.
    """
    stories = Stories()
    tellings: dict[str, str] = {}
    read: list[tuple[str, str]] = []
    for article in articles:
        key = article_key(article.canonical_url)
        timing = when_it_counts(
            article.published,
            article.fetched,
            article.fetched,
            origin="backfill",
            first_poll=False,
            stage="page",
            characters=0,
        )
        placed = stories.place(
            key,
            "page",
            timing.at,
            sketch(article.title, article.text),
            fingerprint(classifier.understand(article), classifier.dyad),
            tellings.get(key),
        )
        tellings[key] = placed.telling
        read.append((article.id or article.url, key))
    for name, key in read:
        yield name, stories.story_of(tellings[key])
