"""What people set up instead of a baseline, on classified articles: three rules of thumb.

Each looks once an hour at how many articles with a harmful measure (escalatory, severity 2 and
above) were fetched, and compares with the seven days before. What it says within a day of its last
alert is the same alert, which is kind: nobody counts it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from harness.ninety_days import ANNIVERSARY, CRISES, CRISIS_DAYS, DAYS, FLOOD, OUTAGE, PEAKS, START

from worker.classify import Classifier

Floats = npt.NDArray[np.float64]

WEEK = 168
QUIET = timedelta(hours=24)
LASTS = timedelta(hours=36)  # what an alert about a peak, the flood or the anniversary is told by


def harmful(records: Sequence[Mapping[str, str]], classifier: Classifier) -> Floats:
    """Articles with a harmful measure in each hour of the ninety days, by their fetching."""
    counts = np.zeros(24 * DAYS)
    for record in records:
        said = classifier.classify({"title": record["title"], "text": record["text"]})
        if said.relevant and said.direction == "escalatory" and said.severity >= 2:
            fetched = datetime.fromisoformat(record["fetched"])
            hour = int((fetched - START) / timedelta(hours=1))
            if hour < len(counts):
                counts[hour] += 1
    return counts


def ratio_of_two_windows(counts: Floats) -> npt.NDArray[np.bool_]:
    """Two hours hold more than three times what they do on average over a week."""
    now, mean = _two_hours(counts), _mean_before(_two_hours(counts), 2)
    return (now > 3.0 * mean) & (now > 0)


def mean_and_three_sigma(counts: Floats) -> npt.NDArray[np.bool_]:
    """An hour holds more than the mean of a week of hours and three standard deviations."""
    mean = _mean_before(counts, 1)
    spread = np.sqrt(np.maximum(_mean_before(counts * counts, 1) - mean * mean, 0.0))
    return np.asarray(counts > mean + 3.0 * spread)


def five_and_three_times(counts: Floats) -> npt.NDArray[np.bool_]:
    """At least five articles in two hours, and more than three times the mean."""
    return ratio_of_two_windows(counts) & (_two_hours(counts) >= 5)


RIVALS: dict[str, Callable[[Floats], npt.NDArray[np.bool_]]] = {
    "two-window ratio": ratio_of_two_windows,
    "mean + 3 sigma": mean_and_three_sigma,
    ">= 5 in 2 h and > 3 x mean": five_and_three_times,
}


def alerts(alarms: npt.NDArray[np.bool_]) -> list[datetime]:
    """When each alert was given: the end of the hour that raised it. The first week teaches."""
    times: list[datetime] = []
    last = START - QUIET
    for hour in np.flatnonzero(alarms[WEEK:]) + WEEK:
        moment = START + timedelta(hours=int(hour) + 1)
        if moment - last > QUIET:
            times.append(moment)
        last = moment
    return times


@dataclass(frozen=True, slots=True)
class Outcome:
    """What alerts amount to: crises found with the hours that it took, false alerts by cause."""

    hours: Mapping[str, float]
    false: Mapping[str, int]

    @property
    def found(self) -> int:
        return len(self.hours)

    @property
    def wrong(self) -> int:
        return sum(self.false.values())


def judged(times: Sequence[datetime]) -> Outcome:
    """An alert is right from the first article of a crisis to the end of its third day."""
    hours: dict[str, float] = {}
    false: dict[str, int] = {}
    for moment in sorted(times):
        crisis = next((c for c in CRISES if c.begins <= moment < _over(c.begins)), None)
        if crisis is not None:
            hours.setdefault(crisis.subject, (moment - crisis.begins) / timedelta(hours=1))
        else:
            false[cause(moment)] = false.get(cause(moment), 0) + 1
    return Outcome(hours, false)


def cause(moment: datetime) -> str:
    """What a false alert at this moment is about."""
    spans = [
        *((peak.subject, peak.begins, peak.begins + LASTS) for peak in PEAKS),
        ("anniversary", ANNIVERSARY.begins, ANNIVERSARY.begins + LASTS),
        ("outage", OUTAGE[0], OUTAGE[1] + timedelta(hours=6)),
        ("flood", FLOOD, FLOOD + LASTS),
        *((f"after {c.subject}", _over(c.begins), _over(c.begins) + 2 * LASTS) for c in CRISES),
    ]
    return next((name for name, begin, end in spans if begin <= moment < end), "nothing")


def _over(begins: datetime) -> datetime:
    midnight = begins.replace(hour=0, minute=0)
    return midnight + timedelta(days=CRISIS_DAYS)


def _two_hours(counts: Floats) -> Floats:
    return np.convolve(counts, np.ones(2))[: len(counts)]


def _mean_before(values: Floats, gap: int) -> Floats:
    """The mean of the week that ended `gap` hours before the end of each hour."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    last = np.maximum(np.arange(len(values)) + 1 - gap, 0)
    first = np.maximum(last - WEEK, 0)
    return np.asarray((total[last] - total[first]) / np.maximum(last - first, 1))
