"""From the links of a page's markup to `Anchor`s (pure): what they say and where they stand."""

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml import etree, html

from crawler.article_links import article_likeness
from crawler.entries import usable_link
from crawler.listing_links import Anchor

_MAX_ANCESTORS = 40
#: Characters before a link from which it is part of a sentence; a date is shorter.
_WORDS_BEFORE = 30

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OUTSIDE = frozenset({"nav", "footer", "aside", "form", "dialog", "noscript", "template"})
_INVISIBLE = frozenset({"script", "style", "noscript", "template", "svg", "time"})
_BESIDE = frozenset({
    "nav", "navbar", "navigation", "menu", "submenu", "footer", "sidebar", "breadcrumb",
    "breadcrumbs", "pagination", "pager", "cookie", "social", "share", "banner", "advert", "ads",
    "tags", "tagcloud", "language", "languages", "popup", "modal",
})  # fmt: skip
_NAME_PARTS = re.compile(r"[^a-z0-9]+")


def anchors_of(elements: list[html.HtmlElement], base: str) -> Iterator[Anchor]:
    """Those that lead anywhere. `base` is where relative links start."""
    for element in elements:
        link = usable_link(element.get("href") or "", base)
        if link is None:
            continue
        above = list(islice(element.iterancestors(), _MAX_ANCESTORS))
        within = _within([element, *above])
        heading = _heading(element, above)
        yield Anchor(
            element=element,
            link=link,
            words=_words(heading if heading is not None else element),
            in_heading=heading is not None,
            outside=any(_is_outside(e) for e in within) or _in_a_sentence(element, above),
            beside=any(_is_beside(e) for e in within),
            shape="/".join(_shape(e) for e in (element, *above[:4])),
            likeness=article_likeness(link.url),
        )


def _heading(element: html.HtmlElement, above: list[html.HtmlElement]) -> html.HtmlElement | None:
    """The heading around an anchor, or the one within it."""
    around = next((e for e in above[:3] if e.tag in _HEADINGS), None)
    if around is not None:
        return element
    return next((e for e in islice(element.iter(), 50) if e.tag in _HEADINGS), None)


def _within(around: list[html.HtmlElement]) -> list[html.HtmlElement]:
    """The elements around an anchor, from itself to where the page's content begins."""
    bounds = ("body", "main", "article")
    return list(takewhile(lambda element: element.tag not in bounds, around))


def _is_outside(element: html.HtmlElement) -> bool:
    return element.tag in _OUTSIDE or element.get("role") == "navigation"


def _in_a_sentence(element: html.HtmlElement, above: list[html.HtmlElement]) -> bool:
    """Whether words of its paragraph go before a link: a headline stands first, or alone."""
    paragraph = next((one for one in above[:3] if one.tag == "p"), None)
    if paragraph is None:
        return False
    length = 0
    for _, part in etree.iterwalk(paragraph, events=("start",)):
        if part is element or length > _WORDS_BEFORE:
            break
        length += len((part.text or "").strip())
        previous = part.getprevious()
        if previous is not None:
            length += len((previous.tail or "").strip())
    before = element.getprevious()
    beside = before.tail if before is not None else None
    return length + len((beside or "").strip()) > _WORDS_BEFORE


def _is_beside(element: html.HtmlElement) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:200].lower()
    return not _BESIDE.isdisjoint(_NAME_PARTS.split(named))


def _shape(element: html.HtmlElement) -> str:
    return f"{element.tag}.{(element.get('class') or '')[:60]}"


def _words(element: html.HtmlElement) -> str:
    """What is read on an element, without the dates and counters beside its headline."""
    pieces: list[str] = []
    hidden = 0
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if part.tag in _INVISIBLE:
            hidden += 1 if event == "start" else -1
        piece = part.text if event == "start" else (part.tail if part is not element else None)
        if piece and not hidden:
            pieces.append(piece)
        if event == "start" and len(pieces) > 200:
            break
    words = " ".join(" ".join(pieces).split())
    return words or " ".join((element.get("title") or element.get("aria-label") or "").split())
