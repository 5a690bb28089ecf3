"""Which of the Latin charsets bytes are in, told by the alphabets that the press writes in (pure).

The charsets share most of their bytes, and a statistical guess takes French for Polish. But each
language has few letters beyond ASCII, and in the wrong charset a text has letters that no single
language has together.
"""

from collections import Counter

# Letters beyond ASCII, in the order in which charsets are preferred where nothing tells them apart.
_ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "cp1252",
        ("àâæçéèêëîïôœùûü", "äöüß", "áéíñóúü", "ãáàâçéêíõóôú", "àèéìíòóù", "ëéïóöü", "åäöæøé",
         "áðéíóúýþæö"),
    ),
    ("cp1254", ("çğıöşüâîûi̇",)),
    (
        "cp1250",
        ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
    ),
    ("iso8859_2", ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű")),
)  # fmt: skip
#: Signs that every language uses and that every charset has.
_OF_ALL = frozenset("\xa0«»„“”‘’–—…•§©®°")
LATIN = frozenset(charset for charset, _ in _ALPHABETS)


def latin_charset(sample: bytes) -> str:
    """The charset in which some one language explains the most letters beyond ASCII."""
    return max(
        (charset for charset, _ in _ALPHABETS),
        key=lambda charset: _explained(sample.decode(charset, errors="replace"), charset),
    )


def _explained(text: str, charset: str) -> float:
    signs = Counter(c for c in text.lower() if c > "\x7f" and c not in _OF_ALL)
    alphabets = dict(_ALPHABETS)[charset]
    known = max(sum(n for c, n in signs.items() if c in alphabet) for alphabet in alphabets)
    return known / max(1, signs.total())
