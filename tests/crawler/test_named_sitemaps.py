"""A robots.txt stands for the sitemaps that it names."""

from collections.abc import Callable
from datetime import UTC, datetime

from crawler.reading import Answer, Reading
from crawler.source import Source
from crawler.spiders.sitemap import SitemapReader

NOW = datetime(2025, 6, 28, 12, tzinfo=UTC)
ROBOTS = "https://paper.example/robots.txt"


def read(text: str, source: Callable[..., Source], since: datetime | None = None) -> Reading:
    answer = Answer(ROBOTS, text.encode(), "text/plain", NOW, since)
    return SitemapReader().read(source(ROBOTS, kind="sitemap"), answer)


def test_its_sitemaps_are_followed_the_news_first(source: Callable[..., Source]) -> None:
    reading = read(
        "User-agent: *\nDisallow: /rss/\n"
        "Sitemap: https://paper.example/sitemap-archive.xml\n"
        "sitemap: https://paper.example/sitemap-news.xml\n",
        source,
    )
    assert reading.problem is None
    assert reading.follow == (
        "https://paper.example/sitemap-news.xml",
        "https://paper.example/sitemap-archive.xml",
    )


def test_years_that_are_over_are_asked_for_only_by_whoever_wants_history(
    source: Callable[..., Source],
) -> None:
    text = "".join(
        f"Sitemap: https://paper.example/posts-{y}.xml\n" for y in ("2023-05", "2024-05", "2025-06")
    )
    assert read(text, source).follow == ("https://paper.example/posts-2025-06.xml",)
    assert len(read(text, source, datetime(2024, 3, 1, tzinfo=UTC)).follow) == 2


def test_sitemaps_of_others_and_of_no_web_are_left(source: Callable[..., Source]) -> None:
    text = "Sitemap: https://elsewhere.example/s.xml\nSitemap: file:///etc/passwd\nSitemap: /s.xml"
    assert read(text, source).problem == "the site's robots.txt names no sitemap"


def test_one_without_any_says_so(source: Callable[..., Source]) -> None:
    assert read("User-agent: *\nDisallow:", source).problem is not None
