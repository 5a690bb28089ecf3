"""What a reader is given, and what it makes of it: the stage between an answer and articles.

Answer (bytes of one address) → Reading (its entries, and what else to ask for) → Article.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer with status 200. `url` is where it came from, after redirects: relative
    links start there. `now` is aware UTC. Entries and addresses older than `since` are not wanted
    (None: the reader's own idea of recent)."""

    url: str
    body: bytes
    content_type: str | None
    now: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `url` is where its page is, `canonical_url` is its identity (never the guid).

    An entry without a usable link has no page: its `url` is the source's, and its identity is made
    from its words. `published` is aware UTC, a bare date, or None. `summary` is the longest text
    that the entry carries, be it a teaser or the whole article. `newsroom`, `country` and
    `language` are given by sources that gather what others publish; None means the source's own.
    """

    url: str
    canonical_url: str
    title: str = ""
    summary: str = ""
    published: datetime | date | None = None
    authors: tuple[str, ...] = ()
    has_page: bool = True
    newsroom: str | None = None
    country: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer held. `problem` is a sentence when it cannot be read as what it should be.

    `follow` are further addresses of the same source to ask for, the most promising first: the
    files of a sitemap index, the next page of a listing.
    """

    entries: tuple[Entry, ...] = ()
    language: str | None = None
    problem: str | None = None
    follow: tuple[str, ...] = field(default=())
