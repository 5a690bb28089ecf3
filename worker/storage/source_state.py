"""The state of a source after a poll, from the one before it (pure)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler.ports import PollOutcome
from worker.storage.codec import decode, encode
from worker.storage.pace import (
    FASTEST_BEFORE_LOSS,
    START,
    WINDOW_SHARE,
    adaptive,
    floor_after_too_many,
    not_before,
    relaxed,
)
from worker.storage.rhythm import Rhythm, expected, learned, watched
from worker.storage.silence import UNUSUAL_ENTRIES, UNUSUAL_WEIGHT
from worker.storage.tables import source_states as states
from worker.timing import LATENESS

#: After a longer pause nobody knows when in it the entries came.
_LONGEST_LESSON = LATENESS
#: After so long a silence says what it is worth.
_KNOWN_WELL = timedelta(days=2)
#: A feed this short may well be new as a whole.
_LEAST_WINDOW = 5
_TOO_MANY = 429

State = Mapping[str, Any]


def after(before: State | None, outcome: PollOutcome) -> dict[str, Any]:
    """The row of `source_states` after this poll; `before` is None for the first one."""
    row = dict(before) if before else _never_polled(outcome.source)
    row |= {
        "last_poll": outcome.started,
        "status": outcome.status,
        "error": outcome.error,
        "note": outcome.note,
        "robots_denied": outcome.robots_denied,
        "not_before": not_before(outcome.finished, outcome.retry_after),
    }
    if outcome.error is not None:
        return row | {"failures": row["failures"] + 1, "floor_seconds": _floor(row, outcome)}
    row |= {
        "floor_seconds": _floor(row, outcome),
        "failures": 0,
        "first_success": row["first_success"] or outcome.finished,
        "last_success": outcome.finished,
        "newest": outcome.newest or row["newest"],
        "new_entries": outcome.new,
        "entries": row["entries"] if outcome.not_modified else outcome.entries,
    }
    if before is None or before["first_success"] is None:
        # Everything is new at a first look, and that says nothing; its dates do.
        fresh_at = _dated(outcome) if outcome.entries else None
        return row | {"fresh_at": fresh_at} | _first_rhythm(outcome)
    return row | _rhythmic(before, outcome, window=row["entries"])


def came_too_late(before: State | None, outcome: PollOutcome) -> bool:
    """Whether everything was new: what came between it and the last poll may have been missed."""
    return (
        before is not None
        and before["last_success"] is not None
        and outcome.finished - before["last_success"] <= _LONGEST_LESSON
        and _LEAST_WINDOW <= outcome.entries <= outcome.new
    )


def _first_rhythm(outcome: PollOutcome) -> dict[str, Any]:
    """What the dates of a first look tell: a feed whose entries all came within hours is busy, and
    may turn over before a second look at the usual pace."""
    since, until = outcome.oldest, outcome.finished
    dated = since is not None and until - _LONGEST_LESSON <= since < until
    if since is None or not dated or outcome.entries < _LEAST_WINDOW:
        return {}
    rhythm = learned(Rhythm(), since, until, outcome.entries)
    # So short a time says little of a rhythm, but that the feed may turn over in it is certain.
    before_loss = max(FASTEST_BEFORE_LOSS, WINDOW_SHARE * (until - since))
    interval = min(START, before_loss, adaptive(rhythm, until, outcome.entries))
    return {"rhythm": encode(rhythm), "interval_seconds": interval.total_seconds()}


def _rhythmic(before: State, outcome: PollOutcome, window: int) -> dict[str, Any]:
    """What this poll says of the source's rhythm, and when the next one should be."""
    rhythm = decode(Rhythm, before["rhythm"]) if before["rhythm"] else Rhythm()
    since, until = before["last_success"], outcome.finished
    # Another source of the same publisher may have shown it first.
    brought = max(outcome.new, int(_has_moved_on(before, outcome)))
    # A rhythm of a few hours is no measure of what is missing.
    trusted = min(watched(rhythm) / _KNOWN_WELL, 1.0)
    usual = trusted * expected(rhythm, since, until)
    overdue = 0.0 if brought or outcome.changed else before["overdue"] + usual
    if since < until <= since + _LONGEST_LESSON:
        # More has come than is to be seen.
        new = 2 * brought if came_too_late(before, outcome) else brought
        weight = UNUSUAL_WEIGHT if overdue > UNUSUAL_ENTRIES else 1.0
        rhythm = learned(rhythm, since, until, new, weight)
    return {
        "rhythm": encode(rhythm),
        "overdue": overdue,
        "fresh_at": before["fresh_at"] if overdue or not (brought or outcome.changed) else until,
        "interval_seconds": adaptive(rhythm, until, window).total_seconds(),
    }


def _floor(before: State, outcome: PollOutcome) -> float:
    """The least time between polls, in seconds: learned from a 429 that our own pace brought on,
    which one in a row of failures, or one that another source of the host was told, does not."""
    floor = timedelta(seconds=before["floor_seconds"])
    last = before["last_success"]
    if last is None:
        return 0.0
    since = outcome.started - last
    if outcome.error is None:
        floor = relaxed(floor, since)
    elif outcome.status == _TOO_MANY and outcome.requests and not before["failures"]:
        floor = floor_after_too_many(floor, since)
    return floor.total_seconds()


def _has_moved_on(before: State, outcome: PollOutcome) -> bool:
    newest = outcome.newest
    if newest is None or newest > outcome.finished + timedelta(days=1):
        return False
    return before["newest"] is None or newest > before["newest"]


def _dated(outcome: PollOutcome) -> datetime:
    return min(outcome.newest or outcome.finished, outcome.finished)


def _never_polled(source: str) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(states.columns.keys())
    return nothing | {
        "source": source,
        "failures": 0,
        "interval_seconds": START.total_seconds(),
        "floor_seconds": 0.0,
        "entries": 0,
        "new_entries": 0,
        "robots_denied": False,
        "overdue": 0.0,
    }
