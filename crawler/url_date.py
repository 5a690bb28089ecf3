"""The day that an address states (pure)."""

import re
from datetime import date
from urllib.parse import unquote, urlsplit

from crawler.dates import is_plausible

_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})[/_.-](\d{1,2})[/_.-](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[/_.-](\d{1,2})[/_.-]((?:19|20)\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/-]([a-z]{3})[a-z]*[/-](\d{1,2})(?!\d)", re.IGNORECASE
)
_WITHOUT_SIGNS = re.compile(r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def day_in_url(url: str) -> date | None:
    """The day in `/2025/06/28/`, `/2025-06-28-`, `/28-06-2025`, `/2025/jun/28` or `/20250628/`."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    if match := _YEAR_FIRST.search(path):
        return _day(match.group(1), match.group(2), match.group(3))
    if (match := _NAMED.search(path)) and match.group(2).lower() in _MONTHS:
        month = str(_MONTHS.index(match.group(2).lower()) + 1)
        return _day(match.group(1), month, match.group(3))
    if match := _YEAR_LAST.search(path):
        return _day(match.group(3), match.group(2), match.group(1))
    if match := _WITHOUT_SIGNS.search(path):
        return _day(match.group(1), match.group(2), match.group(3))
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if is_plausible(found) else None
