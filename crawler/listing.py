"""A section page to its entries (pure): by a selector, or by finding the article links itself."""

from itertools import islice

from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from crawler.charsets import decode
from crawler.entries import Link, distinct, entry_of, usable_link
from crawler.html_tree import html_hostility, html_tree
from crawler.languages import declared_language
from crawler.listing_anchors import anchors_of
from crawler.listing_cards import Cards, cards_of, date_beside
from crawler.listing_links import Anchor, chosen
from crawler.plaintext import tidy
from crawler.reading import Answer, Entry, Reading

MAX_BYTES = 4 * 1024 * 1024
MAX_ANCHORS = 5_000
MAX_ENTRIES = 200
_MAX_TITLE = 300


def parse_listing(answer: Answer, selector: str | None) -> Reading:
    """The links that `selector` chooses, or those that look like articles; never raises.

    A link that is chosen is believed. One that is found lies on the registered domain of the page,
    outside of its navigation, and its address, its words and its like speak for an article.
    """
    if len(answer.body) > MAX_BYTES:
        return Reading(problem=f"the page is larger than {MAX_BYTES // 1024 // 1024} MiB")
    text = decode(answer.body, answer.content_type)
    if problem := html_hostility(text):
        return Reading(problem=problem)
    tree = html_tree(text)
    if tree is None:
        return Reading(problem="this address answers something that is not an HTML page")
    elements = _selected(tree, selector) if selector else list(islice(tree.iter("a"), MAX_ANCHORS))
    anchors = list(anchors_of(elements, _base(tree, answer.url)))
    if not selector:
        anchors = chosen(anchors, answer.url)
    if not anchors:
        return Reading(problem=_why_nothing(selector))
    cards = cards_of(anchors)
    found = (_entry(link, same, cards, answer.url) for link, same in _by_link(anchors).items())
    return Reading(
        entries=distinct(islice(found, MAX_ENTRIES)),
        language=declared_language(tree.get("lang")),
    )


def wrong_selector(selector: str) -> str | None:
    """Why a CSS selector cannot be used, as a sentence; None for one that can."""
    try:
        CSSSelector(selector, translator="html")
    except (SelectorError, etree.LxmlError) as error:
        return f"{selector!r} is not a CSS selector: {str(error).rstrip('.')}."
    return None


def _why_nothing(selector: str | None) -> str:
    if selector:
        return f"the selector {selector!r} chooses no link on this page: look at the page again"
    return "no link on this page looks like an article: give the source a `links` selector"


def _base(tree: html.HtmlElement, url: str) -> str:
    declared = next((element.get("href") or "" for element in tree.iter("base")), "")
    base = usable_link(declared, url)
    return base.url if base else url


def _selected(tree: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """The anchors that are chosen, or lie first in what is chosen, in the order of the page."""
    try:
        found = CSSSelector(selector, translator="html")(tree)
    except (SelectorError, etree.LxmlError):
        return []
    anchors = (
        element if element.tag == "a" else next(element.iter("a"), None)
        for element in found[: 5 * MAX_ENTRIES]
    )
    return [anchor for anchor in anchors if anchor is not None]


def _by_link(anchors: list[Anchor]) -> dict[Link, list[Anchor]]:
    """Anchors of one article together: its picture, its headline, its 'read more'."""
    by_canonical: dict[str, tuple[Link, list[Anchor]]] = {}
    for anchor in anchors:
        by_canonical.setdefault(anchor.link.canonical, (anchor.link, []))[1].append(anchor)
    return dict(by_canonical.values())


def _entry(link: Link, anchors: list[Anchor], cards: Cards, page_url: str) -> Entry | None:
    best = max(anchors, key=lambda anchor: (anchor.in_heading, len(anchor.words)))
    dates = (date_beside(anchor.element, cards) for anchor in anchors)
    return entry_of(
        link,
        page_url,
        tidy(best.words)[:_MAX_TITLE].strip(),
        published=next((found for found in dates if found), None),
    )
