"""Expected counts and upper-tail probabilities of a series, from its own past alone.

    detect(counts, bucket, exposure=None)   one score a bucket
    Baseline(bucket).update(count)          the same, one bucket at a time
    Baseline.peek() -> Outlook              expected, upper limit, probability; learns nothing
    threshold(bucket, false_alarms_a_year)  the score at which to alarm

A score is −log10 of a probability: 3 says "one bucket in a thousand of a quiet series". The model
is in `bank`, what it assumes of each bucket size in `setting`, the promise in `limit`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from alerts.baseline.limit import threshold
from alerts.baseline.model import Baseline, Outlook, bucket_step, update_all

__all__ = ["Baseline", "Outlook", "bucket_step", "detect", "threshold", "update_all"]


def detect(
    counts: npt.ArrayLike, bucket: str, exposure: npt.ArrayLike | None = None
) -> npt.NDArray[np.float64]:
    """One score for each bucket of `counts`, each from the past alone.

    `counts`: non-negative integers, one a bucket, starting on a Monday at 00:00. `bucket`: week,
    day, hour or 15min. `exposure`: an array of the same length (articles of all topics from
    healthy sources); 0 where nothing was observed, and such a bucket never scores. Raises
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
    if exposure is None:
        return np.array([baseline.update(count) for count in series.tolist()])
    seen = np.asarray(exposure, dtype=float)
    if seen.shape != series.shape:
        raise ValueError(f"exposure has {seen.size} buckets, counts have {series.size}")
    pairs = zip(series.tolist(), seen.tolist(), strict=True)
    return np.array([baseline.update(count, share) for count, share in pairs])
