"""The elements around a headline, nearest first, without a walk through the whole page (pure)."""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.body.worth import weight
from crawler.byline import looks_like_people
from crawler.page_marks import shown_text

#: A teaser of another article: at most so many elements around its date, so many characters, and
#: a link of so many letters in it.
_MAX_LEVELS, _MAX_TEASER, _TITLE = 4, 400, 20
_MAX_ELEMENTS = 100
#: A menu before the headline may have thousands of elements.
_MAX_IN_SIBLING = 300


def behind(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Every element that begins behind a heading, in the page's order."""
    node: HtmlElement | None = heading
    while node is not None:
        for sibling in node.itersiblings():
            yield from _elements(sibling)
        node = node.getparent()


def before(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that end before a heading, the nearest first, and those in it."""
    yield from _elements(heading)
    node: HtmlElement | None = heading
    while node is not None:
        for sibling in node.itersiblings(preceding=True):
            yield from reversed(list(islice(_elements(sibling), _MAX_IN_SIBLING)))
        node = node.getparent()


def is_in_teaser(element: HtmlElement, heading: HtmlElement | None) -> bool:
    """Whether an element lies in a box that holds the linked title of an article, but not the
    headline."""
    if heading is None:
        return False
    around_heading = {heading, *heading.iterancestors()}
    for box in islice(element.iterancestors(), _MAX_LEVELS):
        if (
            box in around_heading
            or _is_crowded(box)
            or len(shown_text(box, _MAX_TEASER + 1)) > _MAX_TEASER
        ):
            return False
        links = (box,) if box.tag == "a" else box.iter("a")
        if any(_is_title(shown_text(link, _MAX_TEASER)) for link in links):
            return True
    return False


def _is_crowded(box: HtmlElement) -> bool:
    return next(islice(box.iter(), _MAX_ELEMENTS, None), None) is not None


def _is_title(words: str) -> bool:
    signs = "".join(c for c in words if not c.isspace() and not c.isdigit())
    return weight(signs) >= _TITLE and not looks_like_people((words.strip(),))


def from_start(root: HtmlElement) -> Iterator[HtmlElement]:
    """Every element of the body, where a page has no headline to start from."""
    body = root.find("body")
    return _elements(root if body is None else body)


def _elements(root: HtmlElement) -> Iterator[HtmlElement]:
    return (element for element in root.iter() if isinstance(element.tag, str))
