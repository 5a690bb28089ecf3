"""One bucket after another, for many series: what `update`, `detect`, `peek` share.

Three functions are called from Python: `advance` takes buckets in, `look` says what is expected of
the next one, `follow` does both in turn. They work on memories as `layout` describes them. Nothing
reads a bucket after its own, and everything is constant in time and memory for each bucket.
"""

from __future__ import annotations

import math

import numpy as np

from alerts.baseline.compiled import compiled
from alerts.baseline.dispersion import busy_part, learn_busy, learn_phi, weigh
from alerts.baseline.expectation import evolve, fill_row, learn, spread_along
from alerts.baseline.exposed import effect, learn_share, others
from alerts.baseline.layout import (
    AHEAD,
    COV,
    DISPERSION,
    DOUBT,
    END,
    HISTORY,
    LOWER,
    MEAN,
    MOMENTS,
    PLACED,
    POSITION,
    QUEUE,
    SEEN,
    SILENCE,
    UNSCATTERED,
    UPPER,
)  # fmt: skip
from alerts.baseline.record import keep, priced, raise_bar
from alerts.baseline.setting import (
    FAST_DECAY,
    GUARD,
    LARGEST_LOG,
    MOST_UNCERTAIN,
    RECORD_SIZE,
    SCATTER_GUARD,
    Floats,
    Ints,
)  # fmt: skip
from alerts.baseline.surprise import excess, lack, least_total

LEARNABLE = 6.0  # −log10 of a probability; buckets above it teach nothing about phi
UNTAUGHT = -1.0  # in its place: the bucket teaches nothing
YOUNG = 10.0  # times the guard of dispersion: a younger series has a smaller guard


@compiled
def advance(
    memories: Floats, at: Ints, basis: Floats, averages: Floats, drift: Floats, windows: Ints,
    constants: Floats, counts: Floats, exposures: Floats, lessons: Floats, scores: Floats,
) -> None:  # fmt: skip
    """Take the buckets of each series in: (S, T) counts and exposures, 0 where nothing was seen.

    `lessons` are exposures to learn from: with 0 a bucket is compared and teaches nothing. Fills
    in the score of every bucket.
    """
    size = at[COV] - at[MEAN]
    row, direction = np.empty(size), np.empty(size)
    weights = np.empty(at[MOMENTS] - at[DISPERSION])
    growth = np.empty(len(windows))
    for series in range(len(memories)):
        memory = memories[series]
        for t in range(counts.shape[1]):
            scores[series, t] = _step(
                memory, at, basis, averages, drift, windows, constants, counts[series, t],
                exposures[series, t], lessons[series, t], row, direction, weights, growth,
            )  # fmt: skip


@compiled
def look(
    memory: Floats, at: Ints, basis: Floats, averages: Floats, constants: Floats, exposure: float,
    weights: Floats, growth: Floats, busy: Floats, bars: Floats,
) -> float:  # fmt: skip
    """The expected count of the next bucket, 0 where it is unknown; fills in what tails need,
    and the bars of both tails. A volume is that of the other topics."""
    size = at[COV] - at[MEAN]
    row, direction = np.empty(size), np.empty(size)
    exposure = effect(memory, constants, exposure)
    mean = _foresee(memory, at, basis, averages, constants, exposure, row, direction, growth)
    phi = weigh(memory[at[DISPERSION] : at[MOMENTS]], weights)
    moments = memory[at[MOMENTS] : at[DOUBT]].reshape(3, len(growth))
    for column in range(len(growth)):
        busy[column] = busy_part(moments, phi, column)
    raise_bar(memory[UPPER : UPPER + RECORD_SIZE], constants, bars[0])
    raise_bar(memory[LOWER : LOWER + RECORD_SIZE], constants, bars[1])
    return mean


@compiled
def follow(
    memory: Floats, at: Ints, basis: Floats, averages: Floats, drift: Floats, windows: Ints,
    constants: Floats, counts: Floats, exposures: Floats, limit: float, expected: Floats,
    uppers: Floats, scores: Floats,
) -> None:  # fmt: skip
    """Take the buckets of one series in, and say of each what was expected (0: nothing could be),
    the smallest count that reaches `limit` (infinite: none), and its score."""
    size = at[COV] - at[MEAN]
    row, direction = np.empty(size), np.empty(size)
    weights = np.empty(at[MOMENTS] - at[DISPERSION])
    growth, busy, bars = np.empty(len(windows)), np.empty(len(windows)), np.empty((2, 3))
    for t in range(len(counts)):
        elsewhere = others(memory, exposures[t], counts[t])
        mean = look(memory, at, basis, averages, constants, elsewhere, weights, growth, busy, bars)
        expected[t] = mean
        uppers[t] = math.inf
        if mean > 0.0:
            uppers[t] = _least_count(
                memory, at, windows, constants, mean, weights, growth, busy, bars, limit
            )
        scores[t] = _step(
            memory, at, basis, averages, drift, windows, constants, counts[t], exposures[t],
            exposures[t], row, direction, weights, growth,
        )  # fmt: skip


