"""Where a page states things about itself: one pass over the few elements that can (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

_TAGS = ("meta", "link", "title", "script", "h1", "time")
_NAMING = ("property", "name", "itemprop", "http-equiv")
# Blocks, and what is drawn as one: without a space their words would run into one another.
_BREAKING = frozenset(("br", "p", "div", "li", "ul", "h1", "h2", "h3", "h4", "section", "header"))
_UNSHOWN = frozenset(("script", "style", "svg", "noscript", "template", "button", "select"))
_MAX_TIMES = 60
_MAX_HEADINGS = 30
_MAX_DEPTH = 20
_MAX_LINKS = 10


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A <time> element; `headings` is how many <h1> stand before it."""

    element: HtmlElement
    headings: int


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What was found, in the page's order. `meta` has every content by lower-case name."""

    root: HtmlElement
    meta: Mapping[str, list[str]]
    linked_data: tuple[str, ...]
    canonicals: tuple[str, ...]
    document_title: str
    headings: tuple[HtmlElement, ...]
    times: tuple[TimeMark, ...]

    def first(self, *names: str) -> str:
        """The first content of the first of these meta names that has one, else an empty text."""
        return next((self.meta[name][0] for name in names if name in self.meta), "")


def read_marks(root: HtmlElement) -> PageMarks:
    """Collects the marks of one parsed page."""
    meta: dict[str, list[str]] = {}
    linked_data: list[str] = []
    canonicals: list[str] = []
    headings: list[HtmlElement] = []
    times: list[TimeMark] = []
    title = ""
    for element in root.iter(*_TAGS):
        tag = element.tag
        if tag == "meta":
            _add_meta(meta, element)
        elif tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                linked_data.append(element.text)
        elif tag == "link":
            href = element.get("href")
            if (
                len(canonicals) < _MAX_LINKS
                and href
                and "canonical" in (element.get("rel") or "").lower().split()
            ):
                canonicals.append(href)
        elif tag == "title":
            title = title or shown_text(element)
        elif tag == "h1" and len(headings) < _MAX_HEADINGS:
            headings.append(element)
        elif tag == "time" and len(times) < _MAX_TIMES:
            times.append(TimeMark(element, len(headings)))
    return PageMarks(
        root, meta, tuple(linked_data), tuple(canonicals), title, tuple(headings), tuple(times)
    )


def shown_text(element: HtmlElement, limit: int = 600) -> str:
    """The words that a reader sees in an element, on one line, at most `limit` characters."""
    pieces: list[str] = []
    # Indentation takes room, too, and is no text.
    _gather(element, pieces, 4 * limit, 0)
    return " ".join("".join(pieces).split())[:limit]


def _add_meta(meta: dict[str, list[str]], element: HtmlElement) -> None:
    content = element.get("content")
    if not content or not (content := content.strip()):
        return
    for attribute in _NAMING:
        if name := element.get(attribute):
            meta.setdefault(name.strip().lower(), []).append(content)


def _gather(element: HtmlElement, pieces: list[str], room: int, depth: int) -> int:
    """Adds the text of an element; gives back what room is left."""
    if element.text:
        pieces.append(element.text)
        room -= len(element.text)
    for child in element:
        if room <= 0:
            break
        tag = child.tag
        if isinstance(tag, str) and tag not in _UNSHOWN and depth < _MAX_DEPTH:
            breaks = tag in _BREAKING
            if breaks:
                pieces.append(" ")
            room = _gather(child, pieces, room, depth + 1)
            if breaks:
                pieces.append(" ")
        if child.tail:
            pieces.append(child.tail)
            room -= len(child.tail)
    return room
