"""Names in any script, made comparable: the skeleton of their consonants (pure).

Səfərov, Сафаров, Safarov and საფაროვი are one name. What is left of it when it is written in Latin
letters, its vowels dropped and its sounds sorted into a few classes, is the same in all of them:
the idea of Soundex (Russell, US patent 1,261,167), for eight alphabets.
"""

from functools import lru_cache

from anyascii import anyascii

#: Letters that az and tr read in their own way, as other languages would write the sound.
_TURKIC = str.maketrans(
    {"c": "j", "ç": "ch", "ş": "sh", "x": "kh", "q": "g", "j": "zh", "ə": "a", "ı": "i"}
)
_DIGRAPHS = (
    ("shch", "s"), ("dzh", "s"), ("sh", "s"), ("zh", "s"), ("ch", "s"), ("ts", "s"), ("dj", "s"),
    ("kh", "k"), ("gh", "k"), ("ph", "v"), ("th", "t"),
)  # fmt: skip
_CLASSES = {
    **dict.fromkeys("bp", "b"), **dict.fromkeys("vwf", "v"), **dict.fromkeys("dt", "d"),
    **dict.fromkeys("kgqx", "k"), **dict.fromkeys("zscj", "s"), **{sign: sign for sign in "lmnr"},
}  # fmt: skip


@lru_cache(maxsize=100_000)
def skeleton(word: str, language: str) -> str:
    """The consonant classes of a word in lower case, none twice in a row; "" where it has none.

    An ending behind an apostrophe is left out.
    """
    stem = word.partition("'")[0]
    if language in ("az", "tr"):
        stem = stem.translate(_TURKIC)
    latin = anyascii(stem).lower().replace("'", "")
    for letters, sound in _DIGRAPHS:
        latin = latin.replace(letters, sound)
    found = ""
    for sign in latin:
        sound = _CLASSES.get(sign, "")
        if sound and not found.endswith(sound):
            found += sound
    return found
