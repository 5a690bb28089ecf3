"""The elements around a headline, nearest first, without a walk through the whole page (pure)."""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

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


def from_start(root: HtmlElement) -> Iterator[HtmlElement]:
    """Every element of the body, where a page has no headline to start from."""
    body = root.find("body")
    return _elements(root if body is None else body)


def _elements(root: HtmlElement) -> Iterator[HtmlElement]:
    return (element for element in root.iter() if isinstance(element.tag, str))
