"""Many buckets and many series at once: the same arithmetic, called seldom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alerts.baseline.layout import offsets
from alerts.baseline.model import Baseline, run
from alerts.baseline.setting import Floats, setting


def detect(counts: npt.ArrayLike, bucket: str, exposure: npt.ArrayLike | None = None) -> Floats:
    """One score for each bucket of `counts`, each from the past alone.

    `counts`: non-negative integers, one a bucket, starting on a Monday at 00:00. `bucket`: week,
    day, hour or 15min. `exposure`: an array of the same length (articles of all topics from
    healthy sources, the topic included: its own count is taken out); 0 where nothing was observed,
    and such a bucket never scores. Raises
    ValueError for an unknown bucket, a negative or missing count, or unequal lengths.
    """
    series = np.asarray(counts, dtype=float)
    if series.ndim != 1:
        raise ValueError(
            f"counts must be a list of numbers, not an array of {series.ndim} dimensions"
        )
    if not (np.isfinite(series) & (series >= 0.0)).all():
        raise ValueError(
            "counts must be finite and at least 0; mark what is unobserved by exposure 0"
        )
    baseline = Baseline(bucket)
    seen = np.ones(len(series)) if exposure is None else np.asarray(exposure, dtype=float)
    if seen.shape != series.shape:
        raise ValueError(f"exposure has {seen.size} buckets, counts have {series.size}")
    if len(series):
        baseline.settle_prior(volumes=exposure is not None)
    seen = _exposed(seen)[None]
    rows = np.ascontiguousarray(series)[None]
    scores: Floats = run(setting(bucket), baseline.memory[None], rows, seen, seen)[0]
    return scores


@dataclass(frozen=True, slots=True)
class Followed:
    """What the past said about each bucket, and how surprising the bucket was."""

    expected: Floats  # 0 where nothing could be said
    uppers: Floats  # the smallest count that reaches the limit; infinite without one
    scores: Floats


def follow(baseline: Baseline, counts: Floats, exposures: Floats, limit: float) -> Followed:
    """`peek` and `update` for each bucket in turn: quicker by far than from Python."""
    from alerts.baseline.kernel import follow as compiled_follow

    size, length = setting(baseline.bucket), len(counts)
    said = Followed(np.empty(length), np.empty(length), np.empty(length))
    compiled_follow(
        baseline.memory, offsets(size), size.basis, size.averages, size.drift, size.lengths,
        size.constants, np.ascontiguousarray(counts, dtype=float),
        _exposed(np.asarray(exposures, dtype=float)), float(limit),
        said.expected, said.uppers, said.scores,
    )  # fmt: skip
    return said


def update_all(
    baselines: Sequence[Baseline],
    counts: Sequence[npt.ArrayLike],
    exposures: Sequence[npt.ArrayLike],
    lessons: Sequence[npt.ArrayLike] | None = None,
) -> None:
    """The same as `update` for each of them with each of its counts, with one call for those of
    one bucket size and one length.

    `counts` and `exposures` hold an array of consecutive buckets for each baseline. Exposures are
    taken as shares: for volumes, give the first bucket to `update`. `lessons` are exposures to
    learn from where they differ: with 0 a bucket is compared and teaches nothing.
    """
    taught = exposures if lessons is None else lessons
    groups: dict[tuple[str, int], list[int]] = {}
    for position, (baseline, column) in enumerate(zip(baselines, counts, strict=True)):
        groups.setdefault((baseline.bucket, len(np.atleast_1d(column))), []).append(position)
    for (bucket, buckets), members in groups.items():
        shape = (len(members), buckets)
        arrays = [
            np.array([columns[i] for i in members], dtype=float).reshape(shape)
            for columns in (counts, exposures, taught)
        ]
        arrays[1] = _exposed(arrays[1])
        memories = np.stack([baselines[i].memory for i in members])
        run(setting(bucket), memories, *arrays)
        for row, i in enumerate(members):
            baselines[i].settle_prior(volumes=False)
            baselines[i].memory[:] = memories[row]


def _exposed(exposure: Floats) -> Floats:
    """Not negative, and 0 where it is not a number."""
    return np.where(np.isfinite(exposure) & (exposure > 0.0), exposure, 0.0)
