"""One HTML page to its article (pure): the tree is parsed once, for its body and what it states."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lxml.html import HtmlElement

from crawler.body import ArticleText, article_text, chosen_text, scripted_body
from crawler.charsets import decode, is_binary
from crawler.html_tree import html_tree
from crawler.page_metadata import PageMetadata, read_metadata
from crawler.plaintext import tidy
from crawler.urls import canonical_url
from crawler.walls import wall

_MAX_CHARACTERS = 3_000_000
_MAX_TEXT = 200_000
#: Where less was read, the page may be one that a script draws.
_LITTLE = 250
_DESCRIPTIONS = ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says. `text` is without the title and may be empty (null in the record);
    `published` has the offset that the page states (naive if it states none), is a bare date if
    only a day is stated, or None, and `published_from` is where it was found; `language` is what
    the page declares, ISO 639-1. `wall` is a sentence where the page shows a paywall, a consent
    form or a check instead of its article: then `text` is what stands before it, if anything."""

    url: str
    canonical_url: str
    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    published_from: Literal["page", "url"] | None = None
    language: str | None = None
    wall: str | None = None

    def to_json(self) -> dict[str, str | list[str] | None]:
        """The contract's `extract` record."""
        return {
            "url": self.url,
            "canonical_url": self.canonical_url,
            "title": self.title or None,
            "text": self.text or None,
            "authors": list(self.authors),
            "published": self.published.isoformat() if self.published else None,
            "language": self.language,
        }


def extract(
    html: bytes | str, url: str, content_type: str | None = None, selector: str | None = None
) -> Extracted:
    """Reads one page; no page makes it fail, only a `url` that is none (ValueError).

    A CSS `selector` chooses the parts that are the article, where it chooses any words at all.
    """
    canonical = canonical_url(url)
    if isinstance(html, bytes) and is_binary(html):
        return Extracted(url, canonical)
    text = decode(html, content_type) if isinstance(html, bytes) else html
    tree = html_tree(text[:_MAX_CHARACTERS])
    if tree is None:
        return Extracted(url, canonical)
    metadata = read_metadata(tree, url)
    article = metadata.article
    body = chosen_text(tree, selector) if selector else None
    body = body or _body(tree, metadata)
    words = tidy(body.text)[:_MAX_TEXT].strip()
    return Extracted(
        url=url,
        canonical_url=metadata.canonical or canonical,
        title=metadata.title,
        text=words,
        authors=metadata.authors,
        published=metadata.published,
        published_from=metadata.published_from,
        language=metadata.language,
        wall=wall(tree, url, words, article, doubtful=body.is_doubtful),
    )


def _body(tree: HtmlElement, metadata: PageMetadata) -> ArticleText:
    title, described, stated = metadata.title, _description(tree), metadata.article.body
    found = article_text(tree, title, described, stated)
    if len(found.text) >= _LITTLE or stated or not (hidden := scripted_body(tree, title)):
        return found
    return article_text(tree, title, described, hidden)


def _description(tree: HtmlElement) -> str:
    """The page's summary of its article."""
    stated = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content")
        for meta in tree.iter("meta")
    }
    return next((text for name in _DESCRIPTIONS if (text := stated.get(name))), "")
