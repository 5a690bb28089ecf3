"""Which of the times that a feed, a page and an address state an article keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crawler.article import Article
from crawler.extract import Extracted
from crawler.local_time import as_local
from crawler.merge import article_of_entry, article_with_page, newest_of
from crawler.reading import Entry
from crawler.source import Source

FETCHED = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
BAKU = timezone(timedelta(hours=4))
URL = "https://paper.example/news/envoy"
DATED = "https://paper.example/2025/06/28/envoy"

FeedArticle = Callable[..., Article]


def page(published: datetime | date | None, **stated: object) -> Extracted:
    found_in = "page" if published else None
    return Extracted(URL, URL, published=published, **({"published_from": found_in} | stated))


def at(hour: int, minute: int = 0, zone: timezone = UTC, day: int = 28) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=zone)


def merged(article: Article, found: Extracted) -> tuple[datetime | date | None, str | None]:
    both = article_with_page(article, found)
    return both.published, both.published_from


@pytest.fixture
def source() -> Source:
    return Source(
        id="paper", newsroom="paper", kind="feed", url="https://paper.example/rss", name="Paper"
    )


def test_the_feeds_time_wins_over_the_pages(feed_article: FeedArticle) -> None:
    assert merged(feed_article(at(8)), page(at(8, 20))) == (at(8), "feed")


def test_the_pages_time_wins_over_the_feeds_day(feed_article: FeedArticle) -> None:
    article = feed_article(date(2025, 6, 28))
    assert merged(article, page(at(13, 14, BAKU))) == (at(9, 14), "page")
    assert merged(article, page(date(2025, 6, 27))) == (date(2025, 6, 28), "feed")


def test_what_the_feed_leaves_open_is_taken_from_the_page_or_its_address(
    feed_article: FeedArticle,
) -> None:
    silent = replace(feed_article(None), published_from=None)
    assert merged(silent, page(date(2025, 6, 28))) == (date(2025, 6, 28), "page")
    by_address = page(date(2025, 6, 28), published_from="url")
    assert merged(silent, by_address) == (date(2025, 6, 28), "url")
    assert merged(silent, page(None)) == (None, None)


def test_an_entry_without_a_date_has_the_day_of_its_address(source: Source) -> None:
    article = article_of_entry(Entry(url=DATED, canonical_url=DATED), source, None, FETCHED)
    assert (article.published, article.published_from) == (date(2025, 6, 28), "url")
    assert merged(article, page(at(13, 14, BAKU))) == (at(9, 14), "page")


def test_a_local_time_that_the_feed_labels_as_utc_gives_way_to_the_pages(
    feed_article: FeedArticle,
) -> None:
    istanbul = timezone(timedelta(hours=3))
    assert merged(feed_article(at(9, 14)), page(at(9, 14, istanbul))) == (at(6, 14), "page")
    assert merged(feed_article(at(9, 14)), page(at(12, 14, istanbul))) == (at(9, 14), "feed")


def test_a_feeds_time_in_the_future_gives_way_to_the_pages(source: Source) -> None:
    entry = Entry(url=URL, canonical_url=URL, published=FETCHED + timedelta(hours=2))
    article = article_of_entry(entry, source, None, FETCHED)
    assert article.published == FETCHED
    assert merged(article, page(at(11, 30))) == (at(11, 30), "page")
    assert merged(article, page(None)) == (FETCHED, "feed")


def test_a_feed_that_dates_an_edition_gives_way_to_the_page(feed_article: FeedArticle) -> None:
    assert merged(feed_article(at(8)), page(at(8, day=20))) == (at(8, day=20), "page")
    assert merged(feed_article(at(8, day=20)), page(at(8))) == (at(8, day=20), "feed")


def test_the_day_in_the_address_settles_days_apart(feed_article: FeedArticle) -> None:
    dated = replace(feed_article(at(8)), url=DATED)
    assert merged(dated, page(at(8, day=20))) == (at(8), "feed")
    dated_by_page = replace(feed_article(at(8, day=20)), url=DATED)
    assert merged(dated_by_page, page(at(8))) == (at(8), "page")


def test_a_pages_time_in_the_far_future_is_none(feed_article: FeedArticle) -> None:
    assert merged(feed_article(None), page(at(8) + timedelta(days=400)))[0] is None


def test_a_time_without_offset_is_one_of_the_newsrooms_country(feed_article: FeedArticle) -> None:
    local = datetime(2025, 6, 28, 13, 14)  # noqa: DTZ001 - none is stated
    azeri = replace(feed_article(None), country="AZ")
    assert merged(azeri, page(local)) == (at(9, 14), "page")
    assert as_local(local, "RU") == at(10, 14)
    assert as_local(local, "US") == at(17, 14)
    assert as_local(local, None) == at(13, 14)
    assert as_local(local, "ZZ") == at(13, 14)
    assert as_local(at(13, 14, BAKU), "RU") == at(9, 14)


def test_the_newest_of_articles_counts_a_day_from_its_first_moment(
    feed_article: FeedArticle,
) -> None:
    articles = [feed_article(date(2025, 6, 28)), feed_article(at(23, day=27)), feed_article(None)]
    assert newest_of(articles) == at(0)
    assert newest_of([]) is None
