"""What a page states about itself: JSON-LD, meta tags and a few elements (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.byline import names
from crawler.dates import stated_time
from crawler.feed import declared_language
from crawler.json_ld import NewsArticle, read_news_article
from crawler.plaintext import one_line, tidy
from crawler.urls import canonical_url, registered_domain

_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "title")
_DATE_NAMES = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "article.published",
    "published_time",
    "publication_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "date",
    "mediator_published_time",
)
_AUTHOR_NAMES = ("author", "article:author_name", "dc.creator", "parsely-author", "mediator_author")
_SEPARATORS = (" | ", " - ", " — ", " – ", " :: ", " » ", " / ")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Stated facts of one page; empty or None where it states nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    language: str | None = None
    canonical: str | None = None

    def canonical_url(self, url: str) -> str | None:
        """The page's own canonical address, if it is believable: of the same registered domain,
        and no home page."""
        if not self.canonical:
            return None
        try:
            stated = canonical_url(urljoin(url, self.canonical))
            same_domain = registered_domain(stated) == registered_domain(canonical_url(url))
        except ValueError:
            return None
        parts = urlsplit(stated)
        is_home_page = parts.path in ("", "/") and not parts.query
        return stated if same_domain and not is_home_page else None


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """Reads the statements of one parsed page."""
    meta = _meta(tree)
    article = read_news_article(
        script.text or "" for script in tree.iter("script") if _is_json_ld(script)
    )
    return PageMetadata(
        title=_title(tree, meta, article),
        authors=article.authors or _meta_authors(meta),
        published=_published(tree, meta, article),
        language=_language(tree, meta, article),
        canonical=_canonical(tree, meta),
    )


def _is_json_ld(script: HtmlElement) -> bool:
    return (script.get("type") or "").strip().lower().startswith("application/ld+json")


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The content of meta tags by lower-case name; the first of a name wins."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(key):
                found.setdefault(name.strip().lower(), content.strip())
    return found


def _title(tree: HtmlElement, meta: dict[str, str], article: NewsArticle) -> str:
    stated = [one_line(meta[name], 500) for name in _TITLE_NAMES if name in meta]
    document_title = _words(tree.find(".//title"))
    headings = [words for h1 in tree.iter("h1") if (words := _words(h1))]
    for heading in headings:
        # A heading that the head of the page repeats is the title, without the site's name.
        if len(heading) >= 8 and any(heading in s for s in (*stated, document_title)):
            return heading
    if article.headline:
        return article.headline
    if stated:
        return _without_site_name(stated[0], meta.get("og:site_name", ""))
    if len(headings) == 1:
        return headings[0]
    return _without_site_name(document_title, meta.get("og:site_name", ""))


def _words(element: HtmlElement | None) -> str:
    return " ".join(tidy(str(element.text_content())).split())[:500] if element is not None else ""


def _without_site_name(title: str, site: str) -> str:
    for separator in _SEPARATORS:
        head, found, tail = title.rpartition(separator)
        if found and site and tail.strip().casefold() == site.strip().casefold():
            return head.strip()
    return title


def _meta_authors(meta: dict[str, str]) -> tuple[str, ...]:
    for name in _AUTHOR_NAMES:
        author = one_line(meta.get(name, ""), 200)
        if author and "://" not in author and not author.startswith("@"):
            return tuple(part for x in names(author) for y in x.split(",") if (part := y.strip()))[
                :20
            ]
    return ()


def _published(
    tree: HtmlElement, meta: dict[str, str], article: NewsArticle
) -> datetime | date | None:
    stated = [t for t in _head_dates(meta, article) if t is not None]
    if not stated:
        stated = [t for t in _time_tags(tree) if t is not None][:1]
    # An instant says more than a local time, and that more than a day.
    instants = [t for t in stated if isinstance(t, datetime) and t.tzinfo]
    times = [t for t in stated if isinstance(t, datetime)]
    return next(iter(instants or times or stated), None)


def _head_dates(meta: dict[str, str], article: NewsArticle) -> Iterator[datetime | date | None]:
    yield stated_time(article.date_published)
    for name in _DATE_NAMES:
        if name in meta:
            yield stated_time(meta[name])


def _time_tags(tree: HtmlElement) -> Iterator[datetime | date | None]:
    """Times of the element that is marked as the publication time, else of the first one."""
    marked: list[HtmlElement] = []
    others: list[HtmlElement] = []
    for element in tree.iter("time"):
        is_marked = element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
        (marked if is_marked else others).append(element)
    for element in (*marked, *others):
        yield stated_time(element.get("datetime") or "")


def _language(tree: HtmlElement, meta: dict[str, str], article: NewsArticle) -> str | None:
    tags = (tree.get("lang"), article.language, meta.get("content-language"), meta.get("og:locale"))
    return next((found for tag in tags if (found := declared_language(tag))), None)


def _canonical(tree: HtmlElement, meta: dict[str, str]) -> str | None:
    for link in tree.iter("link"):
        if (link.get("rel") or "").strip().lower() == "canonical" and link.get("href"):
            return str(link.get("href"))
    return meta.get("og:url")
