"""The pattern language of the lexicon: words, endings, alternatives, gaps; no regular expression.

    summon* ~ (ambassador|envoy)    `*` any ending, `~` at most four words between
    bakı+                           `+` one of the endings that the language file lists
    (|de)escalat*                   alternatives may be empty, and may stand inside a word
    DİN                             a word in capitals wants capitals in the text

A pattern is unfolded into plain word sequences, which `match.Matcher` holds in one tree. Matching
is therefore linear in the words of a text, whatever a person writes into a profile.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from worker.classify.normalise import normalise

_LETTERS = re.compile(r"[^()|]+")
#: More sequences than this are a slip of the pen, not a pattern.
MOST_SEQUENCES = 4000
#: Each gap multiplies the ways to go on from a word: what keeps a text's cost in bounds.
MOST_GAPS = 3


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong in it."""


class Step(NamedTuple):
    """One word of a sequence.

    `gap`: up to four other words may stand before it. `ending`: what `+` became, None without one.
    """

    word: str
    prefix: bool = False
    capitals: bool = False
    gap: bool = False
    ending: str | None = None


def unfold(
    pattern: str, endings: Sequence[str] = (), language: str = "en"
) -> tuple[tuple[Step, ...], ...]:
    """Every word sequence that `pattern` stands for, normalised by the rules of `language`.

    `endings` is what `+` may become. A pattern that cannot be read is a `PatternError`.
    """
    texts, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise PatternError("a closing bracket `)` has no opening one")
    if len(texts) > MOST_SEQUENCES:
        raise PatternError(f"it unfolds into more than {MOST_SEQUENCES} sequences; split it")
    sequences = {sequence for text in texts for sequence in _sequences(text, endings, language)}
    return tuple(sorted(sequences, key=_in_order))


def _in_order(sequence: tuple[Step, ...]) -> list[tuple[str, bool, bool, bool, str]]:
    """What sequences are sorted by: a set has another order in every process."""
    return [(s.word, s.prefix, s.capitals, s.gap, s.ending or "") for s in sequence]


def _alternatives(pattern: str, at: int) -> tuple[list[str], int]:
    """Plain texts from `at` up to the closing bracket or the end."""
    found: list[str] = []
    current = [""]
    while at < len(pattern) and pattern[at] != ")":
        sign = pattern[at]
        if sign == "(":
            inner, close = _alternatives(pattern, at + 1)
            if close >= len(pattern):
                raise PatternError("an opening bracket `(` is never closed")
            current = [left + right for left, right in product(current, inner)]
            at = close + 1
        elif sign == "|":
            found += current
            current = [""]
            at += 1
        else:
            run = _LETTERS.match(pattern, at).group()  # type: ignore[union-attr]  # one is at `at`
            current = [text + run for text in current]
            at += len(run)
        if len(current) + len(found) > MOST_SEQUENCES:
            raise PatternError(f"it unfolds into more than {MOST_SEQUENCES} sequences; split it")
    return found + current, at


def _sequences(text: str, endings: Sequence[str], language: str) -> list[tuple[Step, ...]]:
    choices: list[list[Step]] = []
    gap = False
    for part in text.split():
        if part == "~":
            if gap or not choices:
                raise PatternError("a gap `~` needs a word on both sides")
            gap = True
            continue
        choices.append(_steps(part, gap, tuple(endings), language))
        gap = False
    if gap:
        raise PatternError("a gap `~` needs a word on both sides")
    if text.split().count("~") > MOST_GAPS:
        raise PatternError(f"it has more than {MOST_GAPS} gaps in a row; split it")
    if not choices:
        raise PatternError("it has an alternative without any word")
    return [tuple(steps) for steps in product(*choices)]


@lru_cache(maxsize=20_000)
def _steps(part: str, gap: bool, endings: tuple[str, ...], language: str) -> list[Step]:
    word = part.rstrip("*+")
    marks = part[len(word) :]
    if marks not in ("", "*", "+"):
        raise PatternError(f"`{part}` ends in more than one mark; use one `*` or one `+`")
    for sign in word:
        if not (sign.isalnum() or sign in "_'" or unicodedata.category(sign).startswith("M")):
            raise PatternError(
                f"`{sign}` in `{part}` has no meaning here; a pattern is made of words, "
                "`*`, `+`, `~`, `(`, `|` and `)`"
            )
    if not word:
        raise PatternError(f"`{part}` stands alone; write the beginning of a word before it")
    if marks == "+":
        if not endings:
            raise PatternError(f"`{part}` wants endings, but the language file lists none")
        return [
            Step(_plain(word + ending, language), gap=gap, ending=ending)
            for ending in ("", *endings)
        ]
    capitals = len(word) > 1 and word.isupper()
    return [Step(_plain(word, language), prefix=marks == "*", capitals=capitals, gap=gap)]


@lru_cache(maxsize=50_000)
def _plain(word: str, language: str) -> str:
    """The word as texts have it; the same one stands in many unfolded sequences."""
    return normalise(word, language).text
