"""ISO codes of countries and languages: sources name a country by two letters, signals by three.

The codes are pycountry's (Debian's iso-codes), the English names Babel's (Unicode CLDR: "Russia",
not "Russian Federation"). Kosovo's codes are not ISO's own, and its press uses them.
"""

from functools import cache

import pycountry
from babel import Locale


def alpha_3(code: str | None) -> str | None:
    """`AZE` for `AZ`, `aze` or `AZE`; None where there is no such country."""
    known = (code or "").upper()
    return _pairs().get(known) or (known if known in alpha_3_codes() else None)


def country_name(code: str) -> str:
    """The country's English name, or the code itself where there is no such country."""
    three = alpha_3(code)
    two = next((two for two, other in _pairs().items() if other == three), None)
    return Locale("en").territories[two] if two else code


def alpha_2_codes() -> frozenset[str]:
    """Every two-letter code."""
    return frozenset(_pairs())


@cache
def alpha_3_codes() -> frozenset[str]:
    """Every three-letter code."""
    return frozenset(_pairs().values())


@cache
def language_codes() -> frozenset[str]:
    """Every ISO 639-1 code."""
    return frozenset(tongue.alpha_2 for tongue in pycountry.languages if hasattr(tongue, "alpha_2"))


@cache
def _pairs() -> dict[str, str]:
    return {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
