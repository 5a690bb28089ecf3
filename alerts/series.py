"""Counting: from signals to numbers by bucket of time, each happening once.

A key (a story, an article or a newsroom, by the rule's unit) counts in the bucket of a matching
signal when no matching signal of the same key came in the look-back before: 48 hours for stories
and articles; for newsrooms the rule's window, so that a window never counts one of them twice.
The definition looks back that far and no further, so counting from a later start gives the same
numbers. Two counts are kept apart: the baseline learns from all signals; what is compared with it
has at least one signal that may fire.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, cast

import numpy as np
import numpy.typing as npt

from alerts.signal import Signal

Unit = Literal["stories", "newsrooms", "articles"]
Ints = npt.NDArray[np.int64]

UNITS: tuple[Unit, ...] = ("stories", "newsrooms", "articles")
STORY_LOOKBACK = timedelta(hours=48)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


class Filter(Protocol):
    """What selects signals; `alerts.rules.where.Where` is one."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What it looks at."""
        ...

    def facet(self, signal: Signal) -> tuple[object, ...]:
        """The signal's values of `keys`: signals that are alike in them match alike."""
        ...

    def matches(self, signal: Signal) -> bool: ...


def lookback(unit: Unit, window: timedelta) -> timedelta:
    """How long a key that was counted is not counted again."""
    return window if unit == "newsrooms" else STORY_LOOKBACK


def floor(at: datetime, step: timedelta) -> datetime:
    """The start of the bucket that holds `at`: in UTC, weeks from Monday."""
    return _MONDAY + (at - _MONDAY) // step * step


class SignalTable:
    """Signals by time, grouped once so that hundreds of filters are cheap."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self.signals = sorted(signals, key=lambda signal: signal.at)
        self.at = np.array([microseconds(signal.at) for signal in self.signals], dtype=np.int64)
        self.fires = np.array([signal.fires for signal in self.signals], dtype=bool)
        self._numbers: dict[str, dict[str, int]] = {unit: {} for unit in UNITS}
        self._keys = {
            unit: _codes([_key(signal, unit) for signal in self.signals], self._numbers[unit])
            for unit in UNITS
        }
        self._groups: dict[tuple[str, ...], list[Ints]] = {}

    def matching(self, where: Filter) -> Ints:
        """Positions of the signals that match, by time; one look for each distinct facet."""
        groups = self._groups.get(where.keys)
        if groups is None:
            groups = self._groups[where.keys] = self._group(where)
        found = [group for group in groups if where.matches(self.signals[group[0]])]
        if not found:
            return np.empty(0, dtype=np.int64)
        return np.sort(np.concatenate(found))

    def counted(self, matching: Ints, unit: Unit, window: timedelta) -> Ints:
        """Those of the matching positions at which a key counts."""
        if not len(matching):
            return matching
        keys, at = self._keys[unit][matching], self.at[matching]
        order = np.lexsort((at, keys))
        again = np.zeros(len(order), dtype=bool)
        gap = np.diff(at[order]) <= microseconds_of(lookback(unit, window))
        again[1:] = gap & (np.diff(keys[order]) == 0)
        return np.sort(matching[order[~again]])

    def keys(self, positions: Ints, unit: Unit) -> list[int]:
        """What these signals count as, as numbers."""
        return cast("list[int]", self._keys[unit][positions].tolist())

    def _recode(self, position: int) -> None:
        """Note that a signal counts under another story."""
        key, numbers = _key(self.signals[position], "stories"), self._numbers["stories"]
        self._keys["stories"][position] = numbers.setdefault(key, len(numbers))

    def _group(self, where: Filter) -> list[Ints]:
        members: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for position, signal in enumerate(self.signals):
            members[where.facet(signal)].append(position)
        return [np.array(positions, dtype=np.int64) for positions in members.values()]


def bucket_counts(
    table: SignalTable, counted: Ints, since: datetime, until: datetime, step: timedelta
) -> Ints:
    """How much counts in each bucket from `since` to `until`, both starts of buckets."""
    start, length = microseconds(since), microseconds_of(step)
    buckets = (until - since) // step
    index = (table.at[counted] - start) // length
    return np.bincount(index[(index >= 0) & (index < buckets)], minlength=buckets)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a window holds that may fire."""

    count: int  # in the rule's unit
    late: int  # what counts but may not fire
    largest: str | None  # the newsroom without which the count falls most
    without_largest: int  # the count without it
    articles: tuple[str, ...]  # newest first
    stories: tuple[str, ...]
    newsrooms: tuple[str, ...]
    #: Each severity that a newsroom reports as its gravest, and how many report that or worse.
    severities: tuple[tuple[int, int], ...] = ()


