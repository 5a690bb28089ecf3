"""From a feed's entry, and later its page, to the same article (pure)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from crawler.agreed_time import Stated, from_feed, with_page
from crawler.article import Article
from crawler.extract import Extracted
from crawler.reading import Entry
from crawler.source import Source

_MAX_TITLE = 500
_MIN_TITLE = 4


def article_of_entry(
    entry: Entry, source: Source, language: str | None, fetched: datetime
) -> Article:
    """What is known from the feed alone.

    An entry without a page of its own is complete as it is: its stage is `page`.
    """
    stated = from_feed(entry.published, entry.url, fetched)
    only_language = source.languages[0] if len(source.languages) == 1 else None
    return Article(
        url=entry.url,
        canonical_url=entry.canonical_url,
        source=source.id,
        newsroom=entry.newsroom or source.newsroom,
        fetched=fetched,
        title=entry.title[:_MAX_TITLE],
        text=entry.summary,
        country=entry.country or source.country,
        language=entry.language or language or only_language,
        published=stated.published,
        published_from=stated.by,
        authors=entry.authors,
        stage="feed" if entry.has_page and source.pages else "page",
        topical=source.topical,
    )


def article_with_page(article: Article, page: Extracted) -> Article:
    """The same article with what its page says.

    Identity, source and `fetched` stay: it came into our hands with the feed. The page's title
    wins if it is one, its text and authors if it has any; `agreed_time` chooses among the times.
    """
    known = Stated(article.published, article.published_from)
    stated = with_page(
        known,
        page.published,
        page.published_from or "page",
        article.url,
        article.fetched,
        article.country,
    )
    return replace(
        article,
        title=page.title[:_MAX_TITLE] if len(page.title) >= _MIN_TITLE else article.title,
        text=page.text or article.text,
        language=page.language or article.language,
        published=stated.published,
        published_from=stated.by,
        authors=page.authors or article.authors,
        stage="page",
    )


def newest_of(articles: Sequence[Article]) -> datetime | None:
    """The latest time among the articles; a bare day counts from its first moment."""
    return max((_moment(a.published) for a in articles if a.published), default=None)


def oldest_of(articles: Sequence[Article]) -> datetime | None:
    """The earliest time among the articles, likewise."""
    return min((_moment(a.published) for a in articles if a.published), default=None)


def _moment(published: datetime | date) -> datetime:
    if isinstance(published, datetime):
        return published
    return datetime(published.year, published.month, published.day, tzinfo=UTC)
