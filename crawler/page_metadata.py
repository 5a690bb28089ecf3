"""What a page states about itself: JSON-LD, meta tags and a few elements (pure)."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from lxml.html import HtmlElement

from crawler.json_ld import NewsArticle, read_news_article
from crawler.languages import declared_language
from crawler.page_address import own_address
from crawler.page_authors import authors
from crawler.page_date import publication
from crawler.page_marks import PageMarks, read_marks
from crawler.page_title import headline
from crawler.site_names import site_names

_REGION = re.compile(r"[A-Za-z]{2,3}[-_]([A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Stated facts of one page; empty or None where it states nothing.

    `published` is as it is stated: aware if an offset is, naive if only a local time is, a date if
    only a day is; `published_from` says whether the page or only its address states it. `canonical`
    is the page's own address in canonical form, if it states a believable one. `article` is what
    its structured data says.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    published_from: Literal["page", "url"] | None = None
    language: str | None = None
    canonical: str | None = None
    article: NewsArticle = field(default_factory=NewsArticle)


def read_metadata(tree: HtmlElement, url: str) -> PageMetadata:
    """Reads the statements of one parsed page; `url` is where it came from."""
    marks = read_marks(tree)
    article = read_news_article(marks.linked_data, url, marks.document_title)
    sites = site_names(marks.meta, article.sites, url)
    language, region = _language(marks, article)
    title = headline(marks, article.headline, sites)
    found = publication(marks, article.dates, url, language, region, title.element)
    return PageMetadata(
        title=title.text,
        authors=authors(marks, article, sites, language, title.element),
        published=found.stated,
        published_from=found.found_in,
        language=language,
        canonical=own_address(marks.canonicals, marks.first("og:url"), url),
        article=article,
    )


def _language(marks: PageMarks, article: NewsArticle) -> tuple[str | None, str | None]:
    """The declared language, and the region that is declared with it (`US` of `en-US`)."""
    tags = (
        marks.root.get("lang") or marks.root.get("xml:lang"),
        article.language,
        marks.first("content-language", "language"),
        marks.first("og:locale"),
    )
    for tag in tags:
        if found := declared_language(tag):
            region = _REGION.match((tag or "").strip())
            return found, region.group(1).upper() if region else None
    return None, None
