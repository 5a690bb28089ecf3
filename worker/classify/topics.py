"""Topics: nouns, acts and circumstances that tell one story from another in whatever language.

A file of the lexicon lists them under `topics`, by id, each with its patterns by language:

    topics:
      black_box: {weight: 4, names: {en: "black box*|flight recorder*", tr: "kara kutu*"}}

A file that gives no weight adds names to the topic of another one: a profile its own institutions.
They say nothing of relevance, category or escalation: stories are grouped by them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from worker.classify.match import Matcher
from worker.classify.pattern import Step, unfold
from worker.classify.strict import mapping, one_of, only, patterns, text
from worker.classify.words import Words
from worker.profile.yaml_lines import KeyPath, YamlFile

if TYPE_CHECKING:
    from worker.classify.lexicon import LanguagePack

#: How much it says that two articles share a topic: 1 is in any political news, 4 is telling.
WEIGHTS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article speaks of, by the same id in every language."""

    id: str
    weight: int


@dataclass(frozen=True, slots=True)
class TopicHit:
    """A topic, and the words from `first` to `last`, both included, that name it.

    Of a way with a gap inside only the first word: what stands in the gap is of its own.
    """

    topic: Topic
    first: int
    last: int


class Way(NamedTuple):
    """A way to say a topic: how many letters it has, and whether other words may stand inside."""

    topic: Topic
    letters: int
    gap: bool


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one language; pattern `n` of `matcher` is `ways[n]`."""

    matcher: Matcher = field(default_factory=lambda: Matcher(()))
    ways: Sequence[Way] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """One way to say a topic, as a file has it."""

    topic: Topic
    language: str
    pattern: str
    place: KeyPath


def topics_by_id(files: Iterable[YamlFile]) -> dict[str, Topic]:
    """Every topic that has a weight; two files that both give it one are a `ProfileError`."""
    found: dict[str, tuple[Topic, YamlFile]] = {}
    for file in files:
        for id, given in mapping(file, file.content.get("topics") or {}, "topics").items():
            at: KeyPath = ("topics", text(file, id, "topics", id))
            only(file, at, given, ("weight", "names"))
            if "weight" not in given:
                continue
            weight = one_of(file, given["weight"], WEIGHTS, *at, "weight")
            _, other = found.setdefault(id, (Topic(id, weight), file))
            if other is not file:
                raise file.error(
                    f"{other.path.name} gives this topic a weight too; "
                    "leave it out here to add names to that topic.",
                    *at,
                )
    return {id: topic for id, (topic, _) in found.items()}


def named_in(file: YamlFile, topics: Mapping[str, Topic]) -> Iterator[Named]:
    """Every pattern under the file's key `topics`; what cannot be read is a `ProfileError`."""
    for id, given in (file.content.get("topics") or {}).items():
        if id not in topics:
            raise file.error("no file gives this topic a weight; write 1 to 4.", "topics", id)
        names = mapping(file, given.get("names"), "topics", id, "names")
        for language, listed in names.items():
            for place, pattern in patterns(file, listed, "topics", id, "names", language):
                yield Named(topics[id], language, text(file, pattern, *place), place)


class TopicsDraft:
    """The topics of one language while its files are being read."""

    def __init__(self) -> None:
        self._numbers: dict[Way, int] = {}
        self._sequences: list[tuple[int, tuple[Step, ...]]] = []

    def add(self, topic: Topic, pattern: str, endings: Sequence[str], language: str) -> None:
        """Compile `pattern`; a `PatternError` if it cannot be read."""
        for steps in unfold(pattern, endings, language):
            letters = sum(len(step.word) for step in steps)
            way = Way(topic, letters, any(step.gap for step in steps))
            self._sequences.append((self._numbers.setdefault(way, len(self._numbers)), steps))

    def finish(self) -> Topics:
        """The topics, compiled."""
        return Topics(Matcher(self._sequences), list(self._numbers))


def topics_of(words: Words, original: str, pack: "LanguagePack", until: int) -> list[TopicHit]:
    """The topics of the first `until` words in reading order, the longest where they overlap."""
    ways = pack.topics.ways
    found = pack.topics.matcher.find(words, original, until)
    whole = [hit for hit in found if not ways[hit.pattern].gap]
    whole.sort(key=lambda hit: (hit.first - hit.last, -ways[hit.pattern].letters, hit.first))
    taken: set[int] = set()
    kept = {
        TopicHit(ways[hit.pattern].topic, hit.first, hit.first)
        for hit in found
        if ways[hit.pattern].gap
    }
    for hit in whole:
        covered = range(hit.first, hit.last + 1)
        if taken.isdisjoint(covered):
            taken.update(covered)
            kept.add(TopicHit(ways[hit.pattern].topic, hit.first, hit.last))
    return sorted(kept, key=lambda hit: (hit.first, hit.last, hit.topic.id))
