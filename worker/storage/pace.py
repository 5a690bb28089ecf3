"""When a source is polled next (pure): at its own rhythm, and gently where it fails.

A source without a pace of its own is polled when what it is expected to have brought since has
waited for `PATIENCE` in all. With a steady rate that is an interval in inverse proportion to its
square root, which is how a given number of polls buys the least delay over many feeds (Sia, Cho
and Cho 2007, Efficient monitoring algorithm for fast news alerts): 240 entries a day are asked for
every 5 minutes, 24 every 15, one a day every 80.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.storage.rhythm import Rhythm, per_minute

START = timedelta(minutes=10)
#: An alert comes no sooner than the poll that brings its news: agencies with hundreds of reports a
#: day are asked this often. Most of those answers are 304s.
FASTEST, SLOWEST = timedelta(minutes=3), timedelta(hours=2)
#: Where a feed would turn over sooner, it is asked even so often.
FASTEST_BEFORE_LOSS = timedelta(minutes=1)
#: Entry-minutes of waiting that are worth a poll.
PATIENCE = 2.0
#: A feed is asked again before this share of its entries is expected to be new.
WINDOW_SHARE = 0.4
#: A source that fails is asked ever more rarely, but never given up.
LONGEST_BACKOFF = timedelta(hours=6)
#: Nothing that was gone for so long, or says that it is gone for good, is back within the hour.
ONCE_A_DAY = timedelta(hours=23)
GONE_AFTER = timedelta(days=3)
LONGEST_RETRY_AFTER = timedelta(hours=24)
#: How much more rarely a source with a pace of its own is asked when it fails.
FIXED_BACKOFF = 10
#: The pace that a server found too fast is not gone back to: so many times the time between polls
#: is the least from then on, an hour at most, and half of that a week later.
SLOWED_DOWN = 2.0
HIGHEST_FLOOR = timedelta(hours=1)
FLOOR_HALF_LIFE = timedelta(days=7)
#: A poll that lies further ahead than this was noted by a clock that was wrong.
CLOCK_SKEW = timedelta(minutes=5)
_GONE = 410


@dataclass(frozen=True, slots=True)
class PollMemory:
    """`failures` in a row since `last_success`; `interval` is the adaptive one; `not_before` is
    the server's own wish; `status` of the last poll, None where nothing answered; `floor` is the
    least time between polls that its server bears, as far as it is known."""

    last_poll: datetime
    failures: int
    interval: timedelta
    not_before: datetime | None = None
    status: int | None = None
    last_success: datetime | None = None
    floor: timedelta = timedelta(0)


def next_poll(memory: PollMemory, every: timedelta | None) -> datetime:
    """When to poll again; `every` None means the adaptive interval."""
    due = memory.last_poll + _wait(memory, every)
    return due if memory.not_before is None else max(due, memory.not_before)


def is_due(memory: PollMemory, every: timedelta | None, now: datetime) -> bool:
    """Whether to poll now; what a clock that was far ahead has noted does not count."""
    return next_poll(memory, every) <= now or memory.last_poll > now + CLOCK_SKEW


def may_be_sent_for(
    memory: PollMemory, every: timedelta | None, now: datetime, ahead: timedelta
) -> bool:
    """Whether to send for it now: it is due, or will be before a crawl has begun (`ahead`).

    Only what answers well at a pace that somebody has set is sent for before its time: whoever
    fails, or has asked for patience, is not asked sooner.
    """
    if is_due(memory, every, now):
        return True
    patient = memory.not_before is not None and memory.not_before > now
    if every is None or memory.failures or patient or memory.floor > every:
        return False
    return is_due(memory, every, now + ahead)


def adaptive(rhythm: Rhythm, now: datetime, window: int) -> timedelta:
    """How long to wait after a good poll; `window` entries are in the feed (0: unknown)."""
    expected = waiting = 0.0
    longest = SLOWEST // timedelta(minutes=1)
    for minute, new in enumerate(per_minute(rhythm, now, longest), start=1):
        wait = timedelta(minutes=minute)
        expected += new
        waiting += expected
        if waiting >= PATIENCE and wait >= FASTEST:
            return wait
        if window and expected >= window * WINDOW_SHARE and wait >= FASTEST_BEFORE_LOSS:
            return wait
    return SLOWEST


def not_before(finished: datetime, retry_after: float | None) -> datetime | None:
    """Until when the server asked to be left alone, a day at most."""
    if retry_after is None or not retry_after > 0:
        return None
    seconds = min(retry_after, LONGEST_RETRY_AFTER.total_seconds())
    return finished + timedelta(seconds=seconds)


def floor_after_too_many(floor: timedelta, asked_after: timedelta) -> timedelta:
    """The floor of a source whose server said 429 to a poll so long after the one that it answered.

    Whoever was left alone for as long as the highest floor complains of something else.
    """
    if asked_after >= HIGHEST_FLOOR:
        return floor
    return max(floor, min(asked_after * SLOWED_DOWN, HIGHEST_FLOOR))


def relaxed(floor: timedelta, passed: timedelta) -> timedelta:
    """The floor after some more time in which the server did not complain."""
    half_lives = max(passed, timedelta(0)) / FLOOR_HALF_LIFE
    return floor / math.exp2(half_lives)


def _wait(memory: PollMemory, every: timedelta | None) -> timedelta:
    base = max(every or memory.interval, memory.floor)
    if memory.failures == 0:
        return base
    longest = _longest(memory, base)
    if every is not None and longest < ONCE_A_DAY:
        longest = min(FIXED_BACKOFF * every, longest)
    return max(base, min(base * (1 << min(memory.failures, 20)), longest))


def _longest(memory: PollMemory, base: timedelta) -> timedelta:
    """The longest that a failing source waits.

    Where nothing answers at all it may be our own network that is down: a source is then asked
    again within a quarter of the time for which it has been away.
    """
    away = memory.last_poll - memory.last_success if memory.last_success else None
    if memory.status == _GONE and memory.failures > 1:
        return ONCE_A_DAY
    if memory.status is None and away is not None:
        if away >= GONE_AFTER:
            return ONCE_A_DAY
        return min(max(base, away / 4), LONGEST_BACKOFF)
    return LONGEST_BACKOFF
