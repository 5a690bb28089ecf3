"""The date that a section page shows beside a headline (pure)."""

from datetime import date, datetime
from itertools import islice

from lxml import html

from crawler.entries import instant_or_day
from crawler.listing_links import Anchor

#: The article whose words an element holds; None for an element that holds several articles'.
Cards = dict[html.HtmlElement, str | None]

_MAX_ANCESTORS = 8
_MAX_CARD = 400
_DATE_WORDS = ("date", "time", "tarix", "data", "publish")


def cards_of(anchors: list[Anchor]) -> Cards:
    """Which elements around the anchors belong to one article alone."""
    cards: Cards = {}
    for anchor in anchors:
        identity = anchor.link.canonical
        for element in islice(anchor.element.iterancestors(), _MAX_ANCESTORS):
            if cards.setdefault(element, identity) != identity:
                cards[element] = None
    return cards


def date_beside(anchor: html.HtmlElement, cards: Cards) -> datetime | date | None:
    """The date on the card of an article: the widest element that holds no other article."""
    card = anchor
    for element in islice(anchor.iterancestors(), _MAX_ANCESTORS):
        if cards.get(element) is None or element.tag in ("body", "html", "main"):
            break
        card = element
    return next(
        (
            found
            for element in islice(card.iter(), _MAX_CARD)
            for stated in _stated_dates(element)
            if (found := instant_or_day(stated))
        ),
        None,
    )


def _stated_dates(element: html.HtmlElement) -> list[str]:
    if element.tag == "time":
        return [element.get("datetime") or "", "".join(element.itertext())[:64]]
    named = (element.get("class") or "").lower()
    if any(word in named for word in _DATE_WORDS) and len(element) <= 2:
        return ["".join(element.itertext())[:64]]
    return []
