"""Has the arithmetic of baselines ready before anybody waits for it.

The first use after an installation compiles it, which takes some half a minute; later ones load it
from disk in about one. In a task that would be time of the task, which has an end; and processes
that start together would each compile for themselves.

    python -m worker.warming     compiles, as `make` does after an installation
"""

import numpy as np

from alerts.baseline import Baseline, detect, update_all


def warm_baselines() -> None:
    """Use everything that an evaluation uses, once, on a series of nothing."""
    quiet = np.zeros(4)
    heard = np.ones(4)
    baseline = Baseline("hour", shares=True)
    update_all([baseline], [quiet], [heard], [heard])
    outlook = baseline.copy().peek(1.0)
    for limit in (1.0, 4.0):
        outlook.upper(1, limit)
        outlook.lower(1, limit)
    outlook.probability(1, 3)
    outlook.probability_below(1, 0)
    outlook.score(1, 3)
    outlook.silence(1, 0)
    outlook.usual(1)


def warm_desk() -> None:
    """Use what `detect` and `backtest` use besides."""
    from alerts.baseline.scan import Ahead, scan

    quiet, heard = np.zeros(8), np.ones(8)
    detect(quiet, "hour", heard)
    ahead = Ahead(quiet, quiet, quiet, quiet, heard, heard, heard > 0.0)
    scan(Baseline("hour", shares=True), ahead, [1, 6], 8, 4)


if __name__ == "__main__":
    warm_baselines()
    warm_desk()
