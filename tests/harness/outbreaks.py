"""Simulated series with known bursts: what detectors of bursts are measured on.

Two families, each seeded: `outbreaks_noufaily` (the 42 scenarios of Noufaily et al. 2013, by week
and by day) and `outbreaks_news` (the press by day, hour and quarter of an hour). `simulate` names
them all:

    for series in simulate("news hour", seed=1):
        scores = detect(series.counts, series.bucket, series.exposure)

What a series promises, so that figures about it are honest: every judged burst lies in a judged
bucket, `quiet` holds no bucket of a burst nor of its aftermath (the longest window that anybody
looks at), and whatever is drawn depends on the seed alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Buckets in the longest window that a detector may look at: alarms closer than this are one run.
LONGEST_WINDOW = {"week": 2, "day": 7, "hour": 32, "15min": 64}
BUCKETS_A_YEAR = {"week": 52.0, "day": 365.0, "hour": 8_760.0, "15min": 35_040.0}


@dataclass(frozen=True, slots=True)
class Outbreak:
    """A burst: its first and its last bucket, and what it added altogether."""

    start: int
    end: int
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """One series of counts, what is known of it, and the truth about it.

    `exposure` is what a detector may know: articles of all topics, 0 where nothing was observed;
    None where nobody counts them. `mean`, `clump` and `busy` are the truth without the bursts: the
    expected count of each bucket, and its variance as clump · mean + busy · mean².
    """

    design: str
    bucket: str
    counts: Ints
    exposure: Floats | None
    mean: Floats
    clump: float
    busy: float
    judged: Bools  # buckets that figures are made of: after the time for learning
    bursts: tuple[Outbreak, ...]  # those that start in a judged bucket
    past: tuple[Outbreak, ...]  # those before it, which contaminate what is learned
    outage: Bools  # nothing or little is fetched, or the backlog of that comes in

    @property
    def quiet(self) -> Bools:
        """Judged buckets in which, and shortly before which, no burst was."""
        calm = self.judged.copy()
        for burst in (*self.past, *self.bursts):
            calm[burst.start : burst.end + 1 + LONGEST_WINDOW[self.bucket]] = False
        return calm

    @property
    def quiet_years(self) -> float:
        """How long the quiet buckets last."""
        return float(self.quiet.sum()) / BUCKETS_A_YEAR[self.bucket]


GROUPS = (
    "noufaily week",
    "noufaily day",
    "news day",
    "news hour",
    "news 15min",
    "sparse hour",
    "cold start",
)


def simulate(group: str, seed: int, series: int | None = None) -> list[Simulated]:
    """The series of a group, with bursts; `series` bounds how many. KeyError for another name."""
    from harness import outbreaks_news, outbreaks_noufaily

    news, noufaily = outbreaks_news.varied, outbreaks_noufaily.scenarios
    makers = {
        "noufaily week": lambda: noufaily("week", seed, repeats=2, limit=series),
        "noufaily day": lambda: noufaily("day", seed, limit=series),
        "news day": lambda: news("day", seed, series or 36),
        "news hour": lambda: news("hour", seed, series or 40),
        "news 15min": lambda: news("15min", seed, series or 20),
        "sparse hour": lambda: news("hour", seed, series or 40, sparse=True),
        "cold start": lambda: news("hour", seed, series or 60, cold=True),
    }
    return makers[group]()
