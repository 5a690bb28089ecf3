"""How many articles a source usually brings in a day, from its own last weeks (pure)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from statistics import median

from worker.storage.source_days import Counters

#: What lies further back says less than it misleads.
HISTORY = timedelta(days=28)
#: Before so many days nothing is expected of anybody.
_LEAST_DAYS, _LEAST_ALIKE = 7, 3
_SATURDAY = 5

Days = Mapping[date, Counters]


def usual_24h(days: Days, first_success: datetime, now: datetime) -> float | None:
    """What the 24 hours before `now` would usually have brought, None where history is too short.

    Days on which most polls failed teach nothing, nor does the first, which brought what was old.
    """
    today = now.date()
    known = {
        day: counters.new
        for day, counters in days.items()
        if first_success.date() < day < today
        and today - day <= HISTORY
        and counters.polls_ok > counters.polls_failed
    }
    if len(known) < _LEAST_DAYS:
        return None
    gone = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(days=1)
    of_today, of_yesterday = _usual(known, today), _usual(known, today - timedelta(days=1))
    if of_today is None or of_yesterday is None:
        return None
    return gone * of_today + (1 - gone) * of_yesterday


def _usual(known: Mapping[date, int], day: date) -> float | None:
    """The median of the same weekday, or of all working or weekend days where that is too few."""
    same = [new for one, new in known.items() if one.weekday() == day.weekday()]
    if len(same) >= _LEAST_ALIKE:
        return float(median(same))
    weekend = day.weekday() >= _SATURDAY
    alike = [new for one, new in known.items() if (one.weekday() >= _SATURDAY) == weekend]
    return float(median(alike)) if len(alike) >= _LEAST_ALIKE - weekend else None
