"""A history cut along time, so that what is chosen on one part can be seen on a later one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from worker.backtest.truth import DAY, TrueEvent, Truth, midnight

#: Parts of a history. On all but the last is chosen; the last shows what that was worth.
PARTS = 4

#: Less than this says more about chance than about rules.
LEAST_EVENTS = 8
LEAST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Part:
    """From `since` to `until`, aware UTC."""

    since: datetime
    until: datetime


def lacking(truth: Truth, since: datetime, until: datetime) -> str | None:
    """Why nothing can be chosen from this history, as a sentence; None where something can."""
    days = (until - since).days
    events = _inside(truth, since, until)
    if len(events) < LEAST_EVENTS:
        return (
            f"{len(events)} events of the truth file lie in the {days} days that are replayed, and "
            f"at least {LEAST_EVENTS} are needed to choose anything: with fewer, what looks better "
            "is chance."
        )
    if days < LEAST_DAYS:
        return (
            f"{days} days of history are too few to choose anything: at least {LEAST_DAYS} are "
            "needed. `dyadwatch ingest --backfill` takes in more; --articles names a file."
        )
    return None


def parts_of(truth: Truth, since: datetime, until: datetime) -> tuple[Part, ...]:
    """`PARTS` spans with about as many events each; no cut lies within an event where it can be
    helped, and none is shared by two parts: cuts are midnights, because an event belongs to a span
    in whose days it begins."""
    events = _inside(truth, since, until)
    cuts = [since]
    for place in range(1, PARTS):
        at = max(round(place * len(events) / PARTS), 1)
        earlier, later = events[at - 1], events[at]
        middle = earlier.right_until + (later.right_from - earlier.right_until) / 2
        cuts.append(max(min(_next_midnight(middle), later.begins), cuts[-1]))
    cuts.append(until)
    return tuple(Part(start, end) for start, end in pairwise(cuts))


def joined(parts: Sequence[Part]) -> Part:
    """The span from the first to the last of these parts, which follow each other."""
    return Part(parts[0].since, parts[-1].until)


def _next_midnight(moment: datetime) -> datetime:
    """The moment itself where it is one."""
    begun = midnight(moment.date())
    return begun if begun == moment else begun + DAY


def _inside(truth: Truth, since: datetime, until: datetime) -> list[TrueEvent]:
    return [one for one in truth.events if since <= one.begins < until]
