"""The words of an article where somebody has said where on the page they stand (pure)."""

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.body.page import read_page
from crawler.body.text import ArticleText


def chosen_text(root: HtmlElement, selector: str) -> ArticleText | None:
    """The words of what a CSS selector chooses, in the order of the page; None where it chooses
    none, or is no selector."""
    try:
        found = CSSSelector(selector, translator="html")(root)
    except (SelectorError, etree.LxmlError):
        return None
    outermost = [element for element in found if not _lies_in(element, set(found))]
    lines = [passage.text for element in outermost for passage in read_page(element).passages]
    return ArticleText("\n".join(lines)) if lines else None


def _lies_in(element: HtmlElement, others: set[HtmlElement]) -> bool:
    return any(ancestor in others for ancestor in element.iterancestors())
