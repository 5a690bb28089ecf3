"""A sketch: what of an article's wording is kept to find its reprints (pure)."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

PERMUTATIONS = 128
#: 20 bands of 5 find a pair of similarity 0.7 with probability 0.97 and one of 0.3 with 0.05.
BANDS, ROWS = 20, 5
#: Fewer words than this are a formula ("Breaking news") and say nothing about the story.
MIN_WORDS = 5
#: Beyond this a text's wording is known well enough; it bounds the work on a huge page.
MAX_CHARACTERS = 20_000

_SEED = 20_230_117
# One repeated class: it cannot backtrack, so `re` is safe on pages, and 18 times faster here than
# RE2, which turns every match back from UTF-8.
_WORD = re.compile(r"\w+")
_MIXERS = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
    ],
    dtype=np.uint64,
)


@dataclass(frozen=True, slots=True)
class Sketch:
    """`bands` are 64-bit signed keys, of which near-duplicates share at least one; `signature` is
    the little-endian MinHash (4 bytes a permutation). Both are empty for a text too short to tell.
    """

    bands: tuple[int, ...] = ()
    signature: bytes = b""


def sketch(title: str, text: str) -> Sketch:
    """The sketch of an article's words, in any script; punctuation, case and width do not matter.

    About 0.2 ms for 3 kB.
    """
    words = _words(f"{title}\n{text}")
    if len(words) < MIN_WORDS:
        return Sketch()
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update([f"{first} {second}" for first, second in pairwise(words)])
    values = np.array(minhash.digest(), dtype="<u4")
    return Sketch(bands=_bands(values), signature=values.tobytes())


def bands_of(signature: bytes) -> tuple[int, ...]:
    """The bands of a signature that `sketch` made."""
    return _bands(np.frombuffer(signature, dtype="<u4")) if signature else ()


def similarity(one: bytes, other: bytes) -> float:
    """The estimated Jaccard similarity of two signatures (0 to 1); 0 when either is empty."""
    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one, dtype="<u4") == np.frombuffer(other, dtype="<u4")))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).casefold())


def _bands(values: NDArray[np.uint32]) -> tuple[int, ...]:
    rows = values[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64) * _MIXERS[0]
    for column, mixer in enumerate(_MIXERS):
        keys = (keys ^ rows[:, column]) * mixer
        keys ^= keys >> np.uint64(31)
    return tuple(int(key) for key in keys.view(np.int64))
