"""How alike two pieces of text are, whatever their typography (pure)."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=512)
def letters(text: str) -> str:
    """The letters and digits alone, folded: quotes, dashes, spaces, accents of width and case
    make no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum() or unicodedata.combining(c))


def likeness(one: str, other: str) -> float:
    """From 0 to 1: the share of three-letter runs that two texts have in common; works without
    spaces between words, too."""
    first, second = letters(one), letters(other)
    if first == second:
        return 1.0 if first else 0.0
    ours, theirs = _runs(first), _runs(second)
    if not ours or not theirs:
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


@lru_cache(maxsize=64)
def _runs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))
