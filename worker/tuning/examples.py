"""Labelled articles with the happening that each reports: what must not be on both sides of a test.

Whoever chooses weights on one copy of a wire report and tests them on another has tested nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.article import Article
from worker.classify import Classifier
from worker.keys import digest
from worker.labels import Labelled
from worker.stories import cluster

#: `cluster` looks at articles of one time together; here all of them are.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled article of which it is known whether it is relevant; `story` is the smallest
    number of an example that reports the same happening."""

    labelled: Labelled
    relevant: bool
    story: int


def examples_of(labelled: Iterable[Labelled], classifier: Classifier) -> list[Example]:
    """The examples in order; the last of several with the same words counts. The classifier's
    reading of them tells which report the same happening."""
    latest = {digest(one.title, one.text): one for one in labelled if one.relevant is not None}
    kept = list(latest.values())
    return [
        Example(one, bool(one.relevant), story)
        for one, story in zip(kept, _stories(kept, classifier), strict=True)
    ]


def _stories(kept: Sequence[Labelled], classifier: Classifier) -> list[int]:
    """For each the number of the first one that it shares an address, a stored story or the
    happening with, be it over others."""
    first = list(range(len(kept)))

    def root(at: int) -> int:
        while first[at] != at:
            at = first[at]
        return at

    for same in _alike(kept, classifier):
        roots = {root(at) for at in same}
        for at in roots:
            first[at] = min(roots)
    return [root(at) for at in range(len(kept))]


def _alike(kept: Sequence[Labelled], classifier: Classifier) -> Iterator[list[int]]:
    told = dict(cluster((_article(at, one) for at, one in enumerate(kept)), classifier))
    for keys in (
        [one.url for one in kept],
        [one.story for one in kept],
        [told[str(at)] for at in range(len(kept))],
    ):
        by_key: dict[str, list[int]] = {}
        for at, key in enumerate(keys):
            if key is not None:
                by_key.setdefault(key, []).append(at)
        yield from by_key.values()


def _article(at: int, one: Labelled) -> Article:
    url = f"https://labelled.invalid/{at}"
    return Article(
        url, url, "labels", "labels", _ANY_TIME, one.title, one.text, language=one.language,
        id=str(at),
    )  # fmt: skip
