"""A feed's bytes to its entries (pure): feedparser, fenced in.

The body is decoded here and refused when it declares entities, is too large or nests too deep:
expansion and depth are what hostile XML lives on, and what feedparser spends minutes on.
"""

import hashlib
import json
import logging
from calendar import timegm
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from time import struct_time
from urllib.parse import urljoin

import feedparser
import re2

from crawler.charsets import decode
from crawler.dates import as_instant, stated_time
from crawler.plaintext import one_line, plain_text
from crawler.urls import canonical_url

MAX_BYTES = 4 * 1024 * 1024
MAX_ENTRIES = 500
MAX_DEPTH = 100
MAX_ATTRIBUTES = 5_000
_MAX_URL = 2_083
_MAX_TEXT = 50_000

_PROLOG = re2.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY_DECLARATION = re2.compile(r"(?i)<!ENTITY")
_CDATA_OR_COMMENT = re2.compile(r"(?s)<!\[CDATA\[.*?\]\]>|<!--.*?-->")
_TAG = re2.compile(r"<(/?)[A-Za-z_][^<>]*?(/?)>")
_LANGUAGE = re2.compile(r"^([A-Za-z]{2})(?:[-_].*)?$")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `url` is where its page is, `canonical_url` is its identity (never the guid).

    An entry without a usable link has no page: its `url` is the feed's, and its identity is made
    from its words. `published` is aware UTC, a bare date, or None.
    """

    url: str
    canonical_url: str
    title: str
    summary: str
    published: datetime | date | None
    authors: tuple[str, ...] = ()
    has_page: bool = True


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed's body held; `problem` is a sentence when it is no feed that can be read."""

    entries: tuple[FeedEntry, ...] = ()
    language: str | None = None
    problem: str | None = None


def parse_feed(body: bytes, content_type: str | None, url: str) -> ParsedFeed:
    """Reads RSS, Atom or RDF; never fetches anything and never raises.

    `url` is where the body came from: relative links start there.
    """
    if len(body) > MAX_BYTES:
        return ParsedFeed(problem=f"the feed is larger than {MAX_BYTES // 1024 // 1024} MiB")
    text = decode(body, content_type)
    if problem := _hostility(text):
        return ParsedFeed(problem=problem)
    try:
        parsed = _feedparsed(text)
    except Exception as error:  # noqa: BLE001 - feedparser meets hostile input; the crawl goes on
        logger.warning("feedparser failed on %s: %r", url, error)
        return ParsedFeed(problem=f"the feed cannot be parsed ({type(error).__name__})")
    entries = _distinct(_entry(raw, url) for raw in parsed.entries[:MAX_ENTRIES])
    if not entries and not parsed.get("version"):
        return ParsedFeed(problem=_what_it_is_instead(text))
    return ParsedFeed(entries=entries, language=declared_language(parsed.feed.get("language")))


def declared_language(tag: object) -> str | None:
    """ISO 639-1 of a language tag like `az-AZ`, None for anything else."""
    match = _LANGUAGE.match(tag.strip()) if isinstance(tag, str) else None
    return str(match.group(1)).lower() if match else None


def _hostility(text: str) -> str | None:
    if _ENTITY_DECLARATION.search(text):
        return "the feed declares entities of its own (a DTD), which is how XML bombs work: refused"
    if _depth(text) > MAX_DEPTH:
        return f"the feed nests its tags deeper than {MAX_DEPTH}: refused"
    if _attributes(text) > MAX_ATTRIBUTES:
        return f"the feed has a tag with more than {MAX_ATTRIBUTES} attributes: refused"
    return None


def _attributes(text: str) -> int:
    """The most attributes that one tag may have; parsers spend quadratic time on them."""
    return max(
        (piece.count("='") + piece.count('="') for piece in text.split("<") if len(piece) > 9_999),
        default=0,
    )


def _depth(text: str) -> int:
    """How deep tags nest, at most; unclosed ones count, as a lenient parser takes them."""
    depth = deepest = 0
    for tag in _TAG.finditer(_CDATA_OR_COMMENT.sub("", text)):
        closing, empty = tag.groups()
        if closing:
            depth = max(0, depth - 1)
        elif not empty:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                break
    return deepest


def _feedparsed(text: str) -> feedparser.FeedParserDict:
    # BytesIO, always: given a string or bytes, feedparser opens what looks like a path or an
    # address. The text is UTF-8 now, so a declaration of another charset would be a lie.
    utf8 = _PROLOG.sub("", text).encode("utf-8", errors="replace")
    return feedparser.parse(
        BytesIO(utf8),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _entry(raw: dict[str, object], feed_url: str) -> FeedEntry | None:
    title = one_line(_text(raw.get("title")))
    summary = plain_text(_longest_body(raw), _MAX_TEXT)
    link = _link(raw, feed_url)
    if not link and not title and not summary:
        return None
    canonical = canonical_url(link) if link else _identity_of_words(feed_url, title, summary)
    return FeedEntry(
        url=link or feed_url,
        canonical_url=canonical,
        title=title,
        summary="" if summary == title else summary,
        published=_published(raw),
        authors=_authors(raw),
        has_page=link is not None,
    )


def _distinct(entries: Iterable[FeedEntry | None]) -> tuple[FeedEntry, ...]:
    by_identity: dict[str, FeedEntry] = {}
    for entry in entries:
        if entry is not None:
            by_identity.setdefault(entry.canonical_url, entry)
    return tuple(by_identity.values())


def _link(raw: Mapping[str, object], feed_url: str) -> str | None:
    candidate = _text(raw.get("link")).strip()
    if not candidate or len(candidate) > _MAX_URL:
        return None
    try:
        link = urljoin(feed_url, candidate)
        canonical_url(link)
    except ValueError:
        return None
    return link


def _identity_of_words(feed_url: str, title: str, summary: str) -> str:
    digest = hashlib.sha256(f"{title}\n{summary}".encode()).hexdigest()[:32]
    separator = "&" if "?" in feed_url else "?"
    return canonical_url(f"{feed_url.partition('#')[0]}{separator}entry={digest}")


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
    return tuple(dict.fromkeys(name for name in names if name))[:20]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _what_it_is_instead(text: str) -> str:
    start = text[:2_000].lstrip("\ufeff \t\r\n").lower()
    if not start:
        return "this address answers an empty body, not a feed"
    if "<html" in start or start.startswith("<!doctype html"):
        return "this address answers HTML, not a feed"
    if start[0] in "{[" and _is_json(text):
        return "this address answers JSON, not a feed"
    if start.startswith(("<?xml", "<")):
        return "this address answers XML that is not a feed"
    return "this address answers something that is not a feed"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
