"""Over many buckets at once: how surprising each was, in the windows that somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alerts.baseline.compiled import compiled
from alerts.baseline.kernel import _step, look
from alerts.baseline.layout import COV, DISPERSION, HISTORY, MEAN, MOMENTS, UPPER, offsets
from alerts.baseline.model import Baseline
from alerts.baseline.record import DAMPED, SHIFT, STEEPNESS, priced, raise_bar
from alerts.baseline.setting import RECORD_SIZE, Floats, Ints, setting
from alerts.baseline.surprise import excess

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Consecutive buckets, as columns of the same length.

    `sure` says that every bucket before was seen from this one as it was learned in the end. Where
    that is not so, an earlier one held between `timely` and `most`, and this one at most `most`.
    """

    seen: Floats  # what the bucket held when it was looked at
    timely: Floats  # what had come by its end
    most: Floats  # the most that anybody can have seen in it
    learned: Floats  # what it taught in the end
    exposures: Floats
    lessons: Floats
    sure: Bools


def scan(
    baseline: Baseline, ahead: Ahead, windows: Sequence[int], back: int, done: int
) -> tuple[Floats, Baseline]:
    """The highest score of each bucket in any of the windows, and the baseline that has learned
    the first `done` of them.

    Where a bucket is not `sure`, the score is an upper bound, up to a little: the most that the
    windows can have held over the least that can have been expected. `back` is how many buckets
    may still change; the bar is the lowest of any moment among them.
    """
    size = setting(baseline.bucket)
    after = baseline.copy()
    after.settle_prior(volumes=False)
    memory, scores = after.memory.copy(), np.zeros(len(ahead.seen))
    _scan(
        memory, memory.copy(), after.memory, offsets(size), size.basis, size.averages, size.drift,
        size.lengths, size.constants, ahead.seen, ahead.timely, ahead.most, ahead.learned,
        ahead.exposures, ahead.lessons, ahead.sure, np.array(sorted(windows), dtype=np.int64),
        back, done, scores,
    )  # fmt: skip
    return scores, after


@compiled
def _scan(
    memory: Floats, least: Floats, after: Floats, at: Ints, basis: Floats, averages: Floats,
    drift: Floats, lengths: Ints, constants: Floats, seen: Floats, timely: Floats, most: Floats,
    learned: Floats, exposures: Floats, lessons: Floats, sure: Bools, windows: Ints, back: int,
    done: int, scores: Floats,
) -> None:  # fmt: skip
    """`least` is the memory of whoever has learned no more than what was timely, since the last
    bucket that was sure."""
    size = at[COV] - at[MEAN]
    row, direction = np.empty(size), np.empty(size)
    weights = np.empty(at[MOMENTS] - at[DISPERSION])
    growth, busy, bars = np.empty(len(lengths)), np.empty(len(lengths)), np.empty((2, 3))
    recent, bar = np.empty((back + 1, 3)), np.empty(3)
    for t in range(len(seen)):
        if t == done:
            after[:] = memory
        raise_bar(memory[UPPER : UPPER + RECORD_SIZE], constants, recent[t % (back + 1)])
        _lowest(recent[: min(t, back) + 1], bar)
        current = memory if sure[t] else least
        mean = look(
            current, at, basis, averages, constants, exposures[t], weights, growth, busy, bars
        )
        if mean > 0.0:
            held = memory[at[HISTORY] : at[DISPERSION]].reshape(2, -1)
            expecting = current[at[HISTORY] : at[DISPERSION]].reshape(2, -1)
            total, expected, age, column = seen[t] if sure[t] else most[t], mean, 0, 0
            for window in windows:
                while age < window - 1:
                    total += held[0, age]
                    expected += expecting[1, age]
                    if not sure[t] and age < back and t - 1 - age >= 0:
                        total += most[t - 1 - age] - learned[t - 1 - age]
                    age += 1
                while column + 1 < len(lengths) and lengths[column + 1] <= window:
                    column += 1
                widen = busy[column] + growth[column]
                raw = excess(total, max(expected, 1e-6), weights, widen)
                scores[t] = max(scores[t], priced(raw, bar, constants))
        if t + 1 < len(seen) and not sure[t + 1]:
            if sure[t]:
                least[:] = memory
            _step(
                least, at, basis, averages, drift, lengths, constants, timely[t], exposures[t],
                max(lessons[t], 1.0) if lessons[t] > 0.0 else 0.0, row, direction, weights, growth,
            )  # fmt: skip
        _step(
            memory, at, basis, averages, drift, lengths, constants, learned[t], exposures[t],
            lessons[t], row, direction, weights, growth,
        )  # fmt: skip


@compiled
def _lowest(recent: Floats, bar: Floats) -> None:
    """Fill in a bar that none of these is below."""
    bar[:] = recent[0]
    for one in recent[1:]:
        bar[DAMPED] = min(bar[DAMPED], one[DAMPED])
        bar[STEEPNESS] = max(bar[STEEPNESS], one[STEEPNESS])
        bar[SHIFT] = min(bar[SHIFT], one[SHIFT])
