"""Which happening an article tells of: marks compared, whatever the words and the language (pure).

A story is compared as a whole, by the mean of its articles' marks (average link): in a week of
crisis every article is somewhat like the next, and single links would chain them into one blob. A
mark weighs less the more stories have it (inverse document frequency, Spärck Jones 1972); time
parts what is alike, for the same thing happens again a few days later.

The cost of an article does not grow with the archive: only the latest stories of its rarest marks
are looked at, and only so many of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log, sqrt

from worker.stories.fingerprint import Fingerprint

#: From here on two articles tell the same happening.
SAME = 0.28
#: So like, two stories that one article belongs to are one.
ONE_STORY = 0.6
#: Articles so far from a story are full candidates; those from `FAR` on are none.
NEAR, FAR = timedelta(hours=30), timedelta(hours=120)
#: However long it is told, a happening begins within so much of its first report.
SPAN = timedelta(hours=36)
#: What is left of a likeness where the deeds, or the doers, are not the same.
OTHER_ACT, OTHER_DOER = 0.6, 0.4
#: Stories of one mark that are remembered, marks that are looked up, stories that are weighed.
STORIES_OF_MARK, _RAREST, _WEIGHED = 200, 10, 12
#: Marks of a story that are kept.
_MARKS_OF_STORY = 64
#: One shared mark is a coincidence.
_LEAST_SHARED = 2


@dataclass(slots=True)
class Happening:
    """A story as its tellings tell it, and when they count.

    `marks`: the sum of a mark's weights, and its rarity when it was last told.
    """

    first: datetime
    last: datetime
    tellings: int = 0
    marks: dict[str, tuple[float, float]] = field(default_factory=dict)

    def keep_strongest(self) -> None:
        """Forget the weakest marks where there are too many."""
        if len(self.marks) > _MARKS_OF_STORY:
            strongest = sorted(self.marks.items(), key=lambda one: (-one[1][0], one[0]))
            self.marks = dict(strongest[:_MARKS_OF_STORY])

    @property
    def length(self) -> float:
        return _length(weight * rarity for weight, rarity in self.marks.values())


@dataclass(frozen=True, slots=True)
class Match:
    """The story that an article belongs to, and how like it is (0 to 1)."""

    story: str
    likeness: float


class HappeningIndex:
    """Happenings by mark; grows with what is added, costs the same at any size."""

    def __init__(self) -> None:
        self._happenings: dict[str, Happening] = {}
        self._by_mark: dict[str, dict[str, None]] = {}
        self._unnamed: dict[str, int] = {}

    def file(self, story: str, marks: Iterable[str]) -> None:
        """Note that a story has these marks; of each mark the latest stories are remembered."""
        for mark in marks:
            filed = self._by_mark.setdefault(mark, {})
            filed.pop(story, None)
            filed[story] = None
            if len(filed) > STORIES_OF_MARK:
                del filed[next(iter(filed))]

    def reckon(self, mark: str, stories: int) -> None:
        """Load how many stories have a mark; `file` those of the rarest of each article."""
        self._unnamed[mark] = stories

    def rarest(self, marks: Fingerprint) -> list[str]:
        """The marks by which the stories of an article are looked up, as far as any has them."""
        known = [(n, mark) for mark, _ in marks if (n := self._frequency(mark))]
        return [mark for _, mark in sorted(known)[:_RAREST]]

    def know(self, story: str, happening: Happening) -> None:
        """Load a story, whose marks are filed by themselves."""
        self._happenings[story] = happening

    def matches(self, marks: Fingerprint, at: datetime) -> list[Match]:
        """The stories of that time that are like enough, the likest first."""
        weighed = {mark: weight * self._rarity(mark) for mark, weight in marks}
        length = _length(weighed.values())
        found = []
        for story in self.candidates(marks):
            known = self._happenings.get(story)
            if known is None:
                continue
            likeness = _nearness(at, known) * _agreement(dict(marks), known)
            likeness *= self._cosine(weighed, length, known)
            if likeness >= SAME:
                found.append(Match(story, likeness))
        return sorted(found, key=lambda match: (-match.likeness, match.story))

    def one(self, story: str, other: str) -> tuple[str, str] | None:
        """The elder and the younger of two stories that prove to be one; None where they do not."""
        elder, younger = sorted((story, other), key=lambda id: (self._happenings[id].first, id))
        kept, gone = self._happenings[elder], self._happenings[younger]
        weighed = {mark: weight * self._rarity(mark) for mark, (weight, _) in gone.marks.items()}
        likeness = _nearness(gone.first, kept) * _agreement(weighed, kept)
        likeness *= self._cosine(weighed, _length(weighed.values()), kept)
        return (elder, younger) if likeness >= ONE_STORY else None

    def merge(self, elder: str, younger: str) -> Happening:
        """The younger story becomes part of the elder one, whose name stays."""
        kept, gone = self._happenings[elder], self._happenings.pop(younger)
        for mark, (weight, rarity) in gone.marks.items():
            kept.marks[mark] = kept.marks.get(mark, (0.0, rarity))[0] + weight, rarity
            filed = self._by_mark.get(mark, {})
            filed.pop(younger, None)
        self.file(elder, gone.marks)
        kept.keep_strongest()
        kept.tellings += gone.tellings
        kept.first, kept.last = min(kept.first, gone.first), max(kept.last, gone.last)
        return kept

    def candidates(self, marks: Fingerprint) -> list[str]:
        """The stories that share most with an article, by its rarest marks."""
        weights = dict(marks)
        shared: dict[str, float] = {}
        times: dict[str, int] = {}
        for mark in self.rarest(marks):
            weight = weights[mark] * self._rarity(mark)
            for story in self._by_mark.get(mark, ()):
                shared[story] = shared.get(story, 0.0) + weight
                times[story] = times.get(story, 0) + 1
        often = [story for story, n in times.items() if n >= _LEAST_SHARED]
        return sorted(often, key=lambda story: (-shared[story], story))[:_WEIGHED]

    def add(self, story: str, marks: Fingerprint, at: datetime) -> Happening:
        """A telling joins a story, or opens it; the story as it is now."""
        known = self._happenings.setdefault(story, Happening(at, at))
        self.file(story, (mark for mark, _ in marks))
        for mark, weight in marks:
            told, _ = known.marks.get(mark, (0.0, 0.0))
            known.marks[mark] = told + weight, self._rarity(mark)
        known.keep_strongest()
        known.tellings += 1
        known.first, known.last = min(known.first, at), max(known.last, at)
        return known

    def _rarity(self, mark: str) -> float:
        return 1.0 / (1.0 + log(1.0 + self._frequency(mark)))

    def _frequency(self, mark: str) -> int:
        """How many stories have a mark, as far as that is remembered."""
        named = len(self._by_mark.get(mark, ()))
        return max(named, self._unnamed.get(mark, 0))

    def _cosine(self, weighed: Mapping[str, float], length: float, known: Happening) -> float:
        # Never over a set of strings: the last bits of a sum depend on its order.
        shared = sum(
            weight * known.marks[mark][0] * self._rarity(mark)
            for mark, weight in weighed.items()
            if mark in known.marks
        )
        return shared / (length * known.length) if shared else 0.0


def _length(weights: Iterable[float]) -> float:
    return sqrt(sum(weight * weight for weight in weights))


def _nearness(at: datetime, known: Happening) -> float:
    """1 within `NEAR` of a story's time, falling to 0 at `FAR`."""
    end = min(known.last, known.first + SPAN)
    gap = max(known.first - at, at - end, timedelta(0))
    if gap <= NEAR:
        return 1.0
    return max(0.0, 1.0 - (gap - NEAR) / (FAR - NEAR))


def _agreement(marks: Iterable[str], known: Happening) -> float:
    """1 where an article and a story agree on what was done by whom, less where they do not."""
    ours = {tuple(mark.split(":")[1:]) for mark in marks if mark.startswith("e:")}
    theirs = {tuple(mark.split(":")[1:]) for mark in known.marks if mark.startswith("e:")}
    if not ours or not theirs:
        return 1.0
    if {act for act, _ in ours}.isdisjoint(act for act, _ in theirs):
        return OTHER_ACT
    doers = {doer for _, doer in ours} - {"None"}
    others = {doer for _, doer in theirs} - {"None"}
    return OTHER_DOER if doers and others and doers.isdisjoint(others) else 1.0
