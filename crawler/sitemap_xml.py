"""The XML of a sitemap, taken apart piece by piece (pure): hostile files cost little memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from lxml import etree

from crawler.entries import instant_or_day
from crawler.languages import declared_language
from crawler.plaintext import one_line
from crawler.sitemap_files import Listed

#: Tags within one address, and how deep they nest: more is made to fill memory.
MAX_TAGS_AT_ONCE = 5_000
MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class News:
    """The `news:` block of one address."""

    title: str
    published: datetime | date | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """One address of a sitemap that may be an article's."""

    loc: str
    lastmod: datetime | date | None = None
    news: News | None = None

    @property
    def moment(self) -> datetime | date | None:
        return (self.news.published if self.news else None) or self.lastmod


class HostileXml(Exception):
    """This XML is made to cost us; the message is a sentence."""


def listed_in(utf8: bytes) -> Iterator[tuple[str, Listed | Found | None]]:
    """First the name of the root alone, then whatever lies in it, with the root's name."""
    parsing = etree.iterparse(
        BytesIO(utf8),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root, depth, tags = None, 0, 0
    for event, element in parsing:
        depth += 1 if event == "start" else -1
        tags += 1
        if depth > MAX_DEPTH:
            raise HostileXml(f"the sitemap nests its tags deeper than {MAX_DEPTH}: refused")
        if tags > 2 * MAX_TAGS_AT_ONCE:
            many = MAX_TAGS_AT_ONCE
            raise HostileXml(f"the sitemap has an address of more than {many} tags: refused")
        if root is None:
            root = _name(element)
            yield root, None
        elif event == "end" and depth == 1:
            yield root, _one(element)
            tags = 0
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _one(element: etree._Element) -> Listed | Found | None:
    name = _name(element)
    if name not in ("url", "sitemap"):
        return None
    fields = {_name(child): child for child in element}
    loc, lastmod = _text(fields.get("loc")), instant_or_day(_text(fields.get("lastmod")))
    if name == "sitemap":
        return Listed(loc, lastmod)
    return Found(loc, lastmod, _news(fields.get("news")))


def _news(block: etree._Element | None) -> News | None:
    if block is None:
        return None
    fields = {_name(child): child for child in block.iter()}
    return News(
        title=one_line(_text(fields.get("title"))),
        published=instant_or_day(_text(fields.get("publication_date"))),
        language=declared_language(_text(fields.get("language"))),
    )


def _name(element: etree._Element) -> str:
    """The local name, whatever its namespace is, or is missing."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
