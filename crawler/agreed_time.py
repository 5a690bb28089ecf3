"""When an article appeared, where its feed, its page and its address say so (pure)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crawler.article import PublishedFrom
from crawler.dates import not_in_future
from crawler.local_time import as_local
from crawler.url_date import day_in_url

#: Two clocks that show the same, apart from their seconds.
_SAME_CLOCK = timedelta(minutes=2)
#: Further apart than this, feed and page do not speak of the same publication.
_SAME_PUBLICATION = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated time and who states it; a datetime is aware UTC."""

    published: datetime | date | None = None
    by: PublishedFrom | None = None


def from_feed(stated: datetime | date | None, url: str, fetched: datetime) -> Stated:
    """What is known before the page is read: the feed's time, else the day in the address."""
    if published := not_in_future(stated, fetched):
        return Stated(published, "feed")
    if day := not_in_future(day_in_url(url), fetched):
        return Stated(day, "url")
    return Stated()


def with_page(
    known: Stated,
    page: datetime | date | None,
    by: PublishedFrom,
    url: str,
    fetched: datetime,
    country: str | None,
) -> Stated:
    """The more believable of what was known and what the page states.

    The feed's time wins if it is a time, but not one that the page unmasks: a local time that the
    feed labels as UTC, one in the future, or that of a later edition. `page` is as stated: without
    an offset it is a time of the newsroom's `country`.
    """
    in_utc = as_local(page, country) if isinstance(page, datetime) else page
    stated = Stated(not_in_future(in_utc, fetched), by)
    if stated.published is None:
        return known
    if known.published is None or (known.by == "url" and by == "page"):
        return stated
    if not isinstance(known.published, datetime):
        return stated if isinstance(stated.published, datetime) else known
    if by == "page" and _is_unmasked(known.published, page, stated.published, url, fetched):
        return stated
    return known


def _is_unmasked(
    feed: datetime,
    page: datetime | date | None,
    page_utc: datetime | date,
    url: str,
    fetched: datetime,
) -> bool:
    if isinstance(page, datetime) and isinstance(page_utc, datetime):
        # What lay in the future was cut to the moment of fetching.
        if feed == fetched and page_utc < feed:
            return True
        if _labels_local_as_utc(feed, page):
            return True
    return _is_of_another_day(feed, page_utc, day_in_url(url))


def _labels_local_as_utc(feed: datetime, page: datetime) -> bool:
    """Whether the feed shows the page's local clock, and calls it UTC."""
    if not page.utcoffset():
        return False
    shown = feed.astimezone(UTC).replace(tzinfo=None)
    return abs(shown - page.replace(tzinfo=None)) <= _SAME_CLOCK


def _is_of_another_day(feed: datetime, page: datetime | date, url_day: date | None) -> bool:
    """Whether feed and page are days apart, and the page is right: the address names its day, or
    it is the earlier one, since a later date is one of an edition."""
    moment = _noon(page)
    if abs(feed - moment) <= _SAME_PUBLICATION:
        return False
    if url_day is not None:
        return abs(moment - _noon(url_day)) < abs(feed - _noon(url_day))
    return moment < feed


def _noon(stated: datetime | date) -> datetime:
    if isinstance(stated, datetime):
        return stated
    return datetime.combine(stated, time(12), tzinfo=UTC)
