"""A whole history of which, at each moment, only what has come by then can be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from alerts.series import Filter, Ints, SignalTable, microseconds
from alerts.signal import Signal


@dataclass(frozen=True, slots=True)
class Came:
    """A signal and when it came to us (aware UTC): from then on it can be seen."""

    signal: Signal
    at: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """All that one filter will ever match: positions by time, when each counts, when each came."""

    positions: Ints
    at: Ints
    came: Ints


class PassingTable(SignalTable):
    """Signals of the past, the present and the future; `matching` gives those that had come by the
    moment of the last `turn_to`, and count from the time given there on."""

    def __init__(self, came: Sequence[Came]) -> None:
        ordered = sorted(came, key=lambda one: one.signal.at)
        super().__init__([one.signal for one in ordered])
        self.came = np.array([microseconds(one.at) for one in ordered], dtype=np.int64)
        self._now = self._since = 0
        self._wholes: dict[int, tuple[Filter, Whole]] = {}
        self._of_story: dict[str, list[int]] | None = None

    def turn_to(self, now: datetime, since: datetime) -> None:
        """Show what had come by `now` and counts from `since` until `now`."""
        self._now, self._since = microseconds(now), microseconds(since)

    def whole(self, where: Filter) -> Whole:
        """What the filter will match in the end, the future included."""
        # By identity: a rule keeps its filter, and to hash one costs more than to look it up.
        known = self._wholes.get(id(where))
        if known is None:
            positions = super().matching(where)
            whole = Whole(positions, self.at[positions], self.came[positions])
            known = self._wholes[id(where)] = (where, whole)
        return known[1]

    def matching(self, where: Filter) -> Ints:
        """Positions of the signals that match and can be seen, by time."""
        return self.seen(where, self._since)

    def seen(self, where: Filter, since: int) -> Ints:
        """The same from another moment on, in microseconds since the epoch."""
        whole = self.whole(where)
        part = slice(
            int(np.searchsorted(whole.at, since)),
            int(np.searchsorted(whole.at, self._now, side="right")),
        )
        return whole.positions[part][whole.came[part] <= self._now]

    def merge(self, younger: str, elder: str) -> Ints:
        """Let one story be part of another from now on; returns the positions of the signals that
        moved, by time."""
        if self._of_story is None:
            self._of_story = defaultdict(list)
            for position, signal in enumerate(self.signals):
                self._of_story[signal.story].append(position)
        moved = self._of_story.pop(younger, [])
        for position in moved:
            self.signals[position] = replace(self.signals[position], story=elder)
            self._recode(position)
        self._of_story.setdefault(elder, []).extend(moved)
        return np.array(sorted(moved), dtype=np.int64)
