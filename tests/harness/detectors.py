"""The detectors that people use, beside ours, behind one call each, written anew from the papers.

    DETECTORS[name](counts, bucket, exposure, since) -> one score a bucket, higher is stranger

No score reads a bucket after its own; before `since` none is asked for. Each gets what its authors
give it, and a little more: what was not observed (exposure 0) is left out of every mean and never
scores, and where the paper knows a population, exposure is it. Windows that papers state in days
are days here, whatever the bucket.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from harness.detectors_charts import cusum, ewma
from harness.detectors_regression import farrington, seasonal_negative_binomial
from harness.detectors_windows import (
    ears_c1,
    ears_c2,
    ears_c3,
    poisson_limit,
    rolling_z,
    two_window_ratio,
)
from harness.outbreaks import Floats, Ints, Simulated

from alerts.baseline import detect

Detector = Callable[[Ints, str, Floats | None, int], Floats]


def ours(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """`alerts.baseline.detect`."""
    return detect(counts, bucket, exposure)


OURS = "dyadwatch"
DETECTORS: dict[str, Detector] = {
    OURS: ours,
    "EARS C1": ears_c1,
    "EARS C2": ears_c2,
    "EARS C3": ears_c3,
    "Farrington": farrington,
    "rolling z-score": rolling_z,
    "two-window ratio": two_window_ratio,
    "Poisson, 28 days": poisson_limit,
    "seasonal neg. bin.": seasonal_negative_binomial,
    "CUSUM neg. bin.": cusum,
    "EWMA neg. bin.": ewma,
}


def score(name: str, series: Simulated) -> Floats:
    """What the detector of this name says of a series; 0 wherever nothing was observed."""
    since = int(np.argmax(series.judged))
    scores = DETECTORS[name](series.counts, series.bucket, series.exposure, since)
    if series.exposure is not None:
        scores = np.where(series.exposure > 0.0, scores, 0.0)
    return np.nan_to_num(scores, nan=0.0, posinf=300.0, neginf=0.0)
