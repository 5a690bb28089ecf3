"""What a series' own scores have been like, and how high its bar is because of it.

Three things are remembered of each tail, all of them decayed: the highest −log10 probability; how
often the score rose above LEVEL (an onset: nothing above it in the longest window before); how far
it rose then. A series that jumps higher or more often than quiet ones do has to jump higher; one
that does so less often, such as a sparse one whose probabilities are few and far between, less
high. Each rise counts with a limit, and a prior stands for ONSETS_BEFORE rises: a real outbreak
is one onset among many.
"""

from __future__ import annotations

import math

from alerts.baseline.compiled import compiled
from alerts.baseline.setting import (
    DAMPING,
    LONGEST,
    LOOKS,
    ONSET_RATE,
    RECORD_DECAY,
    RECORD_SIZE,
    ROLL_DECAY,
    Floats,
)  # fmt: skip

# Places in the record of one tail.
HIGHEST, BUCKETS, ONSETS, RISEN, PEAK, SINCE = range(RECORD_SIZE)
# Places in a bar.
DAMPED, STEEPNESS, SHIFT = range(3)

CALM = 3.0  # a highest −log10 probability that is nothing special
MOST_SHAKEN = 1.0  # beyond it: one great crisis must not hide the next
LEVEL = 1.5  # score
MEAN_RISE = 0.48  # of the scores of quiet series above a level
MOST_RISE = 1.5
ONSETS_BEFORE = 10.0
TRUST = 0.8  # how much of what the record says is believed
STEEPEST = 1.25
MOST_EASED, MOST_RAISED = 0.5, 1.0  # score


@compiled
def raise_bar(record: Floats, constants: Floats, bar: Floats) -> None:
    """Fill in the bar for the next bucket."""
    shaken = min(max(record[HIGHEST] - CALM, 0.0), MOST_SHAKEN)
    bar[DAMPED] = 1.0 + constants[DAMPING] * shaken
    rise = (record[RISEN] + ONSETS_BEFORE * MEAN_RISE) / (record[ONSETS] + ONSETS_BEFORE)
    bar[STEEPNESS] = 1.0 + TRUST * (min(MEAN_RISE / rise, STEEPEST) - 1.0)
    usual = record[BUCKETS] * constants[ONSET_RATE] + ONSETS_BEFORE
    often = math.log10((record[ONSETS] + ONSETS_BEFORE) / usual)
    bar[SHIFT] = TRUST * min(max(often, -MOST_EASED), MOST_RAISED)


@compiled
def plain_score(raw: float, bar: Floats, constants: Floats) -> float:
    """The score of a −log10 probability, damped and less the price of looking at many windows."""
    score: float = max(raw / bar[DAMPED] - math.log10(constants[LOOKS]), 0.0)
    return score


@compiled
def priced(raw: float, bar: Floats, constants: Floats) -> float:
    """The score of a −log10 probability, with all that the own record says."""
    score = plain_score(raw, bar, constants)
    if score <= 0.0:
        return 0.0
    if score > LEVEL:
        score = LEVEL + (score - LEVEL) * bar[STEEPNESS]
    final: float = max(score - bar[SHIFT], 0.0)
    return final


@compiled
def keep(raw: float, bar: Floats, constants: Floats, record: Floats) -> None:
    """Move the record by one observed bucket."""
    record[HIGHEST] = max(record[HIGHEST] * constants[RECORD_DECAY], raw)
    record[BUCKETS] = record[BUCKETS] * constants[ROLL_DECAY] + 1.0
    record[ONSETS] *= constants[ROLL_DECAY]
    record[RISEN] *= constants[ROLL_DECAY]
    record[SINCE] += 1.0
    rise = min(plain_score(raw, bar, constants) - LEVEL, MOST_RISE)
    if rise <= 0.0:
        return
    if record[SINCE] > constants[LONGEST] or record[ONSETS] == 0.0:
        record[ONSETS] += 1.0
        record[PEAK] = 0.0
    if rise > record[PEAK]:
        record[RISEN] += rise - record[PEAK]
        record[PEAK] = rise
    record[SINCE] = 0.0
