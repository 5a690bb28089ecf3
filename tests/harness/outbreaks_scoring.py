"""From scores to figures: false alarms, bursts found and how late, told alike for everybody.

An **alert** is an alarm with no other alert within the longest window before it (2 weeks, 7 days,
32 hours, 64 quarters of an hour): what flutters about the limit is one alert, and what stays above
it for ever is one alert each longest window, as a desk that is reminded would count. A **false
alarm** is an alert in a quiet bucket (`Simulated.quiet`: judged, and neither in a burst nor within
the longest window after one); outages are quiet. A burst is **found** if a bucket of it, from first
to last, is an alarm, and **found early** if one of its first three is.

Detectors are compared at **equal false alarms**: each gets, for each group of series, the lowest
limit at which its false alarms a year, over the group together, are at most what is allowed. So a
detector whose scores mean something else in every series pays for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from harness.outbreaks import LONGEST_WINDOW, Bools, Floats, Simulated

EARLY = 3  # buckets
LATE_PERCENTILE = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """What a detector did on a group of series at one limit."""

    limit: float
    false_alarms_a_year: float
    found: float  # share of bursts
    found_early: float
    delay: float  # median buckets from a found burst's start to its first alarm; nan if none
    alerts: int  # bursts found and false alarms
    false_alerts: int
    in_outages: float  # share of outage buckets that are alarms


def onsets(alarms: Bools, gap: int) -> Bools:
    """Alarms that no other alarm preceded by `gap` buckets or less: the beginnings of runs."""
    at = np.flatnonzero(alarms)
    first = np.ones(len(at), dtype=bool)
    first[1:] = np.diff(at) > gap
    marked = np.zeros(len(alarms), dtype=bool)
    marked[at[first]] = True
    return marked


def alerts(alarms: Bools, gap: int) -> Bools:
    """Alarms that no alert preceded by `gap` buckets or less: what a desk is told."""
    marked = np.zeros(len(alarms), dtype=bool)
    last = -gap - 1
    for at in np.flatnonzero(alarms).tolist():
        if at - last > gap:
            marked[at] = True
            last = at
    return marked


def false_alarms(series: Simulated, scores: Floats, limit: float) -> int:
    """Alerts in quiet buckets."""
    return int((alerts(scores >= limit, LONGEST_WINDOW[series.bucket]) & series.quiet).sum())


def limit_for(group: Sequence[Simulated], scores: Sequence[Floats], a_year: float) -> float:
    """The lowest limit with at most `a_year` false alarms a quiet year, over the group together."""
    allowed = a_year * sum(series.quiet_years for series in group)
    values = np.concatenate([s[x.quiet] for x, s in zip(group, scores, strict=True)])
    candidates = np.unique(values[values > np.quantile(values, 0.5)])
    low, high = 0, len(candidates)  # at `high` there are few enough
    while high - low > 1:
        middle = (low + high) // 2
        limit = float(candidates[middle])
        got = sum(false_alarms(x, s, limit) for x, s in zip(group, scores, strict=True))
        low, high = (low, middle) if got <= allowed else (middle, high)
    return float(candidates[high]) if high < len(candidates) else float(values.max()) + 1e-9


def figures(group: Sequence[Simulated], scores: Sequence[Floats], limit: float) -> Figures:
    """What alarms at `limit` amount to."""
    delays: list[float] = []
    bursts = wrong = right = outage = in_outage = 0
    for series, values in zip(group, scores, strict=True):
        alarms = (values >= limit) & series.judged
        wrong += false_alarms(series, values, limit)
        outage += int((series.outage & series.judged).sum())
        in_outage += int((alarms & series.outage & series.quiet).sum())
        for burst in series.bursts:
            bursts += 1
            hits = np.flatnonzero(alarms[burst.start : burst.end + 1])
            if len(hits):
                right += 1
                delays.append(float(hits[0]))
    years = sum(series.quiet_years for series in group)
    late = np.array(delays)
    return Figures(
        limit=limit,
        false_alarms_a_year=wrong / years,
        found=right / max(bursts, 1),
        found_early=float((late < EARLY).sum()) / max(bursts, 1),
        delay=float(np.percentile(late, LATE_PERCENTILE)) if delays else float("nan"),
        alerts=right + wrong,
        false_alerts=wrong,
        in_outages=in_outage / max(outage, 1),
    )
