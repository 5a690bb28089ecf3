"""A normalised text cut into words and sentences."""

import re
from bisect import bisect_right
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
    spans = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in spans]
    breaks = [
        match.end()
        for match in _END.finditer(text)
        if "\n" in match.group() or not _abbreviated(text, match.start())
    ]
    return Words(
        source,
        [text[start:end] for start, end in spans],
        starts,
        [end for _, end in spans],
        _numbered(starts, breaks),
    )


def _numbered(starts: list[int], breaks: list[int]) -> list[int]:
    """The sentence of each word. What goes on without a full stop is cut all the same: within a
    sentence everything is weighed against everything."""
    numbers: list[int] = []
    number = length = passed = 0
    for start in starts:
        if passed < len(breaks) and start >= breaks[passed]:
            passed = bisect_right(breaks, start, passed)
            number, length = number + 1, 0
        elif length == LONGEST_SENTENCE:
            number, length = number + 1, 0
        numbers.append(number)
        length += 1
    return numbers


def _abbreviated(text: str, dot: int) -> bool:
    """Whether the full stop at `dot` follows a lone letter, as in `2025 г. в` or `J. Smith`."""
    return (
        dot >= 1
        and text[dot] == "."
        and text[dot - 1].isalpha()
        and (dot == 1 or not text[dot - 2].isalnum())
    )
