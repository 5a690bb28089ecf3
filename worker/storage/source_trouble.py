"""What is wrong with a source, in a sentence that says what to do about it (pure)."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.source import Source
from worker.storage.pace import PollMemory, next_poll
from worker.storage.silence import Silence
from worker.storage.source_days import Counters

Kind = Literal[
    "off",
    "unpolled",
    "failing",
    "resting",
    "overdue",
    "empty",
    "stopped",
    "stale",
    "short",
    "missed",
    "pages",
]

DAY = timedelta(hours=24)
#: A source falls short below this share of the articles a day that it promised.
SHORT = 0.5
#: The same for what it merely used to bring: days differ.
SHORT_OF_USUAL = 0.3
#: A poll that is later than this is missing: no queue of crawls is so long.
LATE = timedelta(minutes=15)
#: So many polls that brought nothing but new entries are no accident.
TOO_LATE = 3
#: From so many pages on their fate tells something of the source.
LEAST_PAGES, LEAST_READ = 20, 0.5

_REMEDIES = {
    401: "ask the publisher to let the crawler in, or use another address of theirs",
    402: "ask the publisher to let the crawler in, or use another address of theirs",
    403: "ask the publisher to let the crawler in, or use another address of theirs",
    404: "look for its new address",
    410: "look for its new address, or switch it off",
    429: "it is asked more rarely, by itself",
    451: "use another address of the publisher, or switch it off",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind for programs, a sentence for people."""

    kind: Kind
    sentence: str


@dataclass(frozen=True, slots=True)
class Polled:
    """What is known of a source that was polled at least once; `error` is of the last poll."""

    memory: PollMemory
    error: str | None
    robots_denied: bool
    first_success: datetime | None
    fresh_at: datetime | None
    overdue: float
    silence: Silence | None


@dataclass(frozen=True, slots=True)
class Brought:
    """New entries of the last 24 hours, how many were `expected` (None: unknown), whether the
    profile says so (`promised`) or its own history; and the last days' counters."""

    seen: int
    expected: float | None
    promised: bool
    lately: Counters


def trouble(
    source: Source,
    polled: Polled | None,
    brought: Brought,
    resting_until: datetime | None,
    now: datetime,
) -> Trouble | None:
    """What is wrong as of now, the worst first; None when all is well."""
    if not source.enabled:
        return Trouble("off", "It is switched off in the profile.")
    if polled is None:
        return Trouble("unpolled", "It has not been polled yet.")
    if polled.error is not None:
        return Trouble("failing", _failing(polled))
    if resting_until is not None:
        until = f"{resting_until:%Y-%m-%d %H:%M} UTC"
        return Trouble("resting", f"Its server asked to be left alone until {until}.")
    return (
        _not_polled(source, polled, now)
        or _silent(polled, now)
        or _short(polled, brought, now)
        or _missed(brought)
        or _pages(brought.lately)
    )


def _failing(polled: Polled) -> str:
    error = str(polled.error).rstrip(". ")
    # robots.txt is the name of a file.
    said = error if error.startswith("robots.txt") else error[:1].upper() + error[1:]
    worked = polled.memory.last_success
    since = f"last worked {worked:%Y-%m-%d %H:%M} UTC" if worked else "it has never worked"
    return f"{said}; {since}: {_remedy(polled)}."


def _remedy(polled: Polled) -> str:
    status = polled.memory.status
    if polled.robots_denied:
        return "that is obeyed; use another address of the publisher, or switch it off"
    if status in _REMEDIES:
        return _REMEDIES[status]
    if status is not None and status < 300:
        return "open its address in a browser, and look for the feed"
    if status is None and polled.memory.last_success is None and polled.memory.failures > 1:
        return "check its address"
    return "it is asked again, by itself"


def _not_polled(source: Source, polled: Polled, now: datetime) -> Trouble | None:
    due = next_poll(polled.memory, source.every)
    if now - due <= max(LATE, source.every or timedelta(0)):
        return None
    last = f"{polled.memory.last_poll:%Y-%m-%d %H:%M} UTC"
    return Trouble(
        "overdue", f"It has not been polled since {last}, and is overdue: is the service running?"
    )


def _silent(polled: Polled, now: datetime) -> Trouble | None:
    if polled.silence is None:
        return None
    if polled.silence == "empty":
        if polled.first_success is None or now - polled.first_success < DAY:
            return None
        return Trouble("empty", "It answers, but has never had an entry: check its address.")
    since = f"{polled.fresh_at:%Y-%m-%d %H:%M} UTC" if polled.fresh_at else "the beginning"
    if polled.silence == "stopped":
        return Trouble(
            "stopped", f"It answers, but has brought nothing new since {since}: "
            "look for its new address, or switch it off.",
        )  # fmt: skip
    return Trouble(
        "stale", f"It answers, but has brought nothing new since {since}, where "
        f"{polled.overdue:.0f} articles would be usual: look at its address.",
    )  # fmt: skip


def _short(polled: Polled, brought: Brought, now: datetime) -> Trouble | None:
    expected, seen = brought.expected, brought.seen
    if expected is None or polled.first_success is None or now - polled.first_success < DAY:
        return None
    if brought.promised:
        short = seen < expected * SHORT
    else:
        # As far below as chance alone would hardly bring it.
        short = seen < min(expected * SHORT_OF_USUAL, expected - 3 * math.sqrt(expected))
    if not short:
        return None
    known = "are expected" if brought.promised else "are usual"
    return Trouble(
        "short", f"It brought {seen} articles in 24 hours, where {expected:.3g} {known}."
    )


def _missed(brought: Brought) -> Trouble | None:
    late = brought.lately.polls_too_late
    if late < TOO_LATE:
        return None
    return Trouble(
        "missed", f"In {late} polls of the last days every entry was new, so others may have been "
        "missed: give it an `every` of a few minutes.",
    )  # fmt: skip


def _pages(lately: Counters) -> Trouble | None:
    share, asked = read_share(lately), pages_asked(lately)
    if share is None or asked < LEAST_PAGES or share >= LEAST_READ:
        return None
    reasons = {
        "are paywalls or consent forms: what its feed says is all there is": lately.pages_walled,
        "show no article that can be found: give it an `article` selector": lately.pages_empty,
        "may not be read (robots.txt): what its feed says is all there is": lately.pages_refused,
        "cannot be fetched: open one in a browser": lately.pages_failed,
    }
    why, count = max(reasons.items(), key=lambda pair: pair[1])
    return Trouble("pages", f"Of its last {asked} pages {count} {why}.")


def pages_asked(counters: Counters) -> int:
    """How many pages were to be read."""
    return (
        counters.pages_read
        + counters.pages_walled
        + counters.pages_empty
        + counters.pages_refused
        + counters.pages_failed
    )


def read_share(counters: Counters) -> float | None:
    """The share of pages from which an article was extracted, None without any."""
    asked = pages_asked(counters)
    return counters.pages_read / asked if asked else None
