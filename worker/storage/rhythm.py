"""How much a source brings, hour by hour, learned from its own polls (pure).

A rate for each hour of a working day and of a weekend day, in UTC, each shrunk towards the mean of
all of them: a night is quiet after a week or two, and an hour that was never watched counts as an
average one. What the last hours brought beyond that lifts the hours to come: news comes in bursts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
_SLOTS = 48
#: What is believed of a source that nobody has watched: so many entries in an hour, and for how
#: many hours of watching that weighs.
PRIOR_RATE, PRIOR_HOURS = 2.0, 1.0
#: For how many hours of watching the mean of all hours weighs in one hour's own rate.
_SHRINKAGE_HOURS = 0.5
#: A slot forgets by half while it is watched for so many hours: after three working weeks.
_HALF_LIFE_HOURS = 15.0
_LATELY_HALF_LIFE = timedelta(hours=2)
#: How far a burst may lift what is expected, and an unusual calm lower it.
_MOST_LIFT, _LEAST_LIFT = 4.0, 0.5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """New entries and hours watched for each slot, both decayed; and what the last hours brought,
    beside what was expected of them."""

    entries: tuple[float, ...] = (0.0,) * _SLOTS
    hours: tuple[float, ...] = (0.0,) * _SLOTS
    lately: float = 0.0
    lately_expected: float = 0.0


def rates(rhythm: Rhythm) -> tuple[float, ...]:
    """Entries an hour of each slot."""
    mean = sum(rhythm.entries) + PRIOR_RATE * PRIOR_HOURS
    mean /= sum(rhythm.hours) + PRIOR_HOURS
    return tuple(
        (entries + _SHRINKAGE_HOURS * mean) / (hours + _SHRINKAGE_HOURS)
        for entries, hours in zip(rhythm.entries, rhythm.hours, strict=True)
    )


def expected(rhythm: Rhythm, since: datetime, until: datetime) -> float:
    """How many entries the slots from `since` to `until` (aware) usually bring."""
    return sum(share for _, _, share in _shares(rates(rhythm), since, until))


def watched(rhythm: Rhythm) -> timedelta:
    """For how long it was watched, less what is forgotten."""
    return sum(rhythm.hours) * HOUR


def per_minute(rhythm: Rhythm, now: datetime, minutes: int) -> Iterator[float]:
    """What each of the next minutes is expected to bring, the last hours' burst included."""
    usual = rates(rhythm)
    lift = (rhythm.lately + 1) / (rhythm.lately_expected + 1)
    lift = min(max(lift, _LEAST_LIFT), _MOST_LIFT)
    for minute in range(minutes):
        ahead = timedelta(minutes=minute)
        faded = 1 + (lift - 1) * 0.5 ** (ahead / _LATELY_HALF_LIFE)
        yield usual[slot_of(now + ahead)] * faded / 60


def learned(
    rhythm: Rhythm, since: datetime, until: datetime, new: float, weight: float = 1.0
) -> Rhythm:
    """The rhythm after `new` entries came from `since` to `until`; a lower `weight` learns less.

    The entries are divided among the hours in between as they usually come.
    """
    shares = list(_shares(rates(rhythm), since, until))
    usual = sum(share for _, _, share in shares)
    entries, hours = list(rhythm.entries), list(rhythm.hours)
    for slot, seen, share in shares:
        kept = 0.5 ** (weight * seen / _HALF_LIFE_HOURS)
        entries[slot] = entries[slot] * kept + weight * new * share / usual
        hours[slot] = hours[slot] * kept + weight * seen
    faded = 0.5 ** ((until - since) / _LATELY_HALF_LIFE) if until > since else 1.0
    return Rhythm(
        _rounded(entries),
        _rounded(hours),
        round(rhythm.lately * faded + new, 4),
        round(rhythm.lately_expected * faded + usual, 4),
    )


def slot_of(moment: datetime) -> int:
    """The slot of an aware moment: its hour in UTC, 24 more at a weekend."""
    offset = moment.utcoffset()
    utc = moment if not offset else moment - offset
    return utc.hour + (24 if utc.weekday() >= 5 else 0)


def _shares(
    usual: Sequence[float], since: datetime, until: datetime
) -> Iterator[tuple[int, float, float]]:
    """For each hour in between: its slot, how much of it (in hours), and what that brings."""
    start = since
    while start < until:
        end = min(start.replace(minute=0, second=0, microsecond=0) + HOUR, until)
        slot, seen = slot_of(start), (end - start) / HOUR
        yield slot, seen, usual[slot] * seen
        start = end


def _rounded(numbers: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(number, 4) for number in numbers)
