"""Stories of articles without a database: what `dyadwatch cluster` does."""

from collections.abc import Iterable, Iterator

from crawler.article import Article
from worker.keys import article_key
from worker.stories.index import StoryIndex
from worker.stories.sketch import sketch
from worker.timing import when_it_counts


def cluster(articles: Iterable[Article]) -> Iterator[tuple[str, str]]:
    """The identifier and the story of each article, in the order given, each as soon as it is read.

    The same input gives the same identifiers. Unlike the database, which compares relevant articles
    only, this compares all. An article that comes twice is in one story.
    """
    index = StoryIndex()
    stories: dict[str, str] = {}
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
        words = sketch(article.title, article.text)
        stories[key] = index.place(key, "page", timing.at, words, stories.get(key)).story
        yield article.id or article.url, stories[key]
