"""Feeds that are JSON to entries (pure): JSON Feed 1.0 and 1.1, and WordPress's posts.

https://www.jsonfeed.org/version/1.1/
https://developer.wordpress.org/rest-api/reference/posts/
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from crawler.dates import as_instant, stated_time
from crawler.entries import MAX_SUMMARY, Link, distinct, entry_of, instant_or_day, usable_link
from crawler.languages import declared_language
from crawler.plaintext import one_line, plain_text
from crawler.reading import Entry, Reading

_MAX_AUTHORS = 20


def parse_json_feed(text: str, url: str, most: int) -> Reading:
    """Reads at most `most` entries; never raises. `url` is where relative links start."""
    try:
        found = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return Reading(problem="this address answers broken or unfinished JSON, not a feed")
    if isinstance(found, dict) and "jsonfeed.org/version/" in _text(found.get("version")):
        return _json_feed(found, url, most)
    if isinstance(found, list) and (not found or _is_post(found[0])):
        return Reading(entries=distinct(_post(post, url) for post in _objects(found[:most])))
    if isinstance(found, dict) and _text(found.get("code")).startswith("rest_"):
        return Reading(problem=f"WordPress refuses its posts: {one_line(str(found['code']), 100)}")
    return Reading(problem="this address answers JSON, not a feed: neither JSON Feed nor WordPress")


def _json_feed(feed: dict[str, Any], url: str, most: int) -> Reading:
    items = feed.get("items")
    if not isinstance(items, list):
        return Reading(problem="this JSON Feed has no list of items")
    authors = _authors(feed)
    return Reading(
        entries=distinct(_item(item, authors, url) for item in _objects(items[:most])),
        language=declared_language(feed.get("language")),
    )


def _item(item: dict[str, Any], feed_authors: tuple[str, ...], url: str) -> Entry | None:
    return entry_of(
        link=_link(item, url),
        source_url=url,
        title=one_line(_text(item.get("title"))),
        summary=max(_bodies(item), key=len),
        published=_published(item),
        authors=_authors(item) or feed_authors,
        language=declared_language(item.get("language")),
    )


def _link(item: dict[str, Any], url: str) -> Link | None:
    # The id is an address by recommendation only, so it must look like one in full.
    identity = _text(item.get("id"))
    candidates = [_text(item.get("url")), _text(item.get("external_url"))]
    candidates += [identity] if identity.startswith(("https://", "http://")) else []
    return next((link for c in candidates if (link := usable_link(c, url))), None)


def _bodies(item: dict[str, Any]) -> list[str]:
    return [
        plain_text(_text(item.get("content_html")), MAX_SUMMARY),
        # These two are text by definition: what looks like a tag in them is none.
        plain_text(escape(_text(item.get("content_text")), quote=False), MAX_SUMMARY),
        plain_text(escape(_text(item.get("summary")), quote=False), MAX_SUMMARY),
    ]


def _published(item: dict[str, Any]) -> datetime | date | None:
    stated = (_text(item.get(name)) for name in ("date_published", "date_modified"))
    return next((moment for text in stated if (moment := instant_or_day(text))), None)


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) and listed else [holder.get("author")]
    names = (one_line(_text(person.get("name")), 200) for person in _objects(people))
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_AUTHORS]


def _is_post(found: object) -> bool:
    return isinstance(found, dict) and "link" in found and isinstance(found.get("title"), dict)


def _post(post: dict[str, Any], url: str) -> Entry | None:
    bodies = (plain_text(_rendered(post, name), MAX_SUMMARY) for name in ("content", "excerpt"))
    return entry_of(
        link=usable_link(_text(post.get("link")), url),
        source_url=url,
        title=one_line(_rendered(post, "title")),
        summary=max(bodies, key=len),
        published=_utc(_text(post.get("date_gmt"))) or instant_or_day(_text(post.get("date"))),
    )


def _utc(text: str) -> datetime | date | None:
    """WordPress's `date_gmt`: UTC, though it does not say so."""
    stated = stated_time(text)
    if isinstance(stated, datetime) and stated.tzinfo is None:
        return stated.replace(tzinfo=UTC)
    return as_instant(stated)


def _rendered(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _objects(values: Iterable[object]) -> Iterable[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
