"""GDELT's DOC 2.0 search: the address of a question, and its answer to entries (pure).

https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from crawler.charsets import decode
from crawler.entries import Link, distinct, domain_of, usable_link
from crawler.languages import country_named, language_named
from crawler.plaintext import one_line
from crawler.reading import Answer, Entry, Reading

MAX_BYTES = 4 * 1024 * 1024
#: The most that one answer holds.
MAX_RECORDS = 250
#: The search reaches three rolling months back.
REACH = timedelta(days=90)
_WINDOW = timedelta(days=1)
_SHORTEST_WINDOW = timedelta(hours=1)

_STAMP = "%Y%m%d%H%M%S"
_ESCAPE = re.compile(r"""\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(')|)""")
_LETTERS_APART = re.compile(r"\b([A-Z]) \. (?=[A-Z] \.)")
_NUMBER_APART = re.compile(r"(?<=\d) (?:([.:]) (?=\d)|(,) (?=000\b))")
_BEFORE = re.compile(r" +([,.;:!?%…)\]»”])")
_AFTER = re.compile(r"([(\[«“]) +")
_APOSTROPHE = re.compile(r"(?<=\w) ?(['’]) (?=(?:s|t|re|ve|ll|d|m)\b)|(?<=\w) (['’])(?=\s|$)")
_QUOTED = re.compile(r'(^|\s)" ([^"]*?) "(?=\s|$|[,.;:!?])')


def question(url: str, start: datetime | None = None, end: datetime | None = None) -> str:
    """The address of a search for the newest articles in JSON, whatever `url` leaves open; between
    two moments where they are given."""
    parts = urlsplit(url)
    asked = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    asked |= {"mode": "artlist", "format": "json", "sort": "datedesc"}
    asked["maxrecords"] = str(MAX_RECORDS)
    if start and end:
        asked.pop("timespan", None)
        asked["startdatetime"] = start.astimezone(UTC).strftime(_STAMP)
        asked["enddatetime"] = end.astimezone(UTC).strftime(_STAMP)
    elif "startdatetime" not in asked:
        asked.setdefault("timespan", "1d")
    return urlunsplit(parts._replace(query=urlencode(asked, quote_via=quote), fragment=""))


def has_query(url: str) -> bool:
    """Whether an address asks for anything."""
    return bool(dict(parse_qsl(urlsplit(url).query)).get("query", "").strip())


def parse_answer(answer: Answer, source_url: str) -> Reading:
    """Reads the articles, and leads on to the windows of time that `Answer.since` asks for.

    Never raises. GDELT says what is wrong in plain words with status 200: they are the problem.
    """
    if len(answer.body) > MAX_BYTES:
        return Reading(problem=f"the answer is larger than {MAX_BYTES // 1024 // 1024} MiB")
    text = decode(answer.body, answer.content_type).strip()
    if not text.startswith("{"):
        return Reading(problem=_said(text))
    found = _json(text)
    if not isinstance(found, dict):
        return Reading(problem="GDELT answers broken JSON")
    articles = found.get("articles", [])
    if not isinstance(articles, list):
        return Reading(problem="GDELT answers JSON without a list of articles")
    entries = distinct(_entry(a, answer.url) for a in articles[:MAX_RECORDS])
    full = len(articles) >= MAX_RECORDS
    return Reading(entries=entries, follow=tuple(_windows(answer, source_url, full)))


def _said(text: str) -> str:
    if text[:1] == "<":
        return "GDELT answers HTML, not JSON: look at the address in a browser"
    words = one_line(text, 200)
    if not words:
        return "GDELT answers nothing at all"
    if "limit requests" in words.lower():
        return f"GDELT asks for fewer requests: {words}"
    if words.lower().startswith("url,"):
        return "GDELT answers a table (CSV), not JSON"
    return f"GDELT refuses the query: {words}"


def _json(text: str) -> object:
    """The JSON, with the backslashes that GDELT takes over from titles made into themselves."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_ESCAPE.sub(_sound_escape, text), strict=False)
    except (ValueError, RecursionError):
        return None


def _sound_escape(escape: re.Match[str]) -> str:
    valid, apostrophe = escape.groups()
    return escape.group() if valid else apostrophe or r"\\"


def _entry(article: object, answer_url: str) -> Entry | None:
    if not isinstance(article, dict):
        return None
    link = usable_link(_text(article, "url"), answer_url) if _text(article, "url") else None
    title = natural(one_line(_text(article, "title")))
    if link is None:
        return None
    return Entry(
        url=link.url,
        canonical_url=link.canonical,
        title=title,
        published=seen_on(_text(article, "seendate")),
        newsroom=_newsroom(article, link),
        country=country_named(_text(article, "sourcecountry")),
        language=language_named(_text(article, "language")),
    )


def _newsroom(article: dict[str, Any], link: Link) -> str | None:
    return domain_of(link.url) or domain_of(f"https://{_text(article, 'domain')}/")


def seen_on(stamp: str) -> date | None:
    """The day on which GDELT saw an article: the latest on which it can have been published.

    The time of day is GDELT's and not the newsroom's, so it is not kept: the page's own time then
    wins, and where the page is silent the day is right but for articles of shortly before midnight.
    """
    try:
        return datetime.strptime(stamp[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def natural(title: str) -> str:
    """A title without the blanks that GDELT puts around its punctuation."""
    title = _LETTERS_APART.sub(r"\1.", title)
    title = _NUMBER_APART.sub(r"\1\2", title)
    title = _QUOTED.sub(r'\1"\2"', title)
    title = _APOSTROPHE.sub(lambda match: match[1] or match[2], title)
    return _AFTER.sub(r"\1", _BEFORE.sub(r"\1", title))


def _windows(answer: Answer, source_url: str, full: bool) -> Iterator[str]:
    """A day each back to `since`; a window that is full is asked again in halves."""
    if answer.since is None:
        return
    asked = dict(parse_qsl(urlsplit(answer.url).query))
    start, end = _moment(asked.get("startdatetime")), _moment(asked.get("enddatetime"))
    if start is None or end is None:
        oldest = max(answer.since, answer.now - REACH)
        end = answer.now
        while end > oldest:
            start = max(oldest, end - _WINDOW)
            yield question(source_url, start, end)
            end = start
    elif full and end - start > _SHORTEST_WINDOW:
        middle = start + (end - start) / 2
        yield question(source_url, middle, end)
        yield question(source_url, start, middle)


def _moment(stamp: str | None) -> datetime | None:
    try:
        return datetime.strptime(stamp or "", _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _text(article: dict[str, Any], name: str) -> str:
    value = article.get(name)
    return value if isinstance(value, str) else ""
