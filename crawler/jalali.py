"""The solar calendar of Iran and Afghanistan (pure)."""

from datetime import date, timedelta

# The first day of its first year in the proleptic Gregorian calendar, by the rule of 33 years
# that holds from 1178 to 1633 of the Hijri solar era (Gregorian 1799 to 2254).
_EPOCH = date(622, 3, 21)
_CYCLE_YEARS, _CYCLE_DAYS = 33, 12_053
_LEAP_YEARS_OF_CYCLE = frozenset((1, 5, 9, 13, 17, 22, 26, 30))


def gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali one; ValueError if there is no such day."""
    if not (1178 <= year <= 1633 and 1 <= month <= 12 and 1 <= day <= _days_in(year, month)):
        raise ValueError(f"{year}/{month}/{day} is no date of the solar Hijri calendar.")
    cycles, years = divmod(year, _CYCLE_YEARS)
    leaps = sum(1 for leap in _LEAP_YEARS_OF_CYCLE if leap < years)
    days = cycles * _CYCLE_DAYS + years * 365 + leaps + (month - 1) * 31 - max(0, month - 7) + day
    return _EPOCH + timedelta(days=days - 366)


def _days_in(year: int, month: int) -> int:
    if month <= 6:
        return 31
    if month <= 11:
        return 30
    return 30 if year % _CYCLE_YEARS in _LEAP_YEARS_OF_CYCLE else 29