def contents(
    table: SignalTable, matching: Ints, counted: Ints, unit: Unit, since: datetime, until: datetime
) -> Contents:
    """The counted keys of the window `since` ≤ at ≤ `until`, with every firing signal of theirs."""
    low, high = microseconds(since), microseconds(until)
    fresh = {_key(table.signals[p], unit) for p in _between(table, counted, low, high)}
    firing = [
        signal
        for p in _between(table, matching, low, high)
        if (signal := table.signals[p]).fires and _key(signal, unit) in fresh
    ]
    newsrooms: defaultdict[str, set[str]] = defaultdict(set)
    for signal in firing:
        newsrooms[_key(signal, unit)].add(signal.newsroom)
    largest, sole = _largest(newsrooms, firing)
    firing.reverse()
    return Contents(
        count=len(newsrooms),
        late=len(fresh) - len(newsrooms),
        largest=largest,
        without_largest=len(newsrooms) - sole,
        articles=tuple(dict.fromkeys(signal.article for signal in firing)),
        stories=tuple(dict.fromkeys(signal.story for signal in firing)),
        newsrooms=tuple(sorted({signal.newsroom for signal in firing})),
        severities=_severities(firing),
    )


def totals(
    table: SignalTable, matching: Ints, counted: Ints, unit: Unit, starts: Sequence[datetime],
    until: datetime,
) -> list[int]:  # fmt: skip
    """`Contents.count` of the windows from each of `starts` until `until`, at one go."""
    low, high = microseconds(min(starts)), microseconds(until)
    some = _between(table, counted, low, high)
    if not len(some):
        return [0] * len(starts)
    last = dict(zip(table.keys(some, unit), table.at[some].tolist(), strict=True))
    every = _between(table, matching, low, high)
    firing = every[table.fires[every]]
    fired = dict(zip(table.keys(firing, unit), table.at[firing].tolist(), strict=True))
    # A key is in a window that begins before it last counted, and before it last fired.
    both = sorted(min(at, fired[key]) for key, at in last.items() if key in fired)
    return [len(both) - bisect_left(both, microseconds(start)) for start in starts]


@dataclass(frozen=True, slots=True)
class BucketCount:
    """The three numbers of one bucket, for rollups and charts."""

    bucket: datetime
    stories: int
    newsrooms: int
    articles: int


def count(
    signals: Sequence[Signal] | SignalTable, where: Filter, step: timedelta, since: datetime,
    until: datetime,
) -> list[BucketCount]:  # fmt: skip
    """The buckets from `since` to `until`: stories and articles once, newsrooms once a bucket.

    For the same numbers as a longer history gives, the signals must begin 48 hours before.
    """
    table = signals if isinstance(signals, SignalTable) else SignalTable(signals)
    matching = table.matching(where)
    stories, articles = (
        bucket_counts(table, table.counted(matching, unit, step), since, until, step)
        for unit in ("stories", "articles")
    )
    newsrooms: defaultdict[int, set[str]] = defaultdict(set)
    for position in matching:
        signal = table.signals[position]
        newsrooms[(signal.at - since) // step].add(signal.newsroom)
    return [
        BucketCount(since + i * step, int(stories[i]), len(newsrooms[i]), int(articles[i]))
        for i in range(len(stories))
    ]


def microseconds(at: datetime) -> int:
    """Since the epoch, exactly."""
    return microseconds_of(at - _EPOCH)


def microseconds_of(span: timedelta) -> int:
    """Its length, exactly."""
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def _between(table: SignalTable, positions: Ints, low: int, high: int) -> Ints:
    at = table.at[positions]
    return positions[np.searchsorted(at, low) : np.searchsorted(at, high, side="right")]


def _largest(newsrooms: dict[str, set[str]], firing: Sequence[Signal]) -> tuple[str | None, int]:
    """The newsroom that most keys rest on alone, and how many do."""
    if not firing:
        return None, 0
    sole = Counter(next(iter(names)) for names in newsrooms.values() if len(names) == 1)
    articles = Counter(name for name, _ in {(s.newsroom, s.article) for s in firing})
    largest = max(sorted(articles), key=lambda name: (sole[name], articles[name]))
    return largest, sole[largest]


def _severities(firing: Sequence[Signal]) -> tuple[tuple[int, int], ...]:
    """For each severity that is some newsroom's gravest, how many newsrooms report that or worse,
    from the least grave."""
    gravest: dict[str, int] = {}
    for signal in firing:
        gravest[signal.newsroom] = max(gravest.get(signal.newsroom, 0), signal.severity)
    found = sorted(set(gravest.values()))
    return tuple((one, sum(other >= one for other in gravest.values())) for one in found)


def _key(signal: Signal, unit: str) -> str:
    if unit == "stories":
        # Once for each newsroom that tells it in words of its own: what one reports all may have
        # from it, and a hundred reprints are one report.
        return f"{signal.story} {signal.teller}"
    return signal.newsroom if unit == "newsrooms" else signal.article


def _codes(names: Sequence[str], numbers: dict[str, int]) -> Ints:
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
