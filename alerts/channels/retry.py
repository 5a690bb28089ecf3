"""When a failed delivery is tried again, and when it is given up (pure).

The first retry comes after seconds, because most failures are short; then the pause doubles up to a
quarter of an hour, so a receiver that is down for hours meets no storm, and hears of the alert
within a quarter of an hour of coming back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.notification import Failed

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)

#: A receiver's own wish is honoured up to here: an alert that is hours late is none.
LONGEST_WISH = timedelta(hours=1)

#: After this long an alert is history: the delivery is dead and is shown as such.
GIVE_UP_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again, not before `due_at`."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """Never try again; `reason` is a sentence."""

    reason: str


def backoff(attempt: int, retry_after: float | None, jitter: float) -> timedelta:
    """The pause after the failed attempt number `attempt` (from 1).

    `jitter`, from 0 to 1, spreads the pauses of many messages over 75 % to 125 %. `retry_after` is
    the receiver's wish in seconds: the pause is never shorter, up to `LONGEST_WISH`.
    """
    doubled = FIRST_PAUSE * (1 << min(max(attempt, 1) - 1, 16))
    pause = min(doubled, LONGEST_PAUSE) * (0.75 + 0.5 * jitter)
    if retry_after is None:
        return pause
    wish = min(timedelta(seconds=min(retry_after, 1e6)), LONGEST_WISH)
    # Spread upwards only: before the wish is over an answer would be another refusal.
    return max(pause, wish * (1 + 0.1 * jitter))


def after_failure(
    failed: Failed, attempt: int, due_at: datetime, now: datetime, jitter: float
) -> RetryAt | Dead:
    """What becomes of a delivery, first due at `due_at`, whose attempt number `attempt` failed."""
    if failed.permanent:
        return Dead(failed.error)
    next_try = now + backoff(attempt, failed.retry_after, jitter)
    if next_try - due_at > GIVE_UP_AFTER:
        hours = int(GIVE_UP_AFTER.total_seconds() // 3600)
        return Dead(f"Given up after {hours} hours and {attempt} attempts. Last: {failed.error}")
    return RetryAt(next_try)
