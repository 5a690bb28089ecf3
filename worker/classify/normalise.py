"""Text made comparable, with the way back to the code points of the original.

NFC, and what is only another shape of a letter (full width, ligatures, Arabic presentation forms,
mathematical alphabets) as that letter; lower case by the rules of the language (az and tr: `İ` →
`i`, `I` → `ı`); ru `ё` → `е`; uk without apostrophes; hy `եւ` → `և`, without its stress marks; fa
Arabic letters to Persian ones, alef without its hat, ZWNJ to a space; Azerbaijani in Cyrillic is
spelled in Latin. Invisible characters are dropped.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

#: Shapes of letters. Other compatibility signs (№, …, ½) stay what they are.
_SHAPES = re.compile("[\uff01-\uff5e\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc\U0001d400-\U0001d7ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_AZERI_CYRILLIC = str.maketrans(
    dict(zip("абвгғдеәжзиыјкҝлмноөпрстуүфхһчҹш", "abvqğdeəjziıykglmnoöprstuüfxhçcş", strict=True))
)
#: What is replaced in every language: quotes that stand for apostrophes, and a letter whose lower
#: case would be two.
_EVERYWHERE = (("’", "'"), ("ʼ", "'"), ("‘", "'"), ("`", "'"), ("´", "'"), ("İ", "i"))
#: What is left out: invisible signs, and by language what nobody writes twice in the same way.
_INVISIBLE = "\u00ad\u200b\u200d\u200e\u200f\u202a-\u202c\u2060\ufeff"
_DROPPED = {
    "ru": re.compile(f"[{_INVISIBLE}\u0301]+"),
    "uk": re.compile(f"[{_INVISIBLE}\u0301'’ʼ‘`´]+"),
    "hy": re.compile(f"[{_INVISIBLE}՛՜՞]+"),
    "fa": re.compile(f"[{_INVISIBLE}ـ\u064b-\u0652]+"),
}
_DROPPED_ELSEWHERE = re.compile(f"[{_INVISIBLE}]+")
#: Azerbaijani parts capitals and digits from their ending (SOCAR-ın) as Turkish does by apostrophe.
_AZERI_HYPHEN = re.compile(r"(?<=[A-ZƏÖÜŞÇĞİ0-9])-(?=[a-zəöüşçğı]{1,7}\b)")
_LOWERED: dict[str, tuple[tuple[str, str], ...]] = {
    "ru": (("ё", "е"),),
    # In Armenian a dot is a colon, and what looks like a colon a full stop.
    "hy": (("եւ", "և"), ("․", "."), (":", "։"), (".", ":"), ("՝", ",")),
    "fa": (
        ("ي", "ی"), ("ى", "ی"), ("ك", "ک"), ("ۀ", "ه"), ("ة", "ه"), ("ؤ", "و"), ("أ", "ا"),
        ("إ", "ا"), ("آ", "ا"), ("\u200c", " "),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` to search in; `origin[i]` is where its i-th code point begins in the original.

    `origin` is None where nothing was added or dropped, so that positions are the same.
    """

    text: str
    length: int
    origin: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's code points for the normalised ones `start` to `end` (exclusive)."""
        if self.origin is None:
            return start, end
        after = self.origin[end - 1] + 1 if end else 0
        following = self.origin[end] if end < len(self.origin) else self.length
        return self.origin[start], max(after, following if following > after else after)


def normalise(text: str, language: str) -> Normalised:
    """The comparable form of `text`; whole strings at once where each sign stays one."""
    if language == "az":
        text = _AZERI_HYPHEN.sub("'", text)
    if _is_plain(text):
        kept, origin = _without_dropped(text, language)
        folded = _fold(kept, language)
        if len(folded) == len(kept):
            return Normalised(folded, len(text), origin)
    return _sign_by_sign(text, language)


def _without_dropped(text: str, language: str) -> tuple[str, list[int] | None]:
    """The text without what is left out, and where each sign of it stood; None where all stay."""
    dropped = _DROPPED.get(language, _DROPPED_ELSEWHERE)
    gaps = [match.span() for match in dropped.finditer(text)]
    if not gaps:
        return text, None
    origin: list[int] = []
    begun = 0
    for start, end in [*gaps, (len(text), len(text))]:
        origin.extend(range(begun, start))
        begun = end
    return dropped.sub("", text), origin


def _sign_by_sign(text: str, language: str) -> Normalised:
    dropped = _DROPPED.get(language, _DROPPED_ELSEWHERE)
    letters: list[str] = []
    origin: list[int] = []
    for start, end in _clusters(text):
        piece = _fold(dropped.sub("", composed(text[start:end])), language)
        letters.append(piece)
        origin += [start] * len(piece)
    return Normalised("".join(letters), len(text), origin)


def composed(text: str) -> str:
    """`text` in NFC, with the other shapes of letters as letters."""
    return unicodedata.normalize("NFKC" if _SHAPES.search(text) else "NFC", text)


def _is_plain(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text) and not _SHAPES.search(text)


def _fold(text: str, language: str) -> str:
    # `in` before `replace`: most signs are not there, and looking is far cheaper than rewriting.
    for sign, instead in _EVERYWHERE:
        if sign in text:
            text = text.replace(sign, instead)
    if language in ("az", "tr"):
        text = text.replace("I", "ı")
    text = text.lower()
    if language == "az" and _CYRILLIC.search(text):
        return text.translate(_AZERI_CYRILLIC)
    for sign, instead in _LOWERED.get(language, ()):
        if sign in text:
            text = text.replace(sign, instead)
    return text


def _clusters(text: str) -> list[tuple[int, int]]:
    """A letter with the marks that follow it, and hy `եւ`, as spans of code points."""
    starts = [
        at
        for at, sign in enumerate(text)
        if at == 0 or not (unicodedata.combining(sign) or text[at - 1 : at + 1] in ("եւ", "Եւ"))
    ]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
