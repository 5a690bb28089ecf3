"""Durations as people write them in a profile and in settings: `5s`, `10m`, `2h`, `30d`."""

import re
from datetime import timedelta

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

#: Every word that people write for a unit, so that the remedy can be spelled out.
_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}

_DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_ALMOST = re.compile(r"([0-9]{1,9})\s*([a-z]+)", re.IGNORECASE)

#: Longer than any history that a rule can look back on.
LONGEST = timedelta(days=3660)


def parse_duration(text: str) -> timedelta:
    """The duration that `text` names; a ValueError's message is a sentence that says what to write.

    A duration is one whole number and one unit, without a space. `0s` is a duration.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(_remedy(text.strip()))
    duration = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    if duration > LONGEST:
        raise ValueError(f"{text.strip()} is longer than ten years; write a shorter one.")
    return duration


def _remedy(text: str) -> str:
    almost = _ALMOST.fullmatch(text)
    unit = _WORDS.get(almost[2].lower()) if almost else None
    if almost and unit:
        return f"this is not a duration; write {int(almost[1])}{unit}."
    if text.isdecimal():
        return f"this number needs a unit; write {text}s, {text}m, {text}h or {text}d."
    return "this is not a duration; write a number and a unit, such as 5s, 10m, 2h or 30d."
