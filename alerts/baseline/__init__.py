"""Expected counts and tail probabilities of a series, from its own past alone.

    detect(counts, bucket, exposure=None)   one score a bucket
    Baseline(bucket).update(count)          the same, one bucket at a time
    Baseline.silence                        the score of the lower tail at the last bucket
    Baseline.peek() -> Outlook              expected, limits, probabilities; learns nothing
    threshold(bucket, false_alarms_a_year)  the score at which to alarm

A score is −log10 of a probability: 3 says "one bucket in a thousand of a quiet series". What is
assumed of each bucket size is in `setting`, the promise in `limit`. The arithmetic is compiled:
`kernel` goes from bucket to bucket, `expectation` is the mean, `exposed` what an exposure says of
it, `dispersion` the scatter, `tail` the probabilities, `surprise` the scores; `layout` says where
a series keeps what it remembers. Nothing of it is loaded before the first bucket.
"""

from __future__ import annotations

from alerts.baseline.bulk import Followed, detect, follow, update_all
from alerts.baseline.limit import DEFAULT_FALSE_ALARMS, threshold
from alerts.baseline.model import Baseline, bucket_step
from alerts.baseline.outlook import Outlook

__all__ = [
    "DEFAULT_FALSE_ALARMS",
    "Baseline",
    "Followed",
    "Outlook",
    "bucket_step",
    "detect",
    "follow",
    "threshold",
    "update_all",
]
