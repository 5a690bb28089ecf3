"""The article: the frozen, versioned message that leaves the crawler."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ARTICLE_VERSION = 1

#: Where a publication time came from, from the most to the least trustworthy. `given` means that
#: whoever handed the article in said so (`dyadwatch ingest`).
PublishedFrom = Literal["given", "feed", "page", "url"]

#: How much of the article has been read: the feed's entry alone, or its page. Whoever hands in an
#: article from outside hands in all there is: `page`.
Stage = Literal["feed", "page"]


@dataclass(frozen=True, slots=True)
class Article:
    """One page of a newsroom, identified by `canonical_url`.

    `published` is an aware UTC datetime, or a bare date where only the day is known (it never
    becomes midnight), or None. `fetched` is aware UTC: when these words were first in our hands.
    `language` is what the page or the feed declares, not what it is written in; classification
    decides that. `first_poll` marks what was already there when its source was first polled or
    polled again after an outage: without a date of its own it is history, not news. `aliases` are
    other canonical addresses that turned out to lead here (a redirect, an address that the page
    disowns): what is stored under them is this article.
    """

    url: str
    canonical_url: str
    source: str
    newsroom: str
    fetched: datetime
    title: str = ""
    text: str = ""
    country: str | None = None
    language: str | None = None
    published: datetime | date | None = None
    published_from: PublishedFrom | None = None
    authors: tuple[str, ...] = ()
    stage: Stage = "page"
    topical: bool = False
    first_poll: bool = False
    aliases: tuple[str, ...] = ()
    id: str | None = None
    version: int = ARTICLE_VERSION
