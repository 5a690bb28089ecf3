"""Stated publication times: read as they are stated, never guessed (pure).

A day without a time stays a date; a time without an offset is not an instant, and which one it
is depends on who asks: a page keeps it as written, a feed means UTC (RFC 822 and feedparser).
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_WITHOUT_SIGNS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[Tt]| |, )\s?"
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s?"
    r"([Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{1,2})?(?:\[[^\]]*\])?"
)
_ISO_WITHOUT_SIGNS = re.compile(r"(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2})?([Zz])?()")
# `Wed Nov 20 2019 09:28:00 GMT+0000 (UTC)`, as JavaScript writes a date.
_SCRIPTED = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4}).*"
)
# `Tue Nov 19 21:57:01 UTC 2019`, as Unix and Java do.
_UNIX = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:UTC |GMT )?(\d{4})"
)
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s*(?![AaPp]\.?[Mm])(?:[A-Za-z]{1,5}|[+-]\d{4}|\(\w+\))){0,2}"
)
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?")
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100

#: How far a clock may run ahead before what it states is nonsense.
FUTURE_TOLERANCE = timedelta(days=1)


def stated_time(text: str) -> datetime | date | None:
    """The time in `text`: aware if an offset is stated, naive if none is, a date if only a day is.

    Reads ISO 8601 in its usual spellings, RFC 822, the dates of JavaScript and Unix, and
    `31.12.2025`; None for anything else and for years outside 1990 to 2100.
    """
    text = text.strip()[:80]
    try:
        found = _iso(text) or _day(text) or _scripted(text) or _rfc822(text)
    except (ValueError, OverflowError):
        return None
    return found if is_plausible(found) else None


def is_plausible(found: datetime | date | None) -> bool:
    """Whether a date can be one of news on the web."""
    return found is not None and _EARLIEST_YEAR <= found.year <= _LATEST_YEAR


def day_of(stated: datetime | date) -> date:
    """The day in the writer's own reckoning."""
    return stated.date() if isinstance(stated, datetime) else stated


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
    match = _ISO.fullmatch(text) or _ISO_WITHOUT_SIGNS.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    local = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - as stated
    return datetime.fromisoformat(local.isoformat() + _iso_offset(match.group(7)))


def _iso_offset(offset: str | None) -> str:
    if not offset:
        return ""
    if offset.upper() in ("Z", "UTC", "GMT"):
        return "+00:00"
    digits = offset[1:].replace(":", "")
    return f"{offset[0]}{digits.zfill(2)}:00" if len(digits) < 3 else offset


def _day(text: str) -> date | None:
    if match := _DAY.fullmatch(text) or _DAY_WITHOUT_SIGNS.fullmatch(text):
        year, month, day = map(int, match.groups())
        return date(year, month, day)
    if match := _DAY_DOTTED.fullmatch(text):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    return None


def _scripted(text: str) -> datetime | None:
    if match := _SCRIPTED.fullmatch(text):
        month, day, year, clock, offset = match.groups()
        return parsedate_to_datetime(f"{day} {month} {year} {clock} {offset}")
    if match := _UNIX.fullmatch(text):
        month, day, clock, year = match.groups()
        return parsedate_to_datetime(f"{day} {month} {year} {clock} +0000")
    if match := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(match.group(1)), UTC)
    return None


def _rfc822(text: str) -> datetime | None:
    # The parser takes much else, and drops what it does not know: `07:47 PM` becomes 07:47.
    if not _RFC822.fullmatch(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError):
        return None
