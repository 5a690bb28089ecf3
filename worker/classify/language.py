"""What language a text is written in: letters first, then common words, then a trained model.

The letters of a headline settle Azerbaijani, Georgian, Armenian, Persian and Ukrainian; common
words settle most of the rest in microseconds; lingua decides what is left.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

UNKNOWN = "und"
#: Enough to tell by; more only costs time.
_LOOKED_AT = 400

#: Ours, and neighbours that must not be taken for ours.
_CANDIDATES = (
    Language.ENGLISH, Language.RUSSIAN, Language.AZERBAIJANI, Language.TURKISH, Language.ARMENIAN,
    Language.GEORGIAN, Language.PERSIAN, Language.UKRAINIAN, Language.GERMAN, Language.FRENCH,
    Language.SPANISH, Language.ITALIAN, Language.POLISH, Language.ARABIC, Language.KAZAKH,
    Language.BELARUSIAN, Language.BULGARIAN,
)  # fmt: skip

_GEORGIAN = re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf]")
_ARMENIAN = re.compile(r"[\u0531-\u058f]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_PERSIAN = re.compile(r"[پچژگیک]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024fəƏ]")
_WORD = re.compile(r"\w+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON: dict[str, frozenset[str]] = {
    "en": _words("the of and to in is was for on with that has have by at from it its said are"),
    "ru": _words("и что с из его как это от был к о об при также после она он но ты где или"),
    "az": _words("və bu bir ilə üçün olub edib ki də da olan görə sonra"),
    "tr": _words("ve bir bu için ile olarak olan sonra daha gibi ise oldu etti dedi çok kadar"),
    "uk": _words("та що з це від як після його й або але вона ти де чи щоб був треба"),
}


def language_of(text: str, declared: Sequence[str] = ()) -> str:
    """ISO 639-1 of `text`; `und` where it cannot be told.

    `declared` are languages that the source or the page claims: they decide between close calls
    and for texts too short to tell, and never against the letters.
    """
    sample = text[:_LOOKED_AT]
    prior = tuple(code.lower().partition("-")[0] for code in declared)
    return _by_letters(sample, prior) or UNKNOWN


def _by_letters(sample: str, prior: tuple[str, ...]) -> str | None:
    counts = {
        "ka": len(_GEORGIAN.findall(sample)),
        "hy": len(_ARMENIAN.findall(sample)),
        "arabic": len(_ARABIC.findall(sample)),
        "cyrillic": len(_CYRILLIC.findall(sample)),
        "latin": len(_LATIN.findall(sample)),
    }
    script, letters = max(counts.items(), key=lambda pair: pair[1])
    if letters < 2:
        return None
    if script == "arabic":
        return _arabic(sample, prior)
    if script == "cyrillic":
        return _cyrillic(sample, prior)
    if script == "latin":
        return _latin(sample, prior, letters)
    return script


def _arabic(sample: str, prior: tuple[str, ...]) -> str | None:
    if _PERSIAN.search(sample) or "fa" in prior:
        return "fa"
    return _trained(sample, prior)


def _cyrillic(sample: str, prior: tuple[str, ...]) -> str | None:
    low = sample.lower()
    if any(sign in low for sign in "ҹҝ") or ("ә" in low and not any(s in low for s in "қңұі")):
        return "az"
    if any(sign in low for sign in "қңұғһөүә") or ("і" in low and "ы" in low):
        return "be" if "ў" in low else _trained(sample, prior)
    if "ў" in low:
        return "be"
    ukrainian = sum(low.count(sign) for sign in "іїєґ")
    russian = sum(low.count(sign) for sign in "ыэъё")
    if ukrainian != russian:
        return "uk" if ukrainian > russian else "ru" if low.count("ъ") * 40 < len(low) else "bg"
    if len(low) >= 30:
        return "ru"  # Ukrainian without a single і, ї or є does not occur at this length
    return _common(low, ("ru", "uk")) or _declared(prior, ("ru", "uk")) or _trained(sample, prior)


def _latin(sample: str, prior: tuple[str, ...], letters: int) -> str | None:
    low = sample.replace("İ", "i").lower()
    if low.count("ə") * 40 >= letters:
        return "az"
    common = _common(low, ("en", "tr", "az"))
    turkic = any(sign in low for sign in "ğış") or "ı" in low
    if common == "en" and not turkic:
        return "en"
    if common == "tr" and turkic and not re.search(r"[xq]", low):
        return "tr"
    if turkic and letters >= 25 and not re.search(r"[xqwə]", low) and common in ("tr", None):
        return "tr"  # every third Azerbaijani word has one of these letters, no Turkish one has
    if letters < 8:
        return _declared(prior, tuple(_COMMON))
    guess = _trained(sample, prior)
    if guess == "az" and letters >= 20 and not re.search(r"[xqə]", low):
        return "tr"
    return guess


def _common(low: str, languages: Sequence[str]) -> str | None:
    """The language whose commonest words clearly prevail."""
    words = _WORD.findall(low)
    counts = sorted(
        ((sum(w in _COMMON[code] for w in words), code) for code in languages), reverse=True
    )
    best, second = counts[0], counts[1]
    return (
        best[1]
        if best[0] >= 2 and best[0] >= 2 * second[0] + 1 and best[0] * 12 >= len(words)
        else None
    )


def _declared(prior: tuple[str, ...], among: Sequence[str]) -> str | None:
    return next((code for code in prior if code in among), None)


def _trained(sample: str, prior: tuple[str, ...]) -> str | None:
    values = _detector().compute_language_confidence_values(sample)
    if not values:
        return _declared(prior, tuple(_COMMON))
    scored = [(value.value + (0.15 if _code(value.language.iso_code_639_1) in prior else 0.0),
               _code(value.language.iso_code_639_1)) for value in values[:4]]  # fmt: skip
    best, code = max(scored)
    return code if best >= 0.25 else _declared(prior, tuple(_COMMON))


def _code(code: IsoCode639_1) -> str:
    return code.name.lower()


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Loaded at the first undecided text: a process that needs it not pays nothing."""
    return LanguageDetectorBuilder.from_languages(*_CANDIDATES).with_low_accuracy_mode().build()
