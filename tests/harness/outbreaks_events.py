"""A year of daily event counts as machines code them from the news, and what stands out in it.

Ten pairs of countries, a year each, starting on a Monday. Hostile events are counted; the exposure
is all that is coded of the pair. Counts are overdispersed, calm and tense weeks alternate, weekends
are thin. Thirteen escalations last some days; six cooperative peaks (summits, treaties) multiply
what is coded of the pair, and with it, less, the hostile events: talk about old quarrels. An
escalation is to be alarmed, a cooperative peak is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from harness.outbreaks import Bools, Floats, Ints, Outbreak, Simulated
from harness.outbreaks_noufaily import drawn

DAYS = 364
LEARNED = 28
MEANS = (2.0, 4.0, 7.0, 12.0, 20.0, 30.0, 45.0, 70.0, 120.0, 200.0)
ESCALATIONS = (1, 2, 1, 1, 2, 1, 1, 2, 1, 1)  # of each pair
PEAKS = (1, 0, 1, 1, 0, 1, 0, 1, 0, 1)
CLUMP = (1.5, 3.0)
TENSION = 0.22, 6.0  # spread of the logarithm, and days over which it changes
HOSTILE_SHARE = 0.25  # of all that is coded of a pair
RISE = (1.9, 4.5)  # of the mean on an escalation's worst day, more for small pairs
PEAK_VOLUME, PEAK_SPILL = 3.0, 1.5


@dataclass(frozen=True, slots=True, eq=False)
class EventYear:
    """A pair's year; its bursts are the escalations."""

    series: Simulated
    peaks: tuple[Outbreak, ...]  # cooperative

    @property
    def ordinary(self) -> Bools:
        """Judged days that belong neither to an escalation nor to a cooperative peak."""
        calm = self.series.judged.copy()
        for burst in (*self.series.bursts, *self.peaks):
            calm[max(burst.start - 1, 0) : burst.end + 3] = False
        return calm


def years_of_events(seed: int) -> list[EventYear]:
    """The ten pairs."""
    return [
        _year(np.random.default_rng([seed, number]), *pair)
        for number, pair in enumerate(zip(MEANS, ESCALATIONS, PEAKS, strict=True))
    ]


def _year(rng: np.random.Generator, usual: float, escalations: int, peaks: int) -> EventYear:
    day = np.arange(DAYS)
    week = np.where(day % 7 >= 5, rng.uniform(0.45, 0.7), 1.0)
    week = week / week[:7].mean()
    clump = rng.uniform(*CLUMP)
    season = usual * week * _tension(rng, *TENSION)
    mean, cooperative = season.copy(), usual * (1.0 / HOSTILE_SHARE - 1.0) * week
    starts = _apart(rng, escalations + peaks)
    bursts = [_placed(rng, start, (2, 6)) for start in starts[:escalations]]
    summits = [_placed(rng, start, (2, 4)) for start in starts[escalations:]]
    for burst in bursts:
        shape = _shape(burst)
        rise = rng.uniform(*RISE) * (1.0 + 2.0 / np.sqrt(usual))
        mean[burst.start : burst.end + 1] *= 1.0 + (rise - 1.0) * shape
        cooperative[burst.start : burst.end + 1] *= 1.0 + 0.3 * shape
    for summit in summits:
        shape = _shape(summit)
        mean[summit.start : summit.end + 1] *= 1.0 + (PEAK_SPILL - 1.0) * shape
        cooperative[summit.start : summit.end + 1] *= 1.0 + (PEAK_VOLUME - 1.0) * shape
    counts = drawn(mean, clump, rng)
    exposure: Floats = (counts + drawn(cooperative, clump, rng)).astype(float)
    busy = float(np.expm1(TENSION[0] ** 2))
    series = Simulated(
        f"pair with {usual:g} a day", "day", counts, exposure, usual * week, clump, busy,
        judged=day >= LEARNED, bursts=tuple(bursts), past=(), outage=np.zeros(DAYS, dtype=bool),
    )  # fmt: skip
    return EventYear(series, tuple(summits))


def _tension(rng: np.random.Generator, spread: float, days: float) -> Floats:
    """A slow AR(1) factor about 1."""
    keep = np.exp(-1.0 / days)
    level, levels = 0.0, []
    for step in rng.normal(0.0, spread * np.sqrt(1.0 - keep * keep), DAYS).tolist():
        level = keep * level + step
        levels.append(level)
    return np.exp(np.array(levels) - spread**2 / 2.0)


def _apart(rng: np.random.Generator, number: int) -> list[int]:
    """First days that lie three weeks apart at least, in any order."""
    room = (DAYS - LEARNED - 30) // max(number, 1)
    starts = [LEARNED + 14 + n * room + int(rng.integers(0, room - 20)) for n in range(number)]
    rng.shuffle(starts)
    return starts


def _placed(rng: np.random.Generator, start: int, days: tuple[int, int]) -> Outbreak:
    return Outbreak(start, start + int(rng.integers(*days)), 0)


def _shape(burst: Outbreak) -> Floats:
    """Worst on the first or second day, then less."""
    age = np.arange(burst.end - burst.start + 1)
    return np.asarray(np.where(age == 0, 0.8, np.exp(-(age - 1) / 2.5)))


def alarm_days(years: list[EventYear], scores: list[Floats], limit: float) -> int:
    """Alarm days of all pairs outside escalations and peaks."""
    return sum(
        int(((values >= limit) & year.ordinary).sum())
        for year, values in zip(years, scores, strict=True)
    )


def limit_of_one_day(years: list[EventYear], scores: list[Floats]) -> float:
    """The lowest limit with at most one such day for each pair and year."""
    ordinary = np.concatenate([v[y.ordinary] for y, v in zip(years, scores, strict=True)])
    allowed = int(sum(year.ordinary.sum() for year in years) / 365.0)
    worst: Ints = np.sort(ordinary)[::-1]
    return float(np.nextafter(worst[allowed], np.inf))


def stood_out(years: list[EventYear], scores: list[Floats], limit: float) -> tuple[int, int]:
    """Escalations found, and cooperative peaks alarmed."""
    found = alarmed = 0
    for year, values in zip(years, scores, strict=True):
        alarms = values >= limit
        found += sum(bool(alarms[b.start : b.end + 1].any()) for b in year.series.bursts)
        alarmed += sum(bool(alarms[b.start : b.end + 1].any()) for b in year.peaks)
    return found, alarmed
