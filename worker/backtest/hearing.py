"""How much of the press was heard, told from what came.

In a history without records of polls, articles of other topics tell it: what is watched must not
decide how much was watched, and a file of relevant articles alone says nothing of outages. Live,
it is what all polls brought. What came is counted by its hour of arrival, which never changes
afterwards, and each hour is judged by itself and the time before it:

    unheard    far less came than at this time of day in the two weeks before
    in part    newsrooms that used to bring something have brought nothing for long
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from alerts.rules.view import HOUR, Shares

Floats = npt.NDArray[np.float64]

_DAY = 24
REMEMBERED = 14  # days that tell what is usual
RUNS = (1, 2, 3, 6, 12, 24)  # trailing hours that are looked at together
FAR_LESS = 0.2  # of what is usual
UNLIKELY = 1e-5  # that so little comes in a run of hours though all is well
CLUMPS = 3.0  # variance over mean of what comes in an hour
REGULAR = 20  # articles in the two weeks before: such a newsroom is missed
MISSED = 12.0  # articles that were to be expected of it since, and as many hours


@dataclass(frozen=True, slots=True)
class Heard:
    """Shares of healthy sources by hour. An hour that is missing was not heard; one that has just
    begun is taken to be as the one before."""

    shares: Shares

    def whole(self, hour: datetime) -> float:
        return self.shares.get(hour, 0.0)

    def begun(self, hour: datetime) -> float:
        before = self.shares.get(hour - HOUR)
        return self.shares.get(hour, 0.0) if before is None else before


def heard_throughout(since: datetime, until: datetime) -> Heard:
    """Everything was heard in every hour."""
    hours = (until - since) // HOUR + 1
    return Heard({since + i * HOUR: 1.0 for i in range(hours)})


def heard_of(others: Iterable[tuple[datetime, str]], since: datetime, until: datetime) -> Heard:
    """What was heard from `since`, the start of an hour, to `until`.

    `others` are the articles of other topics: when each came, and its newsroom.
    """
    hours = (until - since) // HOUR + 1
    by_newsroom: defaultdict[str, Floats] = defaultdict(lambda: np.zeros(hours))
    for came, newsroom in others:
        by_newsroom[newsroom][(came - since) // HOUR] += 1.0
    total = sum(by_newsroom.values(), np.zeros(hours))
    shares = np.where(unheard(total), 0.0, present(list(by_newsroom.values()), hours))
    return Heard({since + i * HOUR: share for i, share in enumerate(shares.tolist())})


def unheard(volume: Floats) -> npt.NDArray[np.bool_]:
    """The hours in which far less came than is usual at their time of day."""
    silent = np.zeros(len(volume), dtype=bool)
    empty = np.zeros(len(volume), dtype=bool)
    usual = np.zeros(len(volume))
    for hour in range(_DAY, len(volume)):
        usual[hour] = _usual(volume, empty, hour)
        silent[hour] = volume[hour] < FAR_LESS * usual[hour] and _unlikely(volume, usual, hour)
        # What little comes for days becomes usual; nothing at all never does.
        empty[hour] = silent[hour] and volume[hour] == 0.0
    return silent


def _usual(volume: Floats, empty: npt.NDArray[np.bool_], hour: int) -> float:
    """What comes at this time of day, or of the week where that is less, in the days before.

    An hour more or less must not matter: mornings begin steeply.
    """
    least = np.inf
    for every in (_DAY, 7 * _DAY):
        for shift in (-1, 0, 1):
            days = np.arange(hour - every + shift, -1, -every)[: REMEMBERED * _DAY // every]
            days = days[~empty[days]]
            if len(days):
                least = min(least, float(volume[days].mean()))
    return least if np.isfinite(least) else 0.0


def _unlikely(volume: Floats, usual: Floats, hour: int) -> bool:
    from scipy.special import betainc  # takes a while, and is seldom asked for

    for run in RUNS:
        start = max(hour - run + 1, 0)
        mean, came = float(usual[start : hour + 1].sum()), float(volume[start : hour + 1].sum())
        if mean <= came:
            return False
        # P(Y ≤ y) of a negative binomial is 1 − I(y + 1, size); see `alerts.baseline.tail`.
        tail = 1.0 - float(betainc(came + 1.0, mean / (CLUMPS - 1.0), 1.0 - 1.0 / CLUMPS))
        if tail < UNLIKELY:
            return True
    return False


def present(newsrooms: list[Floats], hours: int) -> Floats:
    """The share of the regular newsrooms that have not gone missing, hour by hour."""
    regular, missing = np.zeros(hours), np.zeros(hours)
    fortnight = _DAY * REMEMBERED
    at = np.arange(hours)
    for came in newsrooms:
        if came.sum() < REGULAR:
            continue
        until = np.concatenate([[0.0], np.cumsum(came)])
        last = np.maximum.accumulate(np.where(came > 0.0, at, -1))
        silent = at - last
        begin = np.maximum(last + 1 - fortnight, 0)
        before = until[last + 1] - until[begin]  # in the two weeks up to its last article
        rate = before / np.maximum(last + 1 - begin, _DAY)
        counts = before >= REGULAR
        regular += counts
        missing += counts & (silent >= MISSED) & (rate * silent >= MISSED)
    return 1.0 - missing / np.maximum(regular, 1.0)
