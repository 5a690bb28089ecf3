"""Reads the times of a route: quiet hours, mute times, and when a digest leaves."""

from datetime import UTC, time

from alerts.pipeline import DigestTimes, MuteTime, QuietHours
from worker.profile.section import Section, nearest
from worker.profile.times import clock_of, zone_of

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS = ("day", "week")
_DEFAULT_AT = time(7)


def quiet_hours(section: Section) -> QuietHours | None:
    """`{from, until, zone}`: both ends must be there."""
    given = section.section("quiet_hours")
    if given is None:
        return None
    given.only("from", "until", "zone")
    given.require("from", "until")
    start, end, zone = clock_of(given, "from"), clock_of(given, "until"), zone_of(given)
    section.sound = section.sound and given.sound
    return QuietHours(start, end, zone) if start and end and zone else None


def mute_times(section: Section) -> tuple[MuteTime, ...]:
    """One or a list of `{days, from, until, zone}`; without `days` every day, without ends all of
    it."""
    return tuple(
        muted
        for given in section.one_or_more("mute_times")
        if (muted := _mute_time(section, given)) is not None
    )


def _mute_time(section: Section, given: Section) -> MuteTime | None:
    given.only("days", "from", "until", "zone")
    if given.has("from") != given.has("until"):
        given.require("from", "until")
    if not (given.has("days") or given.has("from")):
        given.fault("this would mute the route for ever; give days, or from and until.")
    days = frozenset(
        number
        for index, word in enumerate(given.texts("days"))
        if (number := _day(given, word, "days", index)) is not None
    )
    start, end = clock_of(given, "from"), clock_of(given, "until")
    zone = zone_of(given)
    section.sound = section.sound and given.sound
    if not given.sound or zone is None:
        return None
    return MuteTime(days or frozenset(range(7)), start or time(0), end or time(0), zone)


def digest_times(section: Section) -> DigestTimes | None:
    """`day`, `week`, or `{every, at, weekday, zone}`: 07:00 UTC, of a week on Monday, unless it
    says otherwise. (`on` would be read as true by YAML.)"""
    if not section.has("digest"):
        return None
    if isinstance(section.content["digest"], str):
        period = section.choice("digest", PERIODS)
        return DigestTimes("week" if period == "week" else "day", _DEFAULT_AT, UTC)
    given = section.section("digest")
    if given is None:
        return None
    given.only("every", "at", "weekday", "zone")
    given.require("every")
    period, day = given.choice("every", PERIODS), given.text("weekday")
    if day is not None and period == "day":
        given.fault("a digest of the day leaves every day; remove this key.", "weekday")
    weekday = None if day is None else _day(given, day, "weekday")
    at, zone = clock_of(given, "at"), zone_of(given)
    section.sound = section.sound and given.sound
    if not given.sound or zone is None or period is None:
        return None
    return DigestTimes("week" if period == "week" else "day", at or _DEFAULT_AT, zone, weekday or 0)


def _day(given: Section, word: str, *key: str | int) -> int | None:
    """The number of a weekday, by its English name or the first three letters of it."""
    for number, name in enumerate(DAYS):
        if word.lower() in (name, name[:3]):
            return number
    given.fault(f"{word!r} is no day of the week{nearest(word, DAYS)}", *key)
    return None
