"""Names of months and days in the languages of the press, from Unicode's CLDR (pure)."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

#: Looked through when a page does not declare its language, or declares a wrong one: by the script
#: of the line, since every language costs a megabyte of CLDR.
_BY_SCRIPT: Mapping[str, tuple[str, ...]] = {
    "LATIN": ("en", "az", "tr", "uz", "de", "fr", "es", "pt", "it", "pl", "ro", "cs", "nl", "sv",
              "id"),
    "CYRILLIC": ("ru", "uk", "be", "bg", "kk", "ky", "tg", "sr", "mk"),
    "ARABIC": ("fa", "ar", "ur"), "ARMENIAN": ("hy",), "GEORGIAN": ("ka",), "GREEK": ("el",),
    "HEBREW": ("he",), "DEVANAGARI": ("hi",), "BENGALI": ("bn",), "THAI": ("th",), "TAMIL": ("ta",),
}  # fmt: skip

#: The solar months of Iran (Arabic and Persian letters folded), and of Afghanistan.
JALALI_MONTHS: Mapping[str, int] = {
    "فروردین": 1, "اردیبهشت": 2, "خرداد": 3, "تیر": 4, "مرداد": 5, "امرداد": 5, "شهریور": 6,
    "مهر": 7, "آبان": 8, "آذر": 9, "دی": 10, "بهمن": 11, "اسفند": 12,
    "حمل": 1, "ثور": 2, "جوزا": 3, "سرطان": 4, "اسد": 5, "سنبله": 6, "میزان": 7, "عقرب": 8,
    "قوس": 9, "جدی": 10, "دلو": 11, "حوت": 12,
}  # fmt: skip
#: What the Levant and the Maghreb say, which CLDR keeps in regional files; and other spellings.
_MORE: Mapping[str, Mapping[str, int]] = {
    "ar": {"كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7,
           "آب": 8, "أيلول": 9, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12,
           "جانفي": 1, "فيفري": 2, "أفريل": 4, "ماي": 5, "جوان": 6, "جويلية": 7, "أوت": 8},
    "en": {"sept": 9},
    "fa": {"ژانویه": 1, "فوریه": 2, "مه": 5, "می": 5, "ژوئیه": 7, "جولای": 7, "آگوست": 8},
    "de": {"jänner": 1, "maerz": 3},
    "az": {"январ": 1, "феврал": 2, "апрел": 4, "ијун": 6, "ијул": 7, "сентјабр": 9, "октјабр": 10},
}  # fmt: skip

_FOLD = str.maketrans(
    {"ي": "ی", "ك": "ک", "ٔ": None, "İ": "i", "\u0307": None, "\u200c": None, "\u200e": None,
     "\u200f": None}
)  # fmt: skip


@lru_cache(maxsize=128)
def months(language: str | None) -> Mapping[str, int]:
    """Names of months in lower case, whole and short, to their numbers; English is among them."""
    found = dict(_of(language)) if language else {}
    for name, number in _of("en").items():
        found.setdefault(name, number)
    return found


def months_in_script_of(line: str) -> Mapping[str, int]:
    """The names in all languages of a line's scripts, without those on whose number they differ."""
    scripts = {unicodedata.name(c, "").partition(" ")[0] for c in line if c.isalpha()}
    return _of_scripts(frozenset(scripts & _BY_SCRIPT.keys()))


@lru_cache(maxsize=128)
def calendar_words(language: str | None) -> frozenset[str]:
    """Single words that name a month or a day of the week, in a language and in English."""
    tags = {language or "en", "en"}
    days = {_folded(day) for tag in tags for day in _names(tag, "days").values()}
    words = {word for name in (*months(language or "en"), *days) for word in name.split()}
    return frozenset(word.strip(".,") for word in words)


@lru_cache(maxsize=16)
def _of_scripts(scripts: frozenset[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    disputed: set[str] = set()
    for language in (tag for script in sorted(scripts) for tag in _BY_SCRIPT[script]):
        for name, number in _of(language).items():
            if found.setdefault(name, number) != number:
                disputed.add(name)
    return {name: number for name, number in found.items() if name not in disputed}


@lru_cache(maxsize=128)
def _of(language: str) -> Mapping[str, int]:
    found = {_folded(name): number for number, name in _numbered(language)}
    found.update({_folded(name): number for name, number in _MORE.get(language, {}).items()})
    return {name: number for name, number in found.items() if len(name) > 1}


def _numbered(language: str) -> list[tuple[int, str]]:
    wide, short = _names(language, "months", "wide"), _names(language, "months", "abbreviated")
    names = [*short.items(), *wide.items()]
    nominative = _names(language, "months", "wide", "stand-alone")
    return [*nominative.items(), *names]


def _names(language: str, what: str, width: str = "wide", use: str = "format") -> Mapping[int, str]:
    try:
        known = getattr(Locale.parse(language), what)
    except (UnknownLocaleError, ValueError):
        return {}
    names: Mapping[int, str] = known[use][width]
    # Digits alone (`6月`) are read as digits; and what falls back on another language is none.
    return {n: name for n, name in names.items() if not name[0].isdigit()}


def folded(text: str) -> str:
    """Lower case, and one letter where Arabic and Persian, or Turkish and others, have two."""
    return text.translate(_FOLD).lower()


def _folded(name: str) -> str:
    return folded(name).rstrip(".")
