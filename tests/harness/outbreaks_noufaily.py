"""The 42 scenarios of Noufaily et al. 2013, "An improved algorithm for outbreak detection in
multiple surveillance systems", Statistics in Medicine 32, by week as published, and by day.

    log mean = theta + beta · t + sum over j ≤ m of gamma1 · cos(2πjt/52) + gamma2 · sin(2πjt/52)
    count    ~ negative binomial with variance phi · mean (Poisson where phi is 1)

Seven sets of parameters, each with and without trend and with no, one or two annual harmonics.
624 weeks: 312 to learn from, then 263 with four past outbreaks, then 49 with the one that is to be
found. An outbreak has Poisson(k standard deviations) cases, spread in time by a lognormal
distribution (0, 0.5). By day the same means hold for a day, a trend of seven days is that of a
week, and Saturday and Sunday are quieter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from harness.outbreaks import Floats, Ints, Outbreak, Simulated

# theta, beta of those with a trend, gamma1, gamma2, phi
PARAMETERS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
WEEKS, LEARNING, CURRENT = 624, 312, 49
PAST_OUTBREAKS = 4
PAST_SIZES = (2.0, 3.0, 5.0, 10.0)
SIZES = tuple(range(2, 11))
# By day: so many days, of which the last are judged.
DAYS, DAYS_LEARNED, DAYS_JUDGED = 728, 364, 182
WEEKEND = 0.65  # of a working day's mean


@dataclass(frozen=True, slots=True)
class Scenario:
    """One line of the table: numbers 1 to 42."""

    number: int
    theta: float
    beta: float
    gamma1: float
    gamma2: float
    phi: float
    harmonics: int

    def mean(self, week: Floats) -> Floats:
        """The expected count at these weeks."""
        log_mean = self.theta + self.beta * week
        for j in range(1, self.harmonics + 1):
            angle = 2.0 * np.pi * j * week / 52.0
            log_mean = log_mean + self.gamma1 * np.cos(angle) + self.gamma2 * np.sin(angle)
        return np.exp(log_mean)


SCENARIOS = tuple(
    Scenario(number, theta, beta * trend, gamma1, gamma2, phi, harmonics)
    for number, ((theta, beta, gamma1, gamma2, phi), trend, harmonics) in enumerate(
        product(PARAMETERS, (0, 1), (0, 1, 2)), start=1
    )
)


def scenarios(
    bucket: str, seed: int, repeats: int = 1, limit: int | None = None, bursts: bool = True
) -> list[Simulated]:
    """`repeats` series of every scenario, by week or day; the first `limit` of them.

    Without `bursts` nothing is to be found: the past outbreaks stay, and all that follows the
    time for learning is judged, save them.
    """
    make = _weekly if bucket == "week" else _daily
    pairs = list(product(SCENARIOS, range(repeats)))[:limit]
    return [
        make(scenario, np.random.default_rng([seed, scenario.number, repeat]), bursts)
        for scenario, repeat in pairs
    ]


def _weekly(scenario: Scenario, rng: np.random.Generator, bursts: bool) -> Simulated:
    mean = scenario.mean(np.arange(1.0, WEEKS + 1))
    now = WEEKS - CURRENT
    past = [(int(rng.integers(LEARNING, now - 8)), k) for k in rng.choice(PAST_SIZES, 4)]
    current = [(int(rng.integers(now, WEEKS - 4)), float(rng.choice(SIZES)))] if bursts else []
    judged = now if bursts else LEARNING
    return _with_outbreaks(scenario, "week", mean, rng, judged, past, current)


def _daily(scenario: Scenario, rng: np.random.Generator, bursts: bool) -> Simulated:
    day = np.arange(float(DAYS))
    mean = scenario.mean((day + 7.0 * LEARNING) / 7.0)
    mean = mean * np.where(day % 7 >= 5, WEEKEND, 1.0)
    now = DAYS - DAYS_JUDGED
    past = [(int(rng.integers(40, now - 10)), k) for k in rng.choice(PAST_SIZES, PAST_OUTBREAKS)]
    current = []
    if bursts:
        third = DAYS_JUDGED // 3
        current = [
            (now + n * third + int(rng.integers(10, third - 12)), float(rng.choice(SIZES)))
            for n in range(3)
        ]
    return _with_outbreaks(scenario, "day", mean, rng, now, past, current)


def _with_outbreaks(
    scenario: Scenario, bucket: str, mean: Floats, rng: np.random.Generator, judged: int,
    past: list[tuple[int, float]], current: list[tuple[int, float]],
) -> Simulated:  # fmt: skip
    counts = drawn(mean, scenario.phi, rng)
    bursts: list[Outbreak] = []
    old: list[Outbreak] = []
    for start, k in [*past, *current]:
        to_be_found = (start, k) in current
        spread = np.sqrt(scenario.phi * mean[start])
        size = max(int(rng.poisson(k * spread)), 2 if to_be_found else 0)
        if size == 0:
            continue
        later = np.floor(rng.lognormal(0.0, 0.5, size)).astype(int)
        cases = np.minimum(start + later - later.min(), len(mean) - 1)
        np.add.at(counts, cases, 1)
        (bursts if to_be_found else old).append(Outbreak(start, int(cases.max()), size))
    return Simulated(
        design=f"scenario {scenario.number}",
        bucket=bucket,
        counts=counts,
        exposure=None,
        mean=mean,
        clump=scenario.phi,
        busy=0.0,
        judged=np.arange(len(mean)) >= judged,
        bursts=tuple(bursts),
        past=tuple(old),
        outage=np.zeros(len(mean), dtype=bool),
    )


def drawn(mean: Floats, phi: float, rng: np.random.Generator) -> Ints:
    """Counts of these means with a variance of phi times the mean."""
    if phi <= 1.0:
        return rng.poisson(mean).astype(np.int64)
    return rng.negative_binomial(mean / (phi - 1.0), 1.0 / phi).astype(np.int64)