@compiled
def _least_count(
    memory: Floats, at: Ints, windows: Ints, constants: Floats, mean: float, weights: Floats,
    growth: Floats, busy: Floats, bars: Floats, limit: float,
) -> float:  # fmt: skip
    """The smallest count of the next bucket that makes any window reach `limit`, 1 or more."""
    history = memory[at[HISTORY] : at[DISPERSION]].reshape(2, -1)
    past, expected = 0.0, mean
    age = 0
    least = math.inf
    for column in range(len(windows)):
        while age < windows[column] - 1:
            past += history[0, age]
            expected += history[1, age]
            age += 1
        widen = busy[column] + growth[column]
        if least < math.inf:
            nearly = excess(past + least - 1.0, expected, weights, widen)
            if priced(nearly, bars[0], constants) < limit:
                continue
        needed = least_total(limit, past + 1.0, expected, weights, widen, bars[0], constants)
        least = min(least, needed - past)
    return least


@compiled
def _foresee(
    memory: Floats, at: Ints, basis: Floats, averages: Floats, constants: Floats, exposure: float,
    row: Floats, direction: Floats, growth: Floats,
) -> float:  # fmt: skip
    """The expected count of the next bucket; fills in its basis row and, for each window, the
    relative variance that the unknown mean adds. A long window averages over the calendar, so
    that its doubtful parts cancel."""
    size = at[COV] - at[MEAN]
    mean = memory[at[MEAN] : at[COV]]
    cov = memory[at[COV] : at[QUEUE]]
    position = memory[POSITION]
    rows = averages[int(position) % len(basis)]
    fill_row(row, basis, constants, position)
    log_mean = 0.0
    for i in range(size):
        log_mean += mean[i] * row[i]
    if constants[FAST_DECAY] > 0.0:
        log_mean += mean[size - 1] * (constants[FAST_DECAY] ** (memory[AHEAD] + 1.0) - 1.0)
    own = min(spread_along(cov, row, direction), MOST_UNCERTAIN)
    growth[0] = math.expm1(own)
    for column in range(1, len(growth)):
        fill_row(row, rows[column : column + 1], constants, position)
        growth[column] = math.expm1(min(spread_along(cov, row, direction), MOST_UNCERTAIN))
    if exposure <= 0.0 or memory[PLACED] == 0.0:
        return 0.0
    return exposure * math.exp(min(log_mean + 0.5 * own, LARGEST_LOG))


@compiled
def _step(
    memory: Floats, at: Ints, basis: Floats, averages: Floats, drift: Floats, windows: Ints,
    constants: Floats, count: float, exposure: float, lesson: float, row: Floats,
    direction: Floats, weights: Floats, growth: Floats,
) -> float:  # fmt: skip
    """Take one bucket in; returns its score."""
    elsewhere = effect(memory, constants, others(memory, exposure, count))
    lesson = effect(memory, constants, others(memory, lesson, count)) if lesson > 0.0 else 0.0
    mean = _foresee(memory, at, basis, averages, constants, elsewhere, row, direction, growth)
    phi = weigh(memory[at[DISPERSION] : at[MOMENTS]], weights)
    moments = memory[at[MOMENTS] : at[DOUBT]].reshape(3, len(windows))
    history = memory[at[HISTORY] : at[DISPERSION]].reshape(2, -1)
    doubt = memory[at[DOUBT] : at[END]].reshape(2, -1)
    busy = busy_part(moments, phi, 0)
    score, raw = 0.0, UNTAUGHT
    memory[SILENCE] = 0.0
    if mean > 0.0:
        _push(history, count, mean)
        score, raw = _judge(memory, history, windows, moments, weights, phi, growth, constants)
    else:
        _push(history, 0.0, 0.0)
    _push(doubt, growth[0], raw if lesson > 0.0 else UNTAUGHT)
    _scatter(memory, at, history, doubt, windows, moments, phi, busy, growth, constants)
    learn_share(memory, exposure, count)
    _remember(memory, at, basis, drift, constants, count, lesson, phi, busy, row, direction)
    return score


