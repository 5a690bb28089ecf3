"""Series as the press makes them, by day, hour or quarter of an hour, with bursts, all seeded.

    log mean = level + hour and day of the week + annual season + slow trend + growth + busy day
    count    = reports + their reprints: compound Poisson, some reprints late

Sources grow in number, and the topic with them; the crawler is down now and then, sees nothing or
a part, and afterwards the backlog comes in at once. Exposure (articles of all topics, the topic's
own included) tells of both, as it does in life. A burst rises within some buckets and decays; its
size is told in standard deviations of what its own duration holds without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from harness.outbreaks import Bools, Floats, Ints, Outbreak, Simulated

A_DAY = {"day": 1, "hour": 24, "15min": 96}
DAYS = {"day": 460, "hour": 84, "15min": 42}
JUDGED = {"day": 370, "hour": 63, "15min": 28}  # the last days
COLD_DAYS = (24, 22)  # a cold start has so many, of which the last are judged
COLD_SPACING = 5
SPACING = {"day": 30, "hour": 9, "15min": 5}  # days from one burst to the next
DECAY_HOURS = {"day": (18.0, 96.0), "hour": (3.0, 18.0), "15min": (1.0, 8.0)}
STRENGTH = (1.5, 8.0)  # standard deviations
LEAST_BURST = 4
OUTAGE_HOURS = (2.0, 16.0)


@dataclass(frozen=True, slots=True)
class Press:
    """What one series is like."""

    name: str
    mean: float  # articles a bucket on average
    clump: float = 1.5  # variance over mean: reprints
    late: float = 0.0  # hours that a reprint is late, on average
    busy: float = 0.0  # relative variance of a day
    season: float = 0.8  # of the day: logarithm of noon over the mean
    weekend: float = 0.7  # of a working day
    annual: float = 0.0  # amplitude of the year
    trend: float = 0.0  # logarithm, in a year
    growth: float = 0.0  # logarithm of sources at the end over those at the start
    outages: float = 0.0  # a month
    volume: float = 200.0  # articles of all topics an hour; 0: nobody counts them


def varied(
    bucket: str, seed: int, series: int, *, sparse: bool = False, cold: bool = False
) -> list[Simulated]:
    """So many series of all sorts, each of its own size, season, dispersion and history."""
    made = []
    for number in range(series):
        rng = np.random.default_rng([seed, number, len(bucket), sparse, cold])
        press = _some_press(bucket, number, rng, sparse)
        made.append(series_of(press, bucket, rng, cold=cold))
    return made


def series_of(
    press: Press, bucket: str, rng: np.random.Generator, *, cold: bool = False, bursts: bool = True,
    days: int | None = None, judged_days: int | None = None,
) -> Simulated:  # fmt: skip
    """One series; without `bursts` only those of the past are in it."""
    size = days or (COLD_DAYS[0] if cold else DAYS[bucket])
    judge = judged_days or (COLD_DAYS[1] if cold else JUDGED[bucket])
    length, now = size * A_DAY[bucket], (size - judge) * A_DAY[bucket]
    season, growth = _season(press, bucket, length, rng), _growth(press, length, rng)
    mean = press.mean * season * growth
    intake, outage = _intake(press, bucket, length, rng)
    counts = _reported(mean * _busy_days(press, bucket, length, rng), press, bucket, rng)
    space = (COLD_SPACING if cold else SPACING[bucket]) * A_DAY[bucket]
    past = _burst_starts(space, 3 * A_DAY[bucket], now, 0.5, rng)
    current = _burst_starts(space, now, length, 1.0, rng) if bursts else []
    placed = []
    for start in [*past, *current]:
        extra, last = _burst(press, bucket, mean, start, rng, great=start < now)
        counts += extra
        if extra.sum():
            placed.append(Outbreak(start, last, int(extra.sum())))
    exposure = None
    if press.volume:
        per_bucket = press.volume * 24 / A_DAY[bucket]
        steady = replace(press, trend=0.0, annual=press.annual / 2.0)
        everything = per_bucket * _season(steady, bucket, length, rng) * growth
        everything = rng.negative_binomial(everything / 3.0, 1.0 / 4.0) + counts
        exposure = _fetched(everything, intake, rng).astype(float)
    return Simulated(
        design=press.name,
        bucket=bucket,
        counts=_fetched(counts, intake, rng),
        exposure=exposure,
        mean=_fetched_mean(mean, intake),
        clump=press.clump,
        busy=press.busy,
        judged=np.arange(length) >= now,
        bursts=tuple(burst for burst in placed if burst.start >= now),
        past=tuple(burst for burst in placed if burst.start < now),
        outage=outage,
    )


def _some_press(bucket: str, number: int, rng: np.random.Generator, sparse: bool) -> Press:
    low, high = (0.02, 0.5) if sparse else {"day": (0.5, 300.0), "hour": (0.3, 150.0)}.get(
        bucket, (0.1, 40.0)
    )  # fmt: skip
    mean = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return Press(
        name=f"press {number}: {mean:.3g} a {bucket}",
        mean=mean,
        clump=float(rng.choice([1.05, 1.5, 2.5, 4.0, 7.0])),
        late=float(rng.choice([0.0, 0.0, 1.5])),
        busy=float(rng.choice([0.0, 0.03, 0.1])),
        season=float(rng.uniform(0.3, 1.0)),
        weekend=float(rng.uniform(0.5, 0.9)),
        annual=float(rng.choice([0.0, 0.25])),
        trend=float(rng.uniform(-0.4, 0.4)),
        growth=float(rng.choice([0.0, 0.0, 0.7])),
        outages=float(rng.choice([0.0, 1.5, 3.0])),
        volume=max(200.0, 25.0 * mean * A_DAY[bucket] / 24.0),
    )


# -- what is expected ----------------------------------------------------------------------


def _season(press: Press, bucket: str, length: int, rng: np.random.Generator) -> Floats:
    """Factors of the mean, 1 on average over a week, with the year and the trend on top."""
    per_day = A_DAY[bucket]
    slot = np.arange(7 * per_day)
    log_week = np.where(slot // per_day >= 5, np.log(press.weekend), 0.0)
    if per_day > 1:
        hour = 2.0 * np.pi * (slot % per_day / per_day - rng.normal(0.58, 0.04))
        log_week = log_week + press.season * np.cos(hour)
        log_week = log_week + 0.25 * press.season * np.cos(2 * hour + rng.uniform(0, 6))
    week = np.exp(log_week)
    t = np.arange(length)
    year = t / per_day / 365.0
    slow = press.annual * np.sin(2 * np.pi * (year + rng.uniform())) + press.trend * year
    return np.asarray((week / week.mean())[t % len(week)] * np.exp(slow - slow.mean()))


def _growth(press: Press, length: int, rng: np.random.Generator) -> Floats:
    """New sources come in a few steps, not day by day."""
    if not press.growth:
        return np.ones(length)
    steps = np.sort(rng.integers(0, length, 5))
    done = np.searchsorted(steps, np.arange(length), side="right") / len(steps)
    return np.asarray(np.exp(press.growth * (done - 0.5)))


def _busy_days(press: Press, bucket: str, length: int, rng: np.random.Generator) -> Floats:
    if not press.busy:
        return np.ones(length)
    days = rng.gamma(1.0 / press.busy, press.busy, length // A_DAY[bucket] + 1)
    return np.repeat(days, A_DAY[bucket])[:length]


# -- what is counted -----------------------------------------------------------------------


def _reported(mean: Floats, press: Press, bucket: str, rng: np.random.Generator) -> Ints:
    """Reports, each with a geometric number of reprints, some of which come later."""
    stay = 2.0 / (1.0 + press.clump)
    reports = rng.poisson(mean * stay)
    reprints = np.zeros(len(mean), dtype=np.int64)
    some = reports > 0
    reprints[some] = rng.negative_binomial(reports[some], stay)
    lag = press.late * A_DAY[bucket] / 24.0
    if lag < 0.3:
        return reports + reprints
    counts = reports.astype(np.int64)
    for later in range(int(6 * lag) + 1):  # each bucket, a geometric share of what is left
        now = rng.binomial(reprints, 1.0 / (1.0 + lag))
        reprints = reprints - now
        counts[later:] += now[: len(now) - later]
    return counts


def _burst_starts(
    space: int, first: int, last: int, often: float, rng: np.random.Generator
) -> list[int]:
    """Where bursts begin: apart from each other, none so late that it cannot be seen whole."""
    rooms = [room for room in range(first, last - space, space) if rng.random() < often]
    return [room + int(rng.integers(space // 10, space // 2)) for room in rooms]


def _burst(
    press: Press, bucket: str, mean: Floats, start: int, rng: np.random.Generator, great: bool
) -> tuple[Ints, int]:
    """What a burst adds to each bucket, and its last bucket: where nine tenths have come."""
    hours = float(np.exp(rng.uniform(*np.log(DECAY_HOURS[bucket]))))
    decay = hours * A_DAY[bucket] / 24.0
    rise = int(rng.integers(0, 3))
    age = np.arange(min(int(6 * decay) + rise + 2, len(mean) - start))
    shape = np.where(age < rise, (age + 1) / (rise + 1), np.exp(-(age - rise) / decay))
    shape = shape / shape.sum()
    last = int(np.searchsorted(np.cumsum(shape), 0.9))
    usual = float(mean[start : start + last + 1].sum())
    spread = np.sqrt(press.clump * usual + press.busy * usual * usual)
    strength = float(np.exp(rng.uniform(*np.log(STRENGTH)))) * (2.0 if great else 1.0)
    size = max(strength * spread, LEAST_BURST)
    extra = np.zeros(len(mean), dtype=np.int64)
    once = replace(press, late=0.0)
    extra[start : start + len(age)] = _reported(size * shape, once, bucket, rng)
    return extra, start + last


# -- what is fetched -----------------------------------------------------------------------


def _intake(
    press: Press, bucket: str, length: int, rng: np.random.Generator
) -> tuple[list[tuple[int, int, float, bool]], Bools]:
    """The outages: first bucket, the one after the last, share still seen, whether what was missed
    comes in afterwards; and a mask of them and what follows."""
    per_day = A_DAY[bucket]
    spans, mask = [], np.zeros(length, dtype=bool)
    number = rng.poisson(press.outages * length / per_day / 30.0)
    for start in sorted(rng.integers(2 * per_day, length, number).tolist()):
        if spans and start < spans[-1][1] + per_day:
            continue
        hours = float(np.exp(rng.uniform(*np.log(OUTAGE_HOURS))))
        end = min(start + max(1, round(hours * per_day / 24)), length - 1)
        blind = rng.random() < 0.7
        share = 0.0 if blind else float(rng.uniform(0.2, 0.6))
        if per_day == 1:  # a part of the day is lost
            share = 1.0 - (1.0 - share) * hours / 24.0
        spans.append((start, end, share, blind))
        mask[start : end + max(2, per_day // 12)] = True
    return spans, mask


def _fetched(
    counts: Ints, spans: list[tuple[int, int, float, bool]], rng: np.random.Generator
) -> Ints:
    """What arrives, and when: a backlog comes in the first bucket after its outage, the rest of a
    partial outage never."""
    arrived = np.asarray(counts, dtype=np.int64).copy()
    for start, end, share, backlog in spans:
        seen = rng.binomial(arrived[start:end], share)
        if backlog:
            arrived[end] += int((arrived[start:end] - seen).sum())
        arrived[start:end] = seen
    return arrived


def _fetched_mean(mean: Floats, spans: list[tuple[int, int, float, bool]]) -> Floats:
    arrived = mean.copy()
    for start, end, share, backlog in spans:
        if backlog:
            arrived[end] += (1.0 - share) * arrived[start:end].sum()
        arrived[start:end] *= share
    return arrived
