"""From the words and the link of one entry to an `Entry`, whatever kind of source it came from."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urljoin

from crawler.dates import as_instant, stated_time
from crawler.reading import Entry
from crawler.urls import canonical_url, registered_domain

MAX_SUMMARY = 50_000
_MAX_URL = 2_083


class Link(NamedTuple):
    """An absolute http(s) address, and the canonical one that stands for it."""

    url: str
    canonical: str


def usable_link(candidate: str, base_url: str) -> Link | None:
    """The link that `candidate` means on `base_url`; None if it is none that can be followed."""
    candidate = candidate.strip()
    if not candidate or len(candidate) > _MAX_URL:
        return None
    try:
        # Joining takes a fifth of a sitemap's time, and does nothing to what is absolute.
        absolute = candidate.startswith(("https://", "http://"))
        url = candidate if absolute else urljoin(base_url, candidate)
        return Link(url, canonical_url(url))
    except ValueError:
        return None


def entry_of(
    link: Link | None,
    source_url: str,
    title: str,
    summary: str = "",
    published: datetime | date | None = None,
    authors: tuple[str, ...] = (),
    newsroom: str | None = None,
    language: str | None = None,
) -> Entry | None:
    """The entry behind a usable link, or one made of its words alone; None where both are missing.

    `source_url` is the address that listed it.
    """
    if not link and not title and not summary:
        return None
    return Entry(
        url=link.url if link else source_url,
        canonical_url=link.canonical if link else of_words(source_url, title, summary),
        title=title,
        summary="" if summary == title else summary,
        published=published,
        authors=authors,
        has_page=link is not None,
        newsroom=newsroom,
        language=language,
    )


def of_words(source_url: str, title: str, summary: str) -> str:
    """The identity of an entry that has no address: the same words, the same identity."""
    digest = hashlib.sha256(f"{title}\n{summary}".encode()).hexdigest()[:32]
    separator = "&" if "?" in source_url else "?"
    return canonical_url(f"{source_url.partition('#')[0]}{separator}entry={digest}")


def distinct(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """The first entry of every identity, in their order."""
    by_identity: dict[str, Entry] = {}
    for entry in entries:
        if entry is not None:
            by_identity.setdefault(entry.canonical_url, entry)
    return tuple(by_identity.values())


def instant_or_day(text: str) -> datetime | date | None:
    """A stated time in UTC, or its day alone where no offset says when exactly it was."""
    stated = stated_time(text)
    if isinstance(stated, datetime) and stated.tzinfo is None:
        return stated.date()
    return as_instant(stated)


def domain_of(url: str) -> str | None:
    """The registered domain of an address; None where there is none to be had."""
    try:
        return registered_domain(url)
    except ValueError:
        return None


def is_older(published: datetime | date, since: datetime) -> bool:
    """Whether something lies before `since`; a bare day only if all of it does."""
    if isinstance(published, datetime):
        return published < since
    return published < since.date()
