"""Which links of a section page lead to its articles (pure): several weak signs, added up."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html

from crawler.entries import Link, domain_of

#: The sum of signs from which a link is taken for an article's.
ENOUGH = 4
#: So many links of one shape are a list.
A_LIST = 4

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link of a page: its words, where it stands, and how much its address is an article's.

    `outside`: its markup is navigation's, a footer's, an aside's. `beside`: something around it is
    only named so, which pages do to what holds everything, too. `shape` is the markup around it.
    """

    element: html.HtmlElement
    link: Link
    words: str
    in_heading: bool
    outside: bool
    beside: bool
    shape: str
    likeness: int


def chosen(anchors: list[Anchor], page_url: str) -> list[Anchor]:
    """The anchors of articles, with all the other anchors of the same articles."""
    domain, itself = domain_of(page_url), urlsplit(page_url)
    here = f"{itself.path.rstrip('/')}?{itself.query}"
    candidates = [
        anchor
        for anchor in anchors
        if not anchor.outside
        and anchor.likeness >= 0
        and domain_of(anchor.link.url) == domain
        and _place(anchor.link.url) != here
    ]
    # A list is seen by its headlines: links with few words are not counted.
    headlines = [anchor for anchor in candidates if _headline(anchor.words) > 0]
    shapes = Counter({shape: len(urls) for shape, urls in _links_by_shape(headlines).items()})
    patterns = Counter(_pattern(url) for url in {anchor.link.canonical for anchor in headlines})
    articles = {
        anchor.link.canonical for anchor in candidates if _score(anchor, shapes, patterns) >= ENOUGH
    }
    return [anchor for anchor in candidates if anchor.link.canonical in articles]


def _links_by_shape(anchors: list[Anchor]) -> dict[str, set[str]]:
    by_shape: dict[str, set[str]] = {}
    for anchor in anchors:
        by_shape.setdefault(anchor.shape, set()).add(anchor.link.canonical)
    return by_shape


def _score(anchor: Anchor, shapes: Counter[str], patterns: Counter[str]) -> int:
    return (
        min(anchor.likeness, 4)
        + _headline(anchor.words)
        + (1 if anchor.in_heading else 0)
        - (3 if anchor.beside else 0)
        + (1 if shapes[anchor.shape] >= A_LIST else 0)
        + (1 if patterns[_pattern(anchor.link.canonical)] >= A_LIST else 0)
    )


def _headline(words: str) -> int:
    """Two for words of a headline's length, one for what might be one, −1 for a label.

    Letters that carry a word each (Chinese, Japanese, Korean, Thai) count as two.
    """
    wide = sum(1 for letter in words[:200] if unicodedata.east_asian_width(letter) in "WF")
    length, count = len(words) + wide, len(words.split()) + wide // 2
    if length >= 30 and count >= 4:
        return 2
    if length >= 18 and count >= 3:
        return 1
    return -1 if count <= 2 else 0


def _pattern(url: str) -> str:
    """The address with its numbers and its last step left open: `/news/politics/0/*`."""
    parts = urlsplit(url)
    steps = parts.path.strip("/").split("/")
    names = "&".join(pair.partition("=")[0] for pair in parts.query.split("&"))
    return _DIGITS.sub("0", "/".join([*steps[:-1], "*"])) + f"?{names}"


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path.rstrip('/')}?{parts.query}"
