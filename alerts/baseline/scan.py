"""Over many buckets at once: how surprising each was, in the windows that somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from alerts.baseline.compiled import compiled
from alerts.baseline.kernel import _step, look
from alerts.baseline.layout import COV, DISPERSION, HISTORY, MEAN, MOMENTS, offsets
from alerts.baseline.model import Baseline
from alerts.baseline.record import priced
from alerts.baseline.setting import Floats, Ints, setting
from alerts.baseline.surprise import excess


def scan(
    baseline: Baseline,
    seen: npt.ArrayLike,
    learned: npt.ArrayLike,
    exposures: npt.ArrayLike,
    lessons: npt.ArrayLike,
    windows: Sequence[int],
) -> Floats:
    """Take consecutive buckets in; returns the highest score of each in any of the windows.

    `seen` is what a bucket held when it was looked at, `learned` what it taught in the end.
    """
    size = setting(baseline.bucket)
    now = np.ascontiguousarray(seen, dtype=float)
    taught = np.ascontiguousarray(learned, dtype=float)
    compared = np.ascontiguousarray(exposures, dtype=float)
    lesson = np.ascontiguousarray(lessons, dtype=float)
    scores = np.zeros(len(now))
    _scan(
        baseline.memory, offsets(size), size.basis, size.averages, size.drift, size.lengths,
        size.constants, now, taught, compared, lesson,
        np.array(sorted(windows), dtype=np.int64), scores,
    )  # fmt: skip
    baseline.settle_prior(volumes=False)
    return scores


@compiled
def _scan(
    memory: Floats, at: Ints, basis: Floats, averages: Floats, drift: Floats, lengths: Ints,
    constants: Floats, seen: Floats, learned: Floats, exposures: Floats, lessons: Floats,
    windows: Ints, scores: Floats,
) -> None:  # fmt: skip
    size = at[COV] - at[MEAN]
    row, direction = np.empty(size), np.empty(size)
    weights = np.empty(at[MOMENTS] - at[DISPERSION])
    growth, busy, bars = np.empty(len(lengths)), np.empty(len(lengths)), np.empty((2, 3))
    for t in range(len(seen)):
        mean = look(
            memory, at, basis, averages, constants, exposures[t], weights, growth, busy, bars
        )
        if mean > 0.0:
            history = memory[at[HISTORY] : at[DISPERSION]].reshape(2, -1)
            total, expected, age, column = seen[t], mean, 0, 0
            for window in windows:
                while age < window - 1:
                    total += history[0, age]
                    expected += history[1, age]
                    age += 1
                while column + 1 < len(lengths) and lengths[column + 1] <= window:
                    column += 1
                widen = busy[column] + growth[column]
                raw = excess(total, max(expected, 1e-6), weights, widen)
                scores[t] = max(scores[t], priced(raw, bars[0], constants))
        _step(
            memory, at, basis, averages, drift, lengths, constants, learned[t], exposures[t],
            lessons[t], row, direction, weights, growth,
        )  # fmt: skip
