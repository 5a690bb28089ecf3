"""Whose article it is, by its address: a profile's newsrooms by their registered domains (pure).

Search engines, WARC files and lines without a newsroom name only the domain that an article was
published on. Where one newsroom of the profile alone publishes on it, the article is that
newsroom's, and counts with what its own feeds bring.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from crawler.article import Article
from crawler.source import Source
from crawler.urls import registered_domain

#: Where many publish, or where others are searched: such a domain is nobody's.
PLATFORMS = frozenset({
    "bing.com", "blogspot.com", "facebook.com", "feedburner.com", "gdeltproject.org", "google.com",
    "livejournal.com", "medium.com", "substack.com", "t.me", "telegram.me", "telegram.org",
    "twitter.com", "vk.com", "wordpress.com", "x.com", "yandex.com", "yandex.ru", "youtu.be",
    "youtube.com",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Publisher:
    """A newsroom of the profile, and its country where its sources agree on one (alpha-2)."""

    newsroom: str
    country: str | None = None


def publishers_by_domain(sources: Iterable[Source]) -> dict[str, Publisher]:
    """The newsroom of each registered domain on which just one of these sources' newsrooms
    publishes; sources that are off count too."""
    found: dict[str, set[str]] = {}
    countries: dict[str, set[str | None]] = {}
    for source in sources:
        countries.setdefault(source.newsroom, set()).add(source.country)
        for domain in domains_of(source):
            found.setdefault(domain, set()).add(source.newsroom)
    return {
        domain: Publisher(newsroom, _only(countries[newsroom]))
        for domain, newsrooms in found.items()
        if len(newsrooms) == 1
        for newsroom in newsrooms
    }


def domains_of(source: Source) -> tuple[str, ...]:
    """The registered domains that a source speaks for: its own, save a platform's, and those that
    the profile gives it."""
    own = registered_domain(source.url)
    return source.domains if own in PLATFORMS else (own, *source.domains)


def left_out_domains(sources: Iterable[Source], left_out: Collection[str]) -> frozenset[str]:
    """The domains for which only sources speak that the profile leaves out."""
    out: set[str] = set()
    kept: set[str] = set()
    for source in sources:
        (out if source.id in left_out else kept).update(domains_of(source))
    return frozenset(out - kept)


def published_on(article: Article) -> frozenset[str]:
    """The domains that an article may be of: its address's, and its newsroom where that is one."""
    return frozenset((registered_domain(article.canonical_url), article.newsroom))


def with_publisher(
    article: Article, publishers: Mapping[str, Publisher], *, crawled: bool
) -> Article:
    """The article with its newsroom's identifier in place of its newsroom's domain.

    A crawled one takes the newsroom's country as well: its own is that of the search engine. One
    that was handed in keeps what was said of it.
    """
    known = publishers.get(article.newsroom)
    if known is None:
        return article
    said = None if crawled else article.country
    return replace(article, newsroom=known.newsroom, country=said or known.country)


def _only(countries: Collection[str | None]) -> str | None:
    return next(iter(countries)) if len(countries) == 1 else None
