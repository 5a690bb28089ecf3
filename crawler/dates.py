"""Stated publication times: read as they are stated, never guessed (pure).

A day without a time stays a date; a time without an offset is not an instant, and which one it
is depends on who asks: a page keeps it as written, a feed means UTC (RFC 822 and feedparser).
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)? ?"
    r"([Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100

#: How far a clock may run ahead before what it states is nonsense.
FUTURE_TOLERANCE = timedelta(days=1)


def stated_time(text: str) -> datetime | date | None:
    """The time in `text`: aware if an offset is stated, naive if none is, a date if only a day is.

    Reads ISO 8601 in its usual spellings, RFC 822 and `31.12.2025`; None for anything else and
    for years outside 1990 to 2100.
    """
    text = text.strip()[:64]
    try:
        found = _iso(text) or _day(text) or _rfc822(text)
    except (ValueError, OverflowError):
        return None
    return found if found and _EARLIEST_YEAR <= found.year <= _LATEST_YEAR else None


def as_instant(stated: datetime | date | None) -> datetime | date | None:
    """The same in UTC; a time without an offset is taken as UTC, a date stays a date."""
    if not isinstance(stated, datetime):
        return stated
    return stated.astimezone(UTC) if stated.tzinfo else stated.replace(tzinfo=UTC)


def not_in_future(stated: datetime | date | None, now: datetime) -> datetime | date | None:
    """What a clock that runs ahead states becomes `now`; what lies further ahead becomes None."""
    if isinstance(stated, datetime):
        if stated <= now:
            return stated
        return now if stated <= now + FUTURE_TOLERANCE else None
    if stated is not None and stated > (now + FUTURE_TOLERANCE).date():
        return None
    return stated


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    day, clock, offset = match.groups()
    return datetime.fromisoformat(f"{day}T{clock}{_iso_offset(offset)}")


def _iso_offset(offset: str | None) -> str:
    if offset is None:
        return ""
    return "+00:00" if offset.upper() in ("Z", "UTC", "GMT") else offset


def _day(text: str) -> date | None:
    if match := _DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
        return date(year, month, day)
    if match := _DAY_DOTTED.fullmatch(text):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    return None


def _rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError):
        return None
