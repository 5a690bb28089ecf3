"""A normalised text cut into words and sentences."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from worker.classify.normalise import Normalised

#: A word may carry an ending behind an apostrophe: Russia's, Bakü'de.
_WORD = re.compile(r"\w+(?:'\w+)?")
#: In words; longer ones are lists, tables, or meant to keep us busy.
LONGEST_SENTENCE = 120

_END = re.compile(r"[.!?…։؟۔]+[\"»”')\]]*\s+|\n+|\s[|•]\s")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one field, where they stand in the normalised text, and their sentences."""

    source: Normalised
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The original's code points from word `first` to word `last`, both included."""
        return self.source.span(self.starts[first], self.ends[last])

    def between(self, left: int, right: int) -> str:
        """The signs between word `left` and word `right`, words in between included."""
        return self.source.text[self.ends[left] : self.starts[right]]


def cut(source: Normalised) -> Words:
    """Words and sentence numbers; an abbreviation of one letter ends no sentence."""
    text = source.text
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORD.finditer(text):  # one loop costs less than three
        words.append(match[0])
        starts.append(match.start())
        ends.append(match.end())
    breaks = [
        match.end()
        for match in _END.finditer(text)
        if "\n" in match.group() or not _abbreviated(text, match.start())
    ]
    return Words(
        source,
        words,
        starts,
        ends,
        _numbered(starts, breaks),
    )


def _numbered(starts: list[int], breaks: list[int]) -> list[int]:
    """The sentence of each word. What goes on without a full stop is cut all the same: within a
    sentence everything is weighed against everything."""
    numbers: list[int] = []
    number = first = 0
    for end in (*breaks, None):
        last = len(starts) if end is None else bisect_left(starts, end, first)
        while first < last:
            length = min(last - first, LONGEST_SENTENCE)
            numbers += [number] * length
            number, first = number + 1, first + length
    return numbers


def _abbreviated(text: str, dot: int) -> bool:
    """Whether the full stop at `dot` follows a lone letter, as in `2025 г. в` or `J. Smith`."""
    return (
        dot >= 1
        and text[dot] == "."
        and text[dot - 1].isalpha()
        and (dot == 1 or not text[dot - 2].isalnum())
    )
