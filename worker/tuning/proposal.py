"""Which changes to propose: only those that also help on stories on which they were not chosen.

The stories are divided into `FOLDS` parts. On all parts but one the best changes are chosen, on the
one that was left out it is seen what they do; each part is left out once. A change is proposed
where it was chosen most of the times, and where what it did to the parts left out is good in sum.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.classify import Classification, Lexicon
from worker.keys import digest
from worker.tuning.changes import Change, Gains, Parameter, all_gains, said_of, with_changes
from worker.tuning.examples import Example
from worker.tuning.measures import Measures, measured, points

FOLDS = 5
#: A change must be chosen in so many of the folds.
_MOST_FOLDS = 3
#: It must add so many points, and help in so many stories, where it is chosen.
_LEAST_GAIN = 2.0
_LEAST_STORIES = 2

#: Fewer labels than these say more about chance than about weights.
LEAST_ARTICLES = 60
LEAST_EACH = 20
LEAST_STORIES = 30


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposed change alone did on stories on which it was not chosen."""

    change: Change
    points: float
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """`now` and `after` are measured on all labels, `held_out` on stories that had no say in the
    changes that they were classified with."""

    effects: tuple[Effect, ...]
    stories: int
    now: Measures
    after: Measures
    held_out: Measures


def lacking(examples: Sequence[Example]) -> str | None:
    """How many labels are missing before anything can be proposed, in words; None: enough."""
    relevant = sum(one.relevant for one in examples)
    wanted = {
        "articles": LEAST_ARTICLES - len(examples),
        "relevant ones": LEAST_EACH - relevant,
        "irrelevant ones": LEAST_EACH - (len(examples) - relevant),
        "stories": LEAST_STORIES - len({one.story for one in examples}),
    }
    missing = [f"{count} more {what}" for what, count in wanted.items() if count > 0]
    return ", ".join(missing) or None


def propose(
    lexicon: Lexicon, examples: Sequence[Example], tell: Callable[[int, int], None]
) -> Proposal:
    """The changes that hold; the same examples always give the same ones."""
    gains = all_gains(lexicon, examples, tell)
    today = said_of(lexicon, examples)
    parts = _parts(examples)
    chosen = [_chosen(lexicon, examples, gains, rest) for rest in _rests(parts)]
    held_out = _held_out(lexicon, examples, parts, chosen)
    effects = _holding(examples, gains, parts, chosen)
    if _points(held_out, examples) <= _points(today, examples):
        effects = []
    everywhere = range(len(examples))
    kept = set(_together(lexicon, examples, everywhere, [one.change for one in effects]))
    effects = [one for one in effects if one.change in kept]
    after = said_of(with_changes(lexicon, kept), examples)
    return Proposal(
        tuple(effects),
        len({one.story for one in examples}),
        measured(zip(today, examples, strict=True)),
        measured(zip(after, examples, strict=True)),
        measured(zip(held_out, examples, strict=True)),
    )


def _parts(examples: Sequence[Example]) -> list[list[int]]:
    """The examples' numbers in `FOLDS` parts: whole stories, of both kinds in each."""
    stories: dict[int, list[int]] = {}
    for at, one in enumerate(examples):
        stories.setdefault(one.story, []).append(at)

    def place(story: int) -> tuple[bool, str]:
        one = examples[story]
        return one.relevant, digest(one.labelled.title, one.labelled.text)

    ordered = sorted(stories, key=place)
    parts: list[list[int]] = [[] for _ in range(FOLDS)]
    for turn, story in enumerate(ordered):
        parts[turn % FOLDS] += stories[story]
    return parts


def _rests(parts: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each part all that is not in it."""
    return [
        sorted(at for part in parts if part is not left_out for at in part) for left_out in parts
    ]


def _chosen(
    lexicon: Lexicon,
    examples: Sequence[Example],
    gains: Mapping[Change, Gains],
    among: Sequence[int],
) -> list[Change]:
    """The changes that are worth it on these examples, and still are beside each other."""
    inside = frozenset(among)
    best: dict[Parameter, tuple[float, Change]] = {}
    for change in sorted(gains):
        effect = _effect(change, examples, gains[change], inside)
        if effect.points < _LEAST_GAIN or effect.better - effect.worse < _LEAST_STORIES:
            continue
        known = best.get(change.parameter)
        if known is None or (effect.points, -_step(change)) > (known[0], -_step(known[1])):
            best[change.parameter] = effect.points, change
    ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1]))
    return _together(lexicon, examples, among, [change for _, change in ordered])


def _together(
    lexicon: Lexicon,
    examples: Sequence[Example],
    among: Iterable[int],
    changes: Sequence[Change],
) -> list[Change]:
    """Of these changes, in order, those that still add something to the ones before."""
    asked = [examples[at] for at in among]
    kept: list[Change] = []
    reached = _points(said_of(lexicon, asked), asked) if changes else 0.0
    for change in changes:
        score = _points(said_of(with_changes(lexicon, [*kept, change]), asked), asked)
        if score > reached:
            kept, reached = [*kept, change], score
    return kept


def _held_out(
    lexicon: Lexicon,
    examples: Sequence[Example],
    parts: Sequence[Sequence[int]],
    chosen: Sequence[Sequence[Change]],
) -> list[Classification]:
    """What is said of each example with the changes that were chosen without it."""
    said: dict[int, Classification] = {}
    for part, changes in zip(parts, chosen, strict=True):
        changed = with_changes(lexicon, changes)
        said |= zip(part, said_of(changed, [examples[at] for at in part]), strict=True)
    return [said[at] for at in range(len(examples))]


def _holding(
    examples: Sequence[Example],
    gains: Mapping[Change, Gains],
    parts: Sequence[Sequence[int]],
    chosen: Sequence[Sequence[Change]],
) -> list[Effect]:
    """The changes that were chosen most of the times, and did good where they were not."""
    effects = []
    for change in sorted({change for changes in chosen for change in changes}):
        without = [part for part, changes in zip(parts, chosen, strict=True) if change in changes]
        if len(without) < _MOST_FOLDS:
            continue
        inside = frozenset(at for part in without for at in part)
        effect = _effect(change, examples, gains[change], inside)
        if effect.points > 0 and effect.better > effect.worse:
            effects.append(effect)
    return sorted(effects, key=lambda one: (-one.points, one.change))


def _effect(
    change: Change, examples: Sequence[Example], gains: Gains, inside: Collection[int]
) -> Effect:
    by_story: dict[int, float] = {}
    for at, gained in gains.items():
        if at in inside:
            story = examples[at].story
            by_story[story] = by_story.get(story, 0.0) + gained
    better = sum(gained > 0 for gained in by_story.values())
    worse = sum(gained < 0 for gained in by_story.values())
    return Effect(change, sum(by_story.values()), better, worse)


def _points(said: Sequence[Classification], examples: Sequence[Example]) -> float:
    return sum(points(one, example) for one, example in zip(said, examples, strict=True))


def _step(change: Change) -> float:
    return abs(change.after - change.before)
