"""When a source that answers is silent all the same (pure): it has stopped, and says nothing.

Everything that a silence hides would otherwise look like peace: a source that is silent beyond its
own rhythm does not count as listened to.
"""

from datetime import datetime, timedelta
from typing import Literal

Silence = Literal["empty", "stopped", "stale"]

#: A source stopped when so many entries were expected and none came, in so long at least.
STALE_ENTRIES, STALE_AFTER = 15.0, timedelta(hours=3)
#: Whatever its rhythm, nothing new for so long is no news source any more.
STOPPED_AFTER = timedelta(days=30)
#: From here on a silence is unusual: it teaches the rhythm little, or a source that stops would
#: soon be one of which nothing is expected.
UNUSUAL_ENTRIES, UNUSUAL_WEIGHT = 5.0, 0.25


def silence(fresh_at: datetime | None, overdue: float, now: datetime) -> Silence | None:
    """What kind of silence this is, None while it is none.

    `fresh_at` is when it last brought something (None: it never has), `overdue` how many entries
    were expected since.
    """
    if fresh_at is None:
        return "empty"
    quiet = now - fresh_at
    if quiet >= STOPPED_AFTER:
        return "stopped"
    if overdue >= STALE_ENTRIES and quiet >= STALE_AFTER:
        return "stale"
    return None
