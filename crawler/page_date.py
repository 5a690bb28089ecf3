"""When a page says that it was published, and how it says so (pure)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.dates import day_of, stated_time
from crawler.near_headline import is_in_teaser
from crawler.page_marks import PageMarks, shown_text
from crawler.seen_dates import says_updated, seen_dates
from crawler.url_date import day_in_url
from crawler.written_dates import written_dates

_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "article.published",
    "published_time",
    "publication_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published",
    "published_at",
    "pub_date",
    "og:pubdate",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "mediator_published_time",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "article_date_original",
    "analyticsattributes.articledate",
    "sailthru.date",
    "pdate",
    "date",
    "datecreated",
    "og:release_date",
)
# Microdata on elements that are no <time>: Blogger's <abbr title>, a <span content>.
_DATED = etree.XPath('.//body//*[@itemprop="datePublished" and not(self::meta or self::time)]')
_NOT_PUBLISHED = re.compile(r"updat|modif|edit|lastmod|expire|comment|event", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|posted|entry-date|post-date|pub-?date|created", re.IGNORECASE)
_MONTH_FIRST = frozenset(("us", "ph"))
_WORLDWIDE_ENDINGS = frozenset(("ai", "cc", "co", "fm", "gg", "io", "me", "tv", "ws"))
#: Two statements this close are of one moment, whatever zones they are told in.
_ONE_MOMENT = timedelta(hours=14)
#: Where the address and the page name days further apart than this, one is of something else.
_URL_TOLERANCE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Publication:
    """The stated time and where it was found; both None where nothing is stated."""

    stated: datetime | date | None = None
    found_in: Literal["page", "url"] | None = None


def publication(
    marks: PageMarks,
    described: Iterable[str],
    url: str,
    language: str | None,
    region: str | None,
    heading: HtmlElement | None,
) -> Publication:
    """The publication time: what is stated for machines first, then what is shown to readers,
    then the day in the address.

    `described` are the dates of the structured data, `heading` the element that shows the
    headline. A time of modification never counts.
    """
    url_day = day_in_url(url)
    month_first = _month_first(language, region, url)
    machines = _for_machines(marks, described, language, month_first, heading)
    stated = [found for found in machines if found]
    best = _best(stated, url_day)
    if best is None or not _has_time(best):
        shown = seen_dates(marks.root, heading, language, month_first)
        best = _best([*stated, *shown], url_day)
    if best is not None:
        return Publication(best, "page")
    return Publication(url_day, "url") if url_day else Publication()


def _month_first(language: str | None, region: str | None, url: str) -> bool | None:
    """Whether `03/04/2025` is in March: in America; nobody knows where English is all that is
    stated. A domain of another country says more than `en-US`, which is what themes come with."""
    if language != "en":
        return False
    ending = (urlsplit(url).hostname or "").rpartition(".")[2]
    if len(ending) == 2 and ending not in _WORLDWIDE_ENDINGS:
        return ending in _MONTH_FIRST
    return None if region is None else region.lower() in _MONTH_FIRST


def _best(stated: list[datetime | date], url_day: date | None) -> datetime | date | None:
    """The first statement, told as exactly as any other that means the same moment.

    The day in the address overrules a first statement that is far from it, if another statement
    agrees with the address.
    """
    if not stated:
        return None
    first = stated[0]
    if url_day and abs(day_of(first) - url_day) > _URL_TOLERANCE:
        first = next((s for s in stated if abs(day_of(s) - url_day) < _URL_TOLERANCE), first)
    alike = [other for other in stated if _is_same_moment(first, other)]
    return max(alike, key=_exactness, default=first)


def _is_same_moment(one: datetime | date, other: datetime | date) -> bool:
    if not _has_time(one) or not _has_time(other):
        return bool(_days(one) & _days(other))
    if _is_aware(one) and not _is_aware(other):
        return False
    return abs(_as_utc(one) - _as_utc(other)) <= _ONE_MOMENT


def _days(stated: datetime | date) -> set[date]:
    """The day that is stated, and the same in Greenwich."""
    return {day_of(stated), day_of(_as_utc(stated))} if _is_aware(stated) else {day_of(stated)}


def _as_utc(stated: datetime | date) -> datetime:
    if isinstance(stated, datetime):
        return stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated.astimezone(UTC)
    return datetime.combine(stated, time(12), tzinfo=UTC)


def _exactness(stated: datetime | date) -> int:
    if not _has_time(stated):
        return 0 if not isinstance(stated, datetime) else 1
    return 3 if _is_aware(stated) else 2


def _is_aware(stated: datetime | date) -> bool:
    return isinstance(stated, datetime) and stated.tzinfo is not None


def _has_time(stated: datetime | date) -> bool:
    """Whether it tells a time of day; midnight to the second is how systems write a bare day."""
    return isinstance(stated, datetime) and stated.time() != time(0)


def _for_machines(
    marks: PageMarks,
    described: Iterable[str],
    language: str | None,
    month_first: bool | None,
    heading: HtmlElement | None,
) -> Iterator[datetime | date | None]:
    def read(text: str) -> datetime | date | None:
        return _read(text, language, month_first)

    yield from map(read, described)
    for name in _META:
        if name in marks.meta:
            yield read(marks.meta[name][0])
    yield from _time_elements(marks, read, heading)
    for element in _DATED(marks.root)[:1]:
        yield read(element.get("content") or element.get("title") or shown_text(element, 80))


def _read(text: str, language: str | None, month_first: bool | None) -> datetime | date | None:
    if not text:
        return None
    if stated := stated_time(text):
        return stated
    written = written_dates(text[:80], language, month_first)
    return written[0].stated if written else None


def _time_elements(
    marks: PageMarks,
    read: Callable[[str], datetime | date | None],
    heading: HtmlElement | None,
) -> Iterator[datetime | date | None]:
    """What <time> elements say: those marked as the publication, else the first after the
    headline, else the first; never those of other articles."""
    usable = [
        mark
        for mark in marks.times
        if _may_be_publication(mark.element) and not is_in_teaser(mark.element, heading)
    ]
    if not usable:
        # hAtom calls the first version `updated`, too.
        usable = [m for m in marks.times if (m.element.get("class") or "").endswith("updated")]
    marked = [m for m in usable if _is_marked(m.element)]
    after = [m for m in usable if m.headings]
    for mark in (marked or after or usable)[:1]:
        element = mark.element
        for text in (element.get("datetime"), element.get("content"), shown_text(element)):
            yield read(text or "")


def _is_marked(element: HtmlElement) -> bool:
    return (
        (element.get("itemprop") or "").lower() == "datepublished"
        or element.get("pubdate") is not None
        or bool(_PUBLISHED.search(element.get("class") or ""))
    )


def _may_be_publication(element: HtmlElement) -> bool:
    named = f"{element.get('itemprop') or ''} {_own_classes(element)}"
    if _NOT_PUBLISHED.search(named) and not _PUBLISHED.search(named):
        return False
    return not says_updated(shown_text(element, 40))


def _own_classes(element: HtmlElement) -> str:
    parent = element.getparent()
    return f"{element.get('class') or ''} {parent.get('class') or '' if parent is not None else ''}"
