"""One HTML page to its article (pure): body by trafilatura, the rest from what the page states."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree
from lxml import html as lxml_html

from crawler.charsets import decode
from crawler.page_metadata import PageMetadata, read_metadata
from crawler.plaintext import tidy
from crawler.urls import canonical_url

_MAX_CHARACTERS = 3_000_000
_MAX_TEXT = 200_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says. `text` is without the title and may be empty (null in the record);
    `published` has the offset that the page states (naive if it states none), is a bare date if
    only a day is stated, or None; `language` is what the page declares, ISO 639-1."""

    url: str
    canonical_url: str
    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    language: str | None = None

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


def extract(html: bytes | str, url: str, content_type: str | None = None) -> Extracted:
    """Reads one page; no page makes it fail, only a `url` that is none (ValueError)."""
    canonical = canonical_url(url)
    text = decode(html, content_type) if isinstance(html, bytes) else html
    tree = _tree(text[:_MAX_CHARACTERS])
    if tree is None:
        return Extracted(url, canonical)
    metadata = read_metadata(tree)
    return Extracted(
        url=url,
        canonical_url=metadata.canonical_url(url) or canonical,
        title=metadata.title,
        text=_body(tree, url, metadata),
        authors=metadata.authors,
        published=metadata.published,
        language=metadata.language,
    )


def _tree(text: str) -> lxml_html.HtmlElement | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        # As UTF-8 bytes: lxml refuses a string that declares a charset of its own.
        return lxml_html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _body(tree: lxml_html.HtmlElement, url: str, metadata: PageMetadata) -> str:
    # Half of what this package costs to import; only pages need it.
    import trafilatura

    try:
        text = trafilatura.extract(
            tree, fast=True, include_comments=False, include_tables=False, with_metadata=False
        )
    except Exception as error:  # noqa: BLE001 - hostile markup breaks it in many ways
        logger.info("no body could be extracted from %s: %r", url, error)
        return ""
    return _without_title(tidy(text or ""), metadata.title)[:_MAX_TEXT].strip()


def _without_title(text: str, title: str) -> str:
    """The body without the headline that some layouts repeat at its start."""
    if not title or not text.casefold().startswith(title.casefold()):
        return text
    rest = text[len(title) :]
    # "Strike" must not be cut off "Strikes reported": the headline ends where its words end.
    return text if rest[:1].isalnum() else rest.lstrip()
