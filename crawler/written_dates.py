"""Dates as people write them for readers: `28 июня 2025, 09:14`, `2025年6月28日` (pure)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from crawler.dates import is_plausible
from crawler.jalali import gregorian
from crawler.month_names import JALALI_MONTHS, folded, months, months_in_script_of

_MAX_LINE = 400
_SPACES = str.maketrans({"\xa0": " ", "\u202f": " ", "：": ":"})

_DAY_PATTERNS = (
    (re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)"), (1, 3, 4)),
    (re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?"), (1, 2, 3)),
)
_YEAR_LAST = re.compile(r"(?<![\d/])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/])")
_CLOCK = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s?(?:[:.]|h|時|时|点|시)\s?(\d{2})(?::\d{2})?(?![\d/]|\s?[kк%])\s?[分분]?"
    r"(?:\s?(?:([apصمπμقب])\.?\s?[mμظ]?|(مساء|صباح)(?:ا|ً|اً|ًا)?)(?!\w)\.?)?"
)
_CLOCKS = (
    _CLOCK,
    re.compile(r"(?<![\d:.])(\d{1,2})()\s?([ap])\.?m\b\.?"),
    re.compile(r"(?<!\d)([012]\d)([0-5]\d)()(?= ?(?:gmt|utc|hrs))"),
)
#: The first letters of a.m. and p.m. in English, Arabic, Greek and Persian.
_EARLY_HALF, _LATE_HALF = ("a", "ص", "π", "ق"), ("p", "م", "μ", "ب", "مساء")
_REACH_OF_ZONE = 12
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_AFTERNOON = re.compile(r"下午|오후|午後|晚上|μμ|μ\.μ")
_ZONE = re.compile(
    r"\b(?:gmt|utc)\s*([+-]\s?\d{1,2})?:?(\d{2})?(?!\w)|(?<=\d) ?([+-]\d{2}):?(\d{2})\b"
)
# Names of zones that mean one offset wherever they are written; CST, IST and AMT do not.
_NAMED_ZONE = re.compile(r"\b(est|edt|cdt|mdt|pst|pdt|hst|msk|мск|cet|cest|eet|eest|wib|jst|kst)\b")
_HOURS_OF_ZONE = {
    "est": -5, "edt": -4, "cdt": -5, "mdt": -6, "pst": -8, "pdt": -7, "hst": -10, "msk": 3,
    "мск": 3, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "wib": 7, "jst": 9, "kst": 9,
}  # fmt: skip
#: How far from its date a clock may stand, in characters.
_REACH_BEHIND, _REACH_BEFORE = 24, 20
_BUDDHIST_YEARS = 543
#: The Japanese era that began in 2019.
_ERA, _YEAR_BEFORE_ERA = re.compile(r"令和\s?(\d{1,2})年\s?(\d{1,2})月\s?(\d{1,2})日"), 2018


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date that was found in a line, with the clock beside it; `start` and `end` are where the
    date itself stands."""

    stated: datetime | date
    start: int
    end: int


def written_dates(
    line: str, language: str | None = None, month_first: bool | None = None
) -> tuple[WrittenDate, ...]:
    """The dates in one line, in their order.

    Names of months are read in `language` and in English, then in any language of the script.
    `month_first` says what `03/04/2025` means; None leaves it unread, unless its numbers tell.
    """
    line = folded(line[:_MAX_LINE].translate(_SPACES))
    found: list[WrittenDate] = []
    taken_to = 0
    for start, end, day in sorted(_days(line, language, month_first), key=_place):
        if start >= taken_to and is_plausible(day):
            found.append(WrittenDate(_with_clock(line, start, end, taken_to, day), start, end))
            taken_to = end
    return tuple(found)


_Place = tuple[int, int, date]


def _place(found: _Place) -> tuple[int, int]:
    return found[0], -found[1]


def _days(line: str, language: str | None, month_first: bool | None) -> Iterator[_Place]:
    if not any(c.isdigit() for c in line):
        return
    for pattern, (year, month, day) in _DAY_PATTERNS:
        for match in pattern.finditer(line):
            yield from _at(match, match.group(year), int(match.group(month)), match.group(day))
    for match in _ERA.finditer(line):
        year_text = str(_YEAR_BEFORE_ERA + int(match.group(1)))
        yield from _at(match, year_text, int(match.group(2)), match.group(3))
    for match in _YEAR_LAST.finditer(line):
        yield from _year_last(match, month_first)
    yield from _named(line, language)


def _year_last(match: re.Match[str], month_first: bool | None) -> Iterator[_Place]:
    first, sign, second, year = match.groups()
    if len(year) == 2:
        year = f"20{year}"
    if sign == "/" and month_first is None and int(first) <= 12 and int(second) <= 12:
        if first != second:
            return
    elif int(second) > 12 or (sign != "." and month_first and int(first) <= 12):
        first, second = second, first
    yield from _at(match, year, int(second), first)


