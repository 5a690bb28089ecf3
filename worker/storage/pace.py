"""When a source is polled next (pure): at its own pace, and gently where it fails."""

from dataclasses import dataclass
from datetime import datetime, timedelta

START = timedelta(minutes=10)
FASTEST, SLOWEST = timedelta(minutes=5), timedelta(hours=2)
#: A source that fails is asked ever more rarely, but never given up.
LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_RETRY_AFTER = timedelta(hours=24)
#: How much more rarely a source with a pace of its own is asked when it fails.
FIXED_BACKOFF = 10


@dataclass(frozen=True, slots=True)
class PollMemory:
    """`failures` in a row since the last success; `interval` is the adaptive one; `not_before` is
    the server's own wish."""

    last_poll: datetime
    failures: int
    interval: timedelta
    not_before: datetime | None = None


def next_poll(memory: PollMemory, every: timedelta | None) -> datetime:
    """When to poll again; `every` None means the adaptive interval."""
    due = memory.last_poll + _wait(memory, every)
    return due if memory.not_before is None else max(due, memory.not_before)


def _wait(memory: PollMemory, every: timedelta | None) -> timedelta:
    base = every or memory.interval
    if memory.failures == 0:
        return base
    longest = LONGEST_BACKOFF if every is None else min(FIXED_BACKOFF * every, LONGEST_BACKOFF)
    return max(base, min(base * (1 << min(memory.failures, 20)), longest))


def adapted(interval: timedelta, entries: int, new: int) -> timedelta:
    """The adaptive interval after a good poll: shorter when most was new, longer when nothing."""
    if entries and new > entries / 2:
        interval /= 2
    elif new == 0:
        interval *= 1.5
    return min(max(interval, FASTEST), SLOWEST)


def not_before(finished: datetime, retry_after: float | None) -> datetime | None:
    """Until when the server asked to be left alone, a day at most."""
    if retry_after is None or not retry_after > 0:
        return None
    seconds = min(retry_after, LONGEST_RETRY_AFTER.total_seconds())
    return finished + timedelta(seconds=seconds)
