"""Reads times of day and time zones, as quiet hours and digests need them."""

from datetime import UTC, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from worker.profile.section import Section


def clock_of(given: Section, key: str) -> time | None:
    """A time of day; None where the key is absent or wrong."""
    value = given.content.get(key)
    if isinstance(value, int) and 60 <= value < 24 * 60:
        # YAML 1.1 reads a bare 22:00 as a number to the base of sixty.
        return time(*divmod(value, 60))
    if value is None:
        return None
    try:
        return time.fromisoformat(value).replace(tzinfo=None)
    except (TypeError, ValueError):
        given.fault('this is not a time of day; write it as "22:00".', key)
        return None


def zone_of(given: Section) -> tzinfo | None:
    """The time zone of the key `zone`, UTC where it is absent, None where it is wrong."""
    name = given.text("zone")
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        given.fault(f"{name!r} is no time zone; write one such as Europe/Paris.", "zone")
        return None
