"""A feed's bytes to its entries (pure): feedparser, fenced in, and what JSON has for feeds."""

import logging
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from time import struct_time

import feedparser
import re2

from crawler.charsets import decode
from crawler.dates import as_instant, stated_time
from crawler.entries import MAX_SUMMARY, distinct, domain_of, entry_of, usable_link
from crawler.json_feed import parse_json_feed
from crawler.languages import declared_language
from crawler.plaintext import one_line, plain_text
from crawler.reading import Entry, Reading
from crawler.xml_fence import hostility, utf8_without_prolog

MAX_BYTES = 4 * 1024 * 1024
MAX_ENTRIES = 500
_MAX_AUTHORS = 20
_ROOT = re2.compile(r"^(?:<[?!][^>]*>\s*)*<([a-z_][a-z0-9_:.-]{0,40})[\s/>]")

logger = logging.getLogger(__name__)


def parse_feed(body: bytes, content_type: str | None, url: str) -> Reading:
    """Reads RSS, Atom, RDF, JSON Feed and WordPress's posts; fetches nothing and never raises.

    `url` is where the body came from: relative links start there.
    """
    if len(body) > MAX_BYTES:
        return Reading(problem=f"the feed is larger than {MAX_BYTES // 1024 // 1024} MiB")
    text = decode(body, content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return parse_json_feed(text, url, MAX_ENTRIES)
    return _xml_feed(text, url)


def _xml_feed(text: str, url: str) -> Reading:
    if problem := hostility(text, "the feed"):
        return Reading(problem=problem)
    try:
        parsed = _feedparsed(text)
    except Exception as error:  # noqa: BLE001 - feedparser meets hostile input; the crawl goes on
        logger.warning("feedparser failed on %s: %r", url, error)
        return Reading(problem=f"the feed cannot be parsed ({type(error).__name__})")
    entries = distinct(_entry(raw, url) for raw in parsed.entries[:MAX_ENTRIES])
    if not entries and not parsed.get("version"):
        return Reading(problem=what_it_is_instead(text, "a feed"))
    return Reading(entries=entries, language=declared_language(parsed.feed.get("language")))


def what_it_is_instead(text: str, wanted: str) -> str:
    """A sentence that names what an address answers in place of what was `wanted` of it."""
    start = text[:2_000].lstrip("\ufeff \t\r\n").lower()
    if not start:
        return f"this address answers an empty body, not {wanted}"
    if "<html" in start or start.startswith("<!doctype html"):
        return f"this address answers HTML, not {wanted}"
    if "<opml" in start:
        return f"this address answers OPML (a list of feeds), not {wanted}: choose a feed from it"
    if root := _ROOT.search(start):
        return f"this address answers XML that is not {wanted}: its root is <{root.group(1)}>"
    return f"this address answers something that is not {wanted}"


def _feedparsed(text: str) -> feedparser.FeedParserDict:
    # BytesIO, always: given a string or bytes, feedparser opens what looks like a path or an
    # address.
    return feedparser.parse(
        BytesIO(utf8_without_prolog(text)),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _entry(raw: dict[str, object], feed_url: str) -> Entry | None:
    title = one_line(_text(raw.get("title")))
    summary = plain_text(_longest_body(raw), MAX_SUMMARY)
    newsroom = None
    if publisher := _publisher_behind(title, raw.get("source")):
        suffix, newsroom = publisher
        # What an aggregator says below its headline is other headlines, and the publisher's name.
        title, summary = title[: -len(suffix)].rstrip(), ""
    return entry_of(
        # FeedBurner's own link only counts clicks.
        link=usable_link(_text(raw.get("feedburner_origlink") or raw.get("link")), feed_url),
        source_url=feed_url,
        title=title,
        summary=summary,
        published=_published(raw),
        authors=_authors(raw),
        newsroom=newsroom,
    )


def _publisher_behind(title: str, source: object) -> tuple[str, str] | None:
    """The ending of an aggregator's title that names the publisher, and the publisher's domain.

    A newsroom that names in `<source>` whom it quotes is no aggregator: its titles end otherwise.
    """
    if not isinstance(source, Mapping):
        return None
    suffix = f" - {one_line(_text(source.get('title')))}"
    domain = domain_of(_text(source.get("href")))
    if domain is None or len(suffix) <= 3 or not title.casefold().endswith(suffix.casefold()):
        return None
    return suffix, domain


def _longest_body(raw: Mapping[str, object]) -> str:
    bodies = [_text(raw.get("summary"))]
    contents = raw.get("content")
    if isinstance(contents, list):
        bodies += [_text(c.get("value")) for c in contents if isinstance(c, Mapping)]
    return max(bodies, key=len)


def _published(raw: dict[str, object]) -> datetime | date | None:
    for name in ("published", "updated", "created"):
        # dict.get itself: feedparser's own answers for `updated` with `published`, and complains.
        text = _text(dict.get(raw, name))
        if not text:
            continue
        if stated := as_instant(stated_time(text)):
            return stated
        if moment := _from_struct(dict.get(raw, f"{name}_parsed")):
            return moment
    return None


def _from_struct(parsed: object) -> datetime | None:
    """What feedparser made of a date in a spelling of its own collection, in UTC."""
    if not isinstance(parsed, struct_time):
        return None
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 1990 <= moment.year <= 2100 else None


def _authors(raw: Mapping[str, object]) -> tuple[str, ...]:
    people = raw.get("authors")
    if not isinstance(people, list):
        return ()
    names = [one_line(_text(p.get("name")), 200) for p in people if isinstance(p, Mapping)]
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_AUTHORS]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
