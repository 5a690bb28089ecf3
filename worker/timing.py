"""When an article's signals count, and from when on they may wake somebody (pure)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from crawler.article import Stage

Origin = Literal["crawl", "ingest", "backfill", "canary"]

#: What is older than this when it comes in teaches the baseline and raises no alert.
LATENESS = timedelta(hours=6)
#: Clocks differ: so far in the future is still now.
CLOCK_SKEW = timedelta(minutes=5)
#: Further in the future than this is a mistake, not a clock or a time zone.
ABSURD_FUTURE = timedelta(days=2)
FIRST_YEAR = 1995
#: A feed entry shorter than this says too little to wake somebody while its page is being read...
SHORT_CHARACTERS = 200
#: ... but the page is not waited for longer than this: where many feeds share a server, their polls
#: leave no time for pages, and a burst of bare headlines from several newsrooms is news by itself.
PAGE_PATIENCE = timedelta(seconds=6)

TimingReason = Literal[
    "on_time",
    "late",
    "future_date",
    "day_of_arrival",
    "other_day",
    "no_date",
    "no_date_at_first_poll",
    "day_only_at_first_poll",
    "backfill",
]


@dataclass(frozen=True, slots=True)
class Timing:
    """`at` is when the signals count; `fires_from` is when they may first raise an alert, None for
    never; `reason` says why."""

    at: datetime
    fires_from: datetime | None
    reason: TimingReason


def when_it_counts(
    published: datetime | date | None,
    first_seen: datetime,
    fetched: datetime,
    *,
    origin: Origin,
    first_poll: bool,
    stage: Stage,
    characters: int,
) -> Timing:
    """The timing of one article, from its own date and from when it came to us (aware UTC).

    `characters` is the length of its title and text together.
    """
    known = _plausible(published, first_seen)
    if origin == "backfill":
        return Timing(_moment(known, fetched), None, "backfill")
    at, fires, reason = _live(known, first_seen, first_poll)
    if not fires:
        return Timing(at, None, reason)
    unread = stage == "feed" and characters < SHORT_CHARACTERS
    return Timing(at, first_seen + PAGE_PATIENCE if unread else first_seen, reason)


def _live(
    published: datetime | date | None, first_seen: datetime, first_poll: bool
) -> tuple[datetime, bool, TimingReason]:
    if published is None:
        return first_seen, not first_poll, "no_date_at_first_poll" if first_poll else "no_date"
    if isinstance(published, datetime):
        if published > first_seen + CLOCK_SKEW:
            return first_seen, True, "future_date"
        on_time = published >= first_seen - LATENESS
        return min(published, first_seen), on_time, "on_time" if on_time else "late"
    if abs(published - first_seen.astimezone(UTC).date()) > timedelta(days=1):
        return _noon(published), False, "other_day"
    # The first look at a source shows its whole front page: days alone cannot tell which of it is
    # news, and a flood of yesterday's articles must not count as this minute's.
    if first_poll:
        return min(_noon(published), first_seen), False, "day_only_at_first_poll"
    return first_seen, True, "day_of_arrival"


def _plausible(published: datetime | date | None, first_seen: datetime) -> datetime | date | None:
    if published is None or published.year < FIRST_YEAR:
        return None
    latest = first_seen + ABSURD_FUTURE
    if isinstance(published, datetime):
        return published if published <= latest else None
    return published if published <= latest.astimezone(UTC).date() else None


def _moment(published: datetime | date | None, otherwise: datetime) -> datetime:
    if published is None:
        return otherwise
    return published if isinstance(published, datetime) else _noon(published)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
