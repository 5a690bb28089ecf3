"""Numbers, times and odds as a person says them (pure)."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from alerts.finding import Finding

LANGUAGES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hy": "Armenian",
    "it": "Italian",
    "ka": "Georgian",
    "kk": "Kazakh",
    "pl": "Polish",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "uz": "Uzbek",
    "zh": "Chinese",
}

_PLURALS = {"story": "stories"}


def language_in_words(code: str) -> str | None:
    """The language's English name, its code where that is not known, None for `und`."""
    return None if code == "und" else LANGUAGES.get(code, code)


def counted(number: int, noun: str) -> str:
    """`1 story`, `9 stories`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """`stories`."""
    return _PLURALS.get(noun, f"{noun}s")


def noun_of(unit: str, count: int, stories: int) -> str:
    """What a rule that counts in `unit` has counted, one of it: `story`; `account` where a story
    counts once for each newsroom that tells it in words of its own."""
    if unit == "stories":
        return "story" if count == stories else "account"
    return unit.removesuffix("s")


def more_stories(number: int) -> str:
    """`1 more story`, `6 more stories`."""
    return f"{number:,} more {counted(number, 'story').rpartition(' ')[2]}"


def decimal(number: float) -> str:
    """A count that need not be whole, no finer than anybody needs: 0.04, 0.4, 2.5, 12."""
    if 0 < number < 0.001:
        return "under 0.001"
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.2g}" if number < 1 else f"{number:.1f}".removesuffix(".0")


def duration_in_words(span: timedelta) -> str:
    """`30 s`, `15 min`, `2 h`, `25 h 5 min`, `3 days`."""
    seconds = round(span.total_seconds())
    if 0 < seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    if minutes and hours < 2:
        return f"{60 * hours + minutes} min"
    if minutes and hours < 48:
        return f"{hours} h {minutes} min"
    days, rest = divmod(hours, 24)
    if hours <= 48 or (rest and days < 3):
        return f"{hours} h" if hours else f"{minutes} min"
    return f"{days} days {rest} h" if rest else f"{days} days"


def moment_in_words(moment: datetime | date) -> str:
    """`2025-06-28 09:14 UTC+00:00`, or the day alone where only the day is known."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC+00:00"


def listed(names: Sequence[str], most: int = 8) -> str:
    """`APA, Report and 3 more`."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def odds_in_words(probability: float | None, window: timedelta) -> str | None:
    """How rare such a count is: `about once in 400 days`; None where the kind has no odds.

    Each window is one draw, so the time between two such counts is a window over the probability.
    Beyond ten years no model of the news can be trusted, and the sentence does not pretend to.
    """
    if probability is None:
        return None
    days = window.total_seconds() / 86400 / max(probability, 1e-30)
    if days > 3650:
        return "less than once in ten years"
    if days >= 2:
        return f"about once in {_rounded(days):,} days"
    return f"about once in {max(1, round(days * 24))} h"


def counts_in_words(finding: Finding) -> str:
    """`9 stories by 5 newsrooms`, led by the unit that the rule counts."""
    newsrooms = counted(finding.newsrooms, "newsroom")
    if finding.unit == "newsrooms":
        return f"{counted(finding.count, 'newsroom')} with {counted(finding.stories, 'story')}"
    if finding.unit == "articles":
        stories = counted(finding.stories, "story")
        return f"{counted(finding.count, 'article')} ({stories} by {newsrooms})"
    stories = counted(finding.stories, "story")
    if finding.count == finding.stories:
        return f"{stories} by {newsrooms}"
    return f"{counted(finding.count, 'account')} of {stories} by {newsrooms}"


def _rounded(days: float) -> int:
    """Two significant figures: the odds are an estimate and should look like one."""
    step = 10.0 ** max(0, math.floor(math.log10(days)) - 1)
    return round(round(days / step) * step)