def _named(line: str, language: str | None) -> Iterator[_Place]:
    """Dates with a name: of the language itself, else of any, else of the solar calendar."""
    if not _YEAR.search(line):
        return
    for known in (months(language), JALALI_MONTHS):
        if found := list(_with_names(line, known)):
            yield from found
            return
    yield from _with_names(line, months_in_script_of(line))


def _with_names(line: str, known: Mapping[str, int]) -> Iterator[_Place]:
    if not any(name in line for name in known):
        return
    is_solar = known is JALALI_MONTHS
    for pattern in _patterns(tuple(known)):
        for match in pattern.finditer(line):
            year = match.group("year")
            month = known[" ".join(match.group("month").split())]
            if is_solar == (1300 <= int(year) <= 1500):
                yield from _at(match, year, month, match.group("day"))


@lru_cache(maxsize=32)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    month = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    month = rf"(?<![^\W\d_])(?P<month>{month})(?:[^\W\d_]{{1,2}})?(?![^\W\d_])\.?"
    day = r"(?<!\d)(?P<day>\d{1,2})(?!\d)"
    year = r"(?P<year>\d{4})(?!\d)"
    after_day = (
        r"(?:st|nd|rd|th|er|º|ª|\.|-(?:го|е|й|ви|ші))?,?\s?"
        r"(?:of |de |d’|d'|da |ta’ |ngày |tháng )?[-/]?\s?"
    )
    before_year = r"\s?,?\s?[-/]?(?:de |del |dos |του |г\.? |year |พ\.ศ\.\s?)?\s?"
    between = (
        r"[.,]?\s?(?:m\.|metų|gada|g\.|ж\.|жылғы|жылы|оны|წლის|թ\.|թվականի|di|ইং|il|-?yil)?"
        r"\s?,?\s?"
    )
    weekday = r"(?:,?\s?[^\W\d_]{2,12}\.?,)?"
    return (
        re.compile(rf"{day}{after_day}{month}{before_year}{year}"),
        re.compile(rf"{month}\s?{day}(?:st|nd|rd|th|-?ին|\.)?{weekday},?\s?{year}"),
        re.compile(rf"(?<!\d){year}{between}{month}\s?{day}"),
        re.compile(rf"(?<!\d){year}{between}{day}{after_day}{month}"),
        re.compile(rf"{month}\s?{day}(?:st|nd|rd|th)?,?\s?{year}"),
    )


def _at(match: re.Match[str], year_text: str, month: int, day: str) -> Iterator[_Place]:
    year = int(year_text)
    try:
        if 1300 <= year <= 1500:
            found = gregorian(year, month, int(day))
        else:
            found = date(year - (_BUDDHIST_YEARS if year > 2400 else 0), month, int(day))
    except ValueError:
        return
    yield match.start(), match.end(), found


def _with_clock(line: str, start: int, end: int, earliest: int, day: date) -> datetime | date:
    """The day with the nearer of the clocks that stand close behind it or before it."""
    first = max(earliest, start - _REACH_BEFORE)
    behind = [(c.start() - end, c) for c in _clocks(line, end, end + _REACH_BEHIND)][:1]
    before = [(start - c.end(), c) for c in _clocks(line, first, start)][-1:]
    for _, clock in sorted(behind + before, key=lambda near: near[0]):
        if (found := _time(line, clock)) is not None:
            return datetime.combine(day, found)
    return day


def _clocks(line: str, start: int, end: int) -> list[re.Match[str]]:
    found = (list(pattern.finditer(line, start, end)) for pattern in _CLOCKS)
    return next((matches for matches in found if matches), [])


def _time(line: str, clock: re.Match[str]) -> time | None:
    hour, minute = int(clock.group(1)), int(clock.group(2) or 0)
    half = clock.group(3) or (clock.group(4) if clock.re is _CLOCK else None)
    is_late = half in _LATE_HALF or bool(
        _AFTERNOON.search(line[max(0, clock.start() - 4) : clock.start()])
    )
    if is_late and hour < 12:
        hour += 12
    elif half in _EARLY_HALF and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute, tzinfo=_zone(line[clock.start() : clock.end() + _REACH_OF_ZONE]))


def _zone(behind: str) -> tzinfo | None:
    """The offset that is written behind a clock, in figures or as a name that has but one."""
    match = _ZONE.search(behind)
    if not match:
        named = _NAMED_ZONE.search(behind)
        return timezone(timedelta(hours=_HOURS_OF_ZONE[named.group()])) if named else None
    hours, minutes = match.group(1) or match.group(3), match.group(2) or match.group(4)
    if hours is None:
        return UTC
    offset = int(hours.replace(" ", ""))
    shift = timedelta(hours=abs(offset), minutes=int(minutes or 0))
    if shift > timedelta(hours=14):
        return None
    return timezone(-shift if hours.startswith("-") else shift)
