"""All patterns at once over the words of a text: one walk, one tree, no backtracking blow-up.

The cost of a text is its number of words times the patterns that really begin there: a word that
begins no pattern costs one look-up in a table of words already seen.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from worker.classify.pattern import Step
from worker.classify.words import Words

#: Words that a gap `~` may skip.
GAP = 4
#: Words whose keys are remembered, and the length beyond which one is not worth it.
_REMEMBERED, _LONG = 50_000, 40

#: What parts a word in capitals from its ending: SOCAR'ın, SOCAR-ın.
_ENDING = re.compile("['’-]")

#: What a word is looked up by: its text, whether it is a beginning, whether it wants capitals.
Key = tuple[str, bool, bool]


class Hit(NamedTuple):
    """Pattern `pattern` matched from word `first` to word `last`, both included."""

    pattern: int
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    patterns: list[int] = field(default_factory=list)
    next: dict[Key, "_Node"] = field(default_factory=dict)
    later: dict[Key, "_Node"] = field(default_factory=dict)


class Matcher:
    """Sequences of words, each with the number of its pattern; built once, then only read."""

    def __init__(self, sequences: Iterable[tuple[int, tuple[Step, ...]]]) -> None:
        self._root = _Node()
        self._keys: set[Key] = set()
        for pattern, steps in sequences:
            self._add(pattern, steps)
        self._longest = max((len(text) for text, _, _ in self._keys), default=0)
        self._remembered: dict[str, tuple[Key, ...]] = {}
        self._begins: dict[tuple[Key, ...], tuple[tuple[Key, _Node], ...]] = {(): ()}

    def _add(self, pattern: int, steps: tuple[Step, ...]) -> None:
        node = self._root
        for step in steps:
            key = (step.word, step.prefix, step.capitals)
            self._keys.add(key)
            branches = node.later if step.gap else node.next
            node = branches.setdefault(key, _Node())
        if pattern not in node.patterns:
            node.patterns.append(pattern)

    def keys(self, word: str) -> tuple[Key, ...]:
        """All keys of the tree that `word` fits, capitals aside."""
        known = self._remembered.get(word)
        if known is None:
            known = tuple(self._fit(word))
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            if len(word) <= _LONG:
                self._remembered[word] = known
        return known

    def _fit(self, word: str) -> Iterator[Key]:
        head = word.partition("'")[0]
        for capitals in (False, True):
            for exact in {word, head}:
                if (exact, False, capitals) in self._keys:
                    yield exact, False, capitals
            for length in range(1, min(len(word), self._longest) + 1):
                if (word[:length], True, capitals) in self._keys:
                    yield word[:length], True, capitals

    def find(self, text: Words, original: str, until: int | None = None) -> list[Hit]:
        """Every hit in the first `until` words, in reading order; `original` settles capitals."""
        words = text.words if until is None else text.words[:until]
        known = self._remembered.get
        fitting = [
            found if (found := known(word)) is not None else self.keys(word) for word in words
        ]
        hits: list[Hit] = []
        begins = self._begins.get
        for at, keys in enumerate(fitting):
            if not keys:
                continue
            found_here = begins(keys)
            for key, node in self._begin(keys) if found_here is None else found_here:
                if not key[2] or self._cased(key, text, at, original):
                    self._walk(node, at, at, fitting, text, original, hits)
        return hits

    def _begin(self, keys: tuple[Key, ...]) -> tuple[tuple[Key, _Node], ...]:
        """Those of a word's keys that a pattern begins with; remembered, as most begin none."""
        root = self._root.next
        begun = tuple((key, root[key]) for key in keys if key in root)
        if len(self._begins) >= _REMEMBERED:
            self._begins.clear()
        self._begins[keys] = begun
        return begun

    def _walk(
        self,
        node: _Node,
        first: int,
        last: int,
        fitting: list[tuple[Key, ...]],
        text: Words,
        original: str,
        hits: list[Hit],
    ) -> None:
        for pattern in node.patterns:
            hits.append(Hit(pattern, first, last))  # noqa: PERF401 - a generator costs more here
        for branches, reach in ((node.next, 1), (node.later, GAP + 1)):
            if not branches:
                continue
            for at in range(last + 1, min(last + 1 + reach, len(fitting))):
                if text.sentences[at] != text.sentences[first]:
                    break
                for key in fitting[at]:
                    child = branches.get(key)
                    if child is not None and (not key[2] or self._cased(key, text, at, original)):
                        self._walk(child, first, at, fitting, text, original, hits)

    @staticmethod
    def _cased(key: Key, text: Words, at: int, original: str) -> bool:
        if not key[2]:
            return True
        start, end = text.span(at, at)
        return _ENDING.split(original[start:end], maxsplit=1)[0].isupper()
