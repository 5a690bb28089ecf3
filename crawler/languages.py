"""Names and tags of languages and countries to their codes (pure)."""

import re
from functools import lru_cache

from babel import Locale

_TAG = re.compile(r"^([A-Za-z]{2})(?:[-_].*)?$", re.DOTALL)

#: Names in use that Unicode's English names have left behind.
_COUNTRIES = {
    "turkey": "TR", "macedonia": "MK", "swaziland": "SZ", "ivory coast": "CI", "burma": "MM",
    "czech republic": "CZ", "bosnia-herzegovina": "BA", "cape verde": "CV", "hong kong": "HK",
    "palestine": "PS", "congo": "CG", "democratic republic of the congo": "CD",
}  # fmt: skip
_LANGUAGES = {"farsi": "fa", "norwegian": "no", "kyrgyz": "ky", "burmese": "my", "sinhalese": "si"}


def declared_language(tag: object) -> str | None:
    """ISO 639-1 of a language tag like `az-AZ`, None for anything else."""
    match = _TAG.match(tag.strip()) if isinstance(tag, str) else None
    return match.group(1).lower() if match else None


def language_named(name: str) -> str | None:
    """ISO 639-1 of a language's English name; None for one that has no such code."""
    return _names()[0].get(name.strip().lower())


def country_named(name: str) -> str | None:
    """ISO 3166-1 alpha-2 of a country's English name; None for one that is not known."""
    return _names()[1].get(name.strip().lower())


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], dict[str, str]]:
    english = Locale("en")
    languages = {str(n).lower(): c for c, n in english.languages.items() if len(c) == 2}
    countries = {
        str(n).lower().replace("&", "and"): c
        for c, n in english.territories.items()
        if len(c) == 2 and c.isalpha()
    }
    return languages | _LANGUAGES, countries | _COUNTRIES
