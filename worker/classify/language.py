"""What language a text is written in: letters first, then little words, then a trained model.

The letters settle Georgian, Armenian, Persian and nearly every headline in Azerbaijani; little
words and endings settle twins (Russian and Ukrainian, Azerbaijani and Turkish) in microseconds;
lingua (https://github.com/pemistahl/lingua-rs) decides what is left, and names other languages.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from worker.classify.language_marks import evidence, words_of
from worker.classify.normalise import composed

UNKNOWN = "und"
#: Enough to tell by; more only costs time.
_LOOKED_AT = 400
#: Below this confidence a model's guess is a guess.
_SURE = 0.4
#: What a declaration adds to a confidence: it decides close calls, and only those.
_PRIOR = 0.15
#: What an English word adds to the model's confidence in English.
_LITTLE_WORD = 0.25

#: Ours, and neighbours that must not be taken for ours.
_CANDIDATES = (
    Language.ENGLISH, Language.RUSSIAN, Language.AZERBAIJANI, Language.TURKISH, Language.ARMENIAN,
    Language.GEORGIAN, Language.PERSIAN, Language.UKRAINIAN, Language.GERMAN, Language.FRENCH,
    Language.SPANISH, Language.ITALIAN, Language.POLISH, Language.ARABIC, Language.KAZAKH,
    Language.BELARUSIAN, Language.BULGARIAN,
)  # fmt: skip
_OF_CODE = {language.iso_code_639_1.name.lower(): language for language in _CANDIDATES}

#: Scripts by the language that they stand for here, or by a name where several share one.
_SCRIPTS = {
    "latin": re.compile(r"[A-Za-z\u00aa-\u024f\u0259\u018f]"),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "arabic": re.compile(r"[\u0620-\u06ff]"),
    "hy": re.compile(r"[\u0531-\u058f]"),
    "ka": re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ko": re.compile(r"[\u1100-\u11ff\uac00-\ud7af]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
}
_PERSIAN = re.compile(r"[پچژگیک]")
#: Letters that Persian has not, of its neighbours in the same script.
_NOT_PERSIAN = {"ur": "ٹڈڑےں", "ps": "ښځڅډړږۍې", "ku": "ڕڵێۆە"}
_KAZAKH = re.compile(r"[қңұғһөүә]")
#: What English is written with, names of others aside.
_ENGLISH = re.compile(r"[^äöüßàâçèêëîïôûñãõåæøłąęőűțșğışə]*", re.DOTALL)
#: Turkish parts a name from its ending; Azerbaijani does not.
_ENDING_OF_NAME = re.compile(r"\w['’](?:[dt][ae]n?|n?[ıiuü]n|[yn]?[aeıiuü]|l[ae]|yl[ae])\b")
#: A Latin i inside a Cyrillic word: Ukrainian, typed on what keyboard there was.
_MIXED = re.compile(r"(?<=[\u0400-\u04ff])i|i(?=[\u0400-\u04ff])")
#: An Azerbaijani text of so many letters has one of ə, x and q, which every eighth letter is.
_WITHOUT_SCHWA = 30
#: A Ukrainian text of so many letters has і, ї or є.
_WITHOUT_I = 30


def language_of(text: str, declared: Sequence[str] = ()) -> str:
    """ISO 639-1 of `text`; `und` where it cannot be told.

    `declared` are languages that the source or the page claims: they decide between close calls
    and for texts too short to tell, and never against the letters.
    """
    sample = composed(text[:_LOOKED_AT])
    prior = tuple(code.lower().partition("-")[0] for code in declared)
    letters = Counter({name: len(script.findall(sample)) for name, script in _SCRIPTS.items()})
    script, count = letters.most_common(1)[0]
    if count < 2:
        return UNKNOWN
    if script == "latin":
        return _latin(sample, prior, count) or UNKNOWN
    if script == "cyrillic":
        return _cyrillic(sample, prior, count) or UNKNOWN
    if script == "arabic":
        return _arabic(sample, prior) or UNKNOWN
    return "ja" if script == "zh" and letters["ja"] else script


def _arabic(sample: str, prior: tuple[str, ...]) -> str | None:
    for code, letters in _NOT_PERSIAN.items():
        if any(sign in sample for sign in letters):
            return code
    if _PERSIAN.search(sample) or "fa" in prior:
        return "fa"
    return _trained(sample, prior)


def _cyrillic(sample: str, prior: tuple[str, ...], letters: int) -> str | None:
    low = sample.lower()
    if any(sign in low for sign in "ҹҝ") or ("ј" in low and "ы" in low):
        return "az"
    if "ә" in low and not any(sign in low for sign in "қңұі"):
        return "az"
    if "ў" in low:
        return "uz" if re.search("[қғҳ]", low) else "be"
    if _KAZAKH.search(low):
        return _trained(sample, prior)
    if "і" in low and not re.search("[иїєґщ]", low):
        return _twin(sample, ("uk", "be"), prior)
    counts = evidence(words_of(low), ("ru", "uk", "bg"))
    ukrainian = sum(low.count(sign) for sign in "іїєґ") + len(_MIXED.findall(low))
    counts["uk"] += ukrainian
    counts["ru"] += 0.0 if ukrainian else min(1.0, letters / _WITHOUT_I)
    counts["ru"] += sum(low.count(sign) for sign in "ыэё")
    counts["bg"] += 0.5 * low.count("ъ") - 1.0  # two words of three letters make no Bulgarian
    return _clearest(counts) or _twin(sample, ("ru", "uk"), prior)


def _latin(sample: str, prior: tuple[str, ...], letters: int) -> str | None:
    low = _lowered(sample)
    schwas = low.count("ə")
    if schwas * 40 >= letters:
        return "az"
    words = words_of(low)
    english = evidence(words, ("en", "tr", "az"))["en"]
    if english >= 2 and english * 8 >= len(words) and _ENGLISH.fullmatch(low):
        return "en"
    turkic = evidence(words, ("tr", "az"))
    found = max(turkic.values())
    turkic["az"] += schwas + 0.75 * len(re.findall("[xq]", low))
    turkic["tr"] += 0.75 * low.count("w") + len(_ENDING_OF_NAME.findall(low))
    if not turkic["az"]:
        turkic["tr"] += min(2.0, letters / _WITHOUT_SCHWA)
    if re.search("[ğışə]", low) and (clearest := _clearest(turkic)):
        return clearest
    if letters < 8:
        return next((code for code in prior if code in _OF_CODE), None)
    guess = _trained(sample, prior, {"en": _LITTLE_WORD * english})
    if guess in ("az", "tr"):
        if english and not found:
            return "en"  # names from the region are no sentence in its languages
        return _clearest(turkic) or _twin(sample, ("tr", "az"), prior)
    return guess


def _lowered(sample: str) -> str:
    """Lower case; a text with Turkic letters has their dotless i as well."""
    if re.search("[İĞŞƏğşəı]", sample):
        sample = sample.replace("I", "ı")
    return sample.replace("İ", "i").lower()


def _clearest(counts: dict[str, float]) -> str | None:
    """The language for which twice as much speaks as for any other, if that is anything much."""
    (most, best), (next_most, _) = sorted(((n, code) for code, n in counts.items()), reverse=True)[
        :2
    ]
    return best if most >= 1.0 and most >= 2 * next_most else None


def _twin(sample: str, twins: tuple[str, str], prior: tuple[str, ...]) -> str | None:
    """The one of two that a model trained on just these two takes the text for."""
    values = {
        _code(value.language.iso_code_639_1): value.value
        for value in _detector_of(twins).compute_language_confidence_values(sample)
    }
    for code in twins:
        if code in prior:
            values[code] = values.get(code, 0.0) + _PRIOR
    return max(twins, key=lambda code: values.get(code, 0.0))


def _trained(
    sample: str, prior: tuple[str, ...], seen: Mapping[str, float] = MappingProxyType({})
) -> str | None:
    """What the model says; `seen` is added to its confidence in a language."""
    scored = [
        (value.value + seen.get(code, 0.0) + (_PRIOR if code in prior else 0.0), code)
        for value in _detector_of(tuple(_OF_CODE)).compute_language_confidence_values(sample)[:6]
        for code in (_code(value.language.iso_code_639_1),)
    ]
    best, code = max(scored, default=(0.0, ""))
    return code if best >= _SURE else next((one for one in prior if one in _OF_CODE), None)


def _code(code: IsoCode639_1) -> str:
    return code.name.lower()


@lru_cache(maxsize=4)
def _detector_of(codes: tuple[str, ...]) -> LanguageDetector:
    """Loaded at the first text that needs it: a process that needs it not pays nothing."""
    languages = [_OF_CODE[code] for code in codes]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
