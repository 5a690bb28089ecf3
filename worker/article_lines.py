"""Articles as JSON lines, in and out: the article record of `contract.md`, read strictly (pure).

A bad line is a `LineFault` that says what is wrong; the lines after it are read all the same.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from crawler.article import Article
from crawler.source import Source
from crawler.urls import canonical_url, registered_domain
from worker.moments import parse_moment, written

KEYS = (
    "id",
    "url",
    "source",
    "newsroom",
    "country",
    "title",
    "text",
    "language",
    "published",
    "fetched",
)
#: A line is one article; one that is longer than this is a file that was read wrongly.
LONGEST_LINE = 10 * 1024 * 1024

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that is not an article: its 1-based number, its id if it has one, and a sentence."""

    number: int
    sentence: str
    id: str | None = None


class _Unusable(ValueError):
    """A value of the record that cannot be used; the message names the key."""


def read_articles(
    lines: Iterable[bytes], sources: Mapping[str, Source], now: datetime
) -> Iterator[Article | LineFault]:
    """One article or fault for each line that is not blank, in order.

    `sources` (by id) fill in what a line leaves out: newsroom, country, language. A source or
    newsroom that is not named becomes the address's registered domain. `now` is the time of
    fetching where a line has none.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        record: Mapping[str, object] = {}
        try:
            record = _parse(line)
            yield _article(record, sources, now)
        except _Unusable as fault:
            yield LineFault(number, str(fault), _identity(record))


class Recordable(Protocol):
    """What the record says of an article, be it a message or a stored row."""

    @property
    def id(self) -> str | None: ...
    @property
    def url(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def newsroom(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def published(self) -> datetime | date | None: ...
    @property
    def fetched(self) -> datetime: ...


def article_record(article: Recordable) -> dict[str, Any]:
    """The record of one article: every key present, missing values null."""
    return {
        "id": article.id or article.url,
        "url": article.url,
        "source": article.source,
        "newsroom": article.newsroom,
        "country": article.country,
        "title": article.title or None,
        "text": article.text or None,
        "language": article.language,
        "published": written(article.published),
        "fetched": written(article.fetched),
    }


def _parse(line: bytes) -> Mapping[str, object]:
    if len(line) > LONGEST_LINE:
        raise _Unusable(f"this line is longer than {LONGEST_LINE} bytes; one line is one article.")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _Unusable("this line is not UTF-8; save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise _Unusable(
            f"this is not complete JSON ({error.msg}, column {error.colno}); "
            "write one whole object on the line."
        ) from None
    except RecursionError:
        raise _Unusable("this JSON is nested too deeply; an article is a flat object.") from None
    except ValueError:
        # Python refuses to read a number of thousands of digits.
        raise _Unusable("this holds a number that is too long to read.") from None
    if not isinstance(record, dict):
        raise _Unusable("this is not a JSON object; an article is written as {…}.")
    return record


def _article(record: Mapping[str, object], sources: Mapping[str, Source], now: datetime) -> Article:
    unknown = sorted(set(record) - set(KEYS))
    if unknown:
        raise _Unusable(
            f"unknown key {', '.join(map(repr, unknown))}; known are {', '.join(KEYS)}."
        )
    if record.get("id") is not None and _identity(record) is None:
        raise _Unusable(f"id: {record['id']!r} is not a text; write it in quotes.")
    url = _text(record, "url")
    if not url:
        raise _Unusable("url: this key is missing; every article has an address.")
    try:
        canonical, domain = canonical_url(url), registered_domain(url)
    except ValueError as error:
        raise _Unusable(f"url: {error}") from None
    title, text = _text(record, "title") or "", _text(record, "text") or ""
    if not title.strip() and not text.strip():
        raise _Unusable("title, text: one of them is needed.")
    name = _text(record, "source")
    source = sources.get(name) if name else None
    published, fetched = _moment(record, "published"), _moment(record, "fetched")
    if isinstance(fetched, date) and not isinstance(fetched, datetime):
        raise _Unusable("fetched: a date is not enough; write a time, 2025-06-28T09:16:02Z.")
    return Article(
        id=_identity(record),
        url=url,
        canonical_url=canonical,
        source=name or domain,
        newsroom=_text(record, "newsroom") or (source.newsroom if source else domain),
        country=_country(record) or (source.country if source else None),
        title=title,
        text=text,
        language=_text(record, "language") or _only(source),
        published=published,
        published_from="given" if published else None,
        fetched=fetched or now,
        topical=source.topical if source else False,
    )


def _text(record: Mapping[str, object], key: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise _Unusable(f"{key}: {value!r} is not a text; write it in quotes.")
    # JSON can carry half a surrogate pair, which no encoding can write out again.
    return _LONE_SURROGATE.sub("\ufffd", value) if value else value


def _country(record: Mapping[str, object]) -> str | None:
    value = _text(record, "country")
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise _Unusable(f"country: {value!r} is not an ISO 3166 alpha-2 code such as AZ.")
    return value.upper() if value else None


def _moment(record: Mapping[str, object], key: str) -> datetime | date | None:
    value = _text(record, key)
    if not value:
        return None
    try:
        return parse_moment(value)
    except (ValueError, OverflowError):
        raise _Unusable(
            f"{key}: {value!r} is not a time; write 2025-06-28T09:14:00Z or 2025-06-28."
        ) from None


def _identity(record: Mapping[str, object]) -> str | None:
    value = record.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _LONE_SURROGATE.sub("\ufffd", str(value))


def _only(source: Source | None) -> str | None:
    """The source's language, where it has just one."""
    return source.languages[0] if source and len(source.languages) == 1 else None