@compiled
def _push(queue: Floats, first: float, second: float) -> None:
    """Put a pair at the front of a two-row queue, newest first."""
    for i in range(queue.shape[1] - 1, 0, -1):
        queue[0, i] = queue[0, i - 1]
        queue[1, i] = queue[1, i - 1]
    queue[0, 0] = first
    queue[1, 0] = second


@compiled
def _judge(
    memory: Floats, history: Floats, windows: Ints, moments: Floats, weights: Floats, phi: float,
    growth: Floats, constants: Floats,
) -> tuple[float, float]:  # fmt: skip
    """The score of the most surprising window, and its −log10 probability; keeps the score of the
    lower tail in the memory."""
    highest, lowest = 0.0, 0.0
    total, mean = 0.0, 0.0
    age = 0
    for column in range(len(windows)):
        while age < windows[column]:
            total += history[0, age]
            mean += history[1, age]
            age += 1
        widen = busy_part(moments, phi, column) + growth[column]
        highest = max(highest, excess(total, mean, weights, widen))
        lowest = max(lowest, lack(total, mean, weights, widen))
    bar = np.empty(3)
    record = memory[UPPER : UPPER + RECORD_SIZE]
    raise_bar(record, constants, bar)
    score = priced(highest, bar, constants)
    keep(highest, bar, constants, record)
    record = memory[LOWER : LOWER + RECORD_SIZE]
    raise_bar(record, constants, bar)
    memory[SILENCE] = priced(lowest, bar, constants)
    keep(lowest, bar, constants, record)
    return score, highest


@compiled
def _scatter(
    memory: Floats, at: Ints, history: Floats, doubt: Floats, windows: Ints, moments: Floats,
    phi: float, busy: float, growth: Floats, constants: Floats,
) -> None:  # fmt: skip
    """Learn how much the buckets that leave the guard scatter, and the windows that end with them.

    The newest buckets have not taught anything yet: a burst that grows in a sparse series would
    look like clumps, and the limits would run ahead of it.
    """
    likelihood = memory[at[DISPERSION] : at[MOMENTS]]
    memory[UNSCATTERED] += 1.0
    guard = min(constants[SCATTER_GUARD], memory[SEEN] // YOUNG)
    while memory[UNSCATTERED] > guard:
        memory[UNSCATTERED] -= 1.0
        newest = int(memory[UNSCATTERED])
        surprise = doubt[1, newest]
        if surprise == UNTAUGHT:
            continue
        own = doubt[0, newest]
        if surprise < LEARNABLE and history[1, newest] > 1e-6:
            learn_phi(history[0, newest], history[1, newest], own, busy, likelihood)
        total, mean = 0.0, 0.0
        age = 0
        for column in range(len(windows)):
            while age < windows[column]:
                total += history[0, newest + age]
                mean += history[1, newest + age]
                age += 1
            wide = own * growth[column] / growth[0]
            learn_busy(total, mean, wide, phi, windows[column], column, moments, constants)


@compiled
def _remember(
    memory: Floats, at: Ints, basis: Floats, drift: Floats, constants: Floats, count: float,
    lesson: float, phi: float, busy: float, row: Floats, direction: Floats,
) -> None:  # fmt: skip
    """Queue the bucket, learn what leaves the guard, and go on to the next position.

    The newest buckets have not taught anything yet, so that an emerging burst cannot hide itself.
    A young series has a smaller guard.
    """
    mean = memory[at[MEAN] : at[COV]]
    cov = memory[at[COV] : at[QUEUE]]
    queue = memory[at[QUEUE] : at[HISTORY]].reshape(2, -1)
    _push(queue, count, lesson)
    memory[SEEN] += lesson > 0.0
    memory[AHEAD] += 1.0
    guard = min(constants[GUARD], memory[SEEN] // 3.0)
    while memory[AHEAD] > guard:
        age = int(memory[AHEAD]) - 1
        evolve(mean, cov, drift, constants)
        if queue[1, age] > 0.0:
            fill_row(row, basis, constants, memory[POSITION] - age)
            learn(
                queue[0, age], queue[1, age], phi, busy, row, mean, cov, direction, constants,
                memory,
            )  # fmt: skip
        memory[AHEAD] -= 1.0
    memory[POSITION] += 1.0
