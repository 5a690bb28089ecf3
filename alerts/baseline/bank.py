"""Many baselines of one bucket size that move in step: the arithmetic, vectorised over series.

Model (West, Harrison and Migon 1985, "Dynamic Generalized Linear Models and Bayesian Forecasting",
JASA 80; the count distribution after Noufaily et al. 2013, Statistics in Medicine 32):

    log mean = log exposure + level + calendar + fast AR(1) component
    count    ~ negative binomial, variance = phi · mean + tau · mean²

The coefficients have a Gaussian state. A bucket is learned by one step along its basis row; the
mode of that one-dimensional posterior is closed: x + k·exp(x) = a has the solution
x = a − ω(a + log k) with the Wright omega function. `phi` has a posterior over a grid (reprints
come in clumps), `tau` is a decayed moment for each window length (busy days). Surprising buckets
teach less, unless the surprise persists; the newest `guard` buckets have not taught anything yet,
so that an emerging burst cannot hide itself.

Everything is constant in time and memory for each bucket. Nothing reads a bucket after its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from scipy.special import wrightomega

from alerts.baseline.setting import VOLUME_SHRINKAGE, Bools, Floats, Setting
from alerts.baseline.tail import SMALLEST, log_likelihood, upper_tail

# Dispersion grid (variance over mean of one bucket) and its prior.
PHI = np.array([1.02, 1.3, 1.7, 2.3, 3.2, 5.0, 9.0, 20.0, 60.0])
LOG_PRIOR = np.log(np.array([0.14, 0.30, 0.26, 0.16, 0.08, 0.04, 0.015, 0.004, 0.001]))
NEGLIGIBLE = 1e-6  # weight of a dispersion that a tail is computed without
FORGET = 0.9995  # of the dispersion's likelihood, a bucket
MOST_UNCERTAIN = 2.0  # variance of a log mean that limits are still widened by
LARGEST_LOG = 25.0
LEARNABLE_SCORE = 6.0  # buckets above it teach nothing about dispersion
MOST_DOUBT = 0.65  # relative variance of the mean, beyond which empty buckets say nothing of phi
MOST_BUSY = 0.1  # largest tau
CALM_RECORD = 3.0  # a highest score that is nothing special
MOST_RECORD = 1.0  # beyond it: one great crisis must not hide the next
CALM_PUSH = 0.8  # average surprise (sd) above which an excess counts as persistent


@dataclass(slots=True)
class BankState:
    """The memory of S series: arrays whose first axis is the series."""

    mean: Floats  # (S, P) coefficients
    cov: Floats  # (S, P, P)
    queue: Floats  # (S, 2, guard + 1) counts and exposures not learned yet, newest first
    history: Floats  # (S, 2, longest window) counts and expectations, newest first
    dispersion: Floats  # (S, G) log-likelihood of each phi
    moments: Floats  # (S, 3, W) sums of w·M³, w·M⁴, w·d²·M²
    push: Floats  # (S,) running mean of the standardised residual
    record: Floats  # (S,) the series' own highest score, decayed
    seen: Floats  # (S,) observed buckets
    slot: int  # of the next bucket, in the season

    def arrays(self) -> list[Floats]:
        """Every array, in the order of the fields."""
        return [getattr(self, name) for name in ARRAYS]

    def copy(self) -> BankState:
        """An independent copy."""
        return _state([array.copy() for array in self.arrays()], self.slot)

    def row(self, series: int) -> BankState:
        """An independent state of one of the series."""
        keep = slice(series, series + 1)
        return _state([array[keep].copy() for array in self.arrays()], self.slot)


def _state(arrays: Sequence[Floats], slot: int) -> BankState:
    mean, cov, queue, history, dispersion, moments, push, record, seen = arrays
    return BankState(mean, cov, queue, history, dispersion, moments, push, record, seen, slot=slot)


def stack(states: Sequence[BankState]) -> BankState:
    """One state of all these series, which must be at the same slot."""
    columns = zip(*[state.arrays() for state in states], strict=True)
    return _state([np.concatenate(column) for column in columns], states[0].slot)


ARRAYS = tuple(field.name for field in fields(BankState) if field.name != "slot")


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of the next bucket, and what the trailing windows hold before it comes."""

    mean: Floats  # (S,) expected count of the bucket itself
    growth: Floats  # (S, W) relative variance that the unknown mean adds
    past_counts: Floats  # (S, W) each window without its newest bucket
    past_means: Floats  # (S, W)
    weights: Floats  # (S, G) posterior of phi
    phi: Floats  # (S,) its mean
    busy: Floats  # (S, W) tau of each window
    observed: Bools  # (S,)


def newborn(setting: Setting, series: int, slot: int = 0, *, shares: bool = True) -> BankState:
    """The state before the first bucket, which lies at `slot` of the season.

    `shares` says that exposures are shares of healthy sources, not volumes of articles.
    """
    prior = setting.prior_variance.copy()
    if not shares:
        prior[1:-1] *= VOLUME_SHRINKAGE**2
    size, windows = len(prior), len(setting.windows)
    return BankState(
        mean=np.zeros((series, size)),
        cov=np.broadcast_to(np.diag(prior), (series, size, size)).copy(),
        queue=np.zeros((series, 2, setting.guard + 1)),
        history=np.zeros((series, 2, setting.reach)),
        dispersion=np.zeros((series, len(PHI))),
        moments=np.broadcast_to(_prior_moments(windows), (series, 3, windows)).copy(),
        push=np.zeros(series),
        record=np.zeros(series),
        seen=np.zeros(series),
        slot=slot % setting.slots,
    )


class Bank:
    """S baselines of one bucket size, all at the same slot of the season."""

    def __init__(self, setting: Setting, state: BankState) -> None:
        self.setting = setting
        self.state = state
        windows = len(setting.windows)
        self._rows = _window_rows(setting)
        self._sums = _window_matrix(setting.windows, setting.reach)
        self._decay_record = 0.5 ** (1.0 / setting.record_memory)
        self._spill = 1.0 + 0.1 * np.minimum(np.arange(windows), 2)
        self._lengths = np.array(setting.windows, dtype=float)

    # -- looking ahead ---------------------------------------------------------------------

    def forecast(self, exposure: Floats) -> Forecast:
        """What the past says about the next bucket, given its exposure (0: unobserved)."""
        state, setting = self.state, self.setting
        log_mean = state.mean @ setting.basis[state.slot]
        rows = self._rows[state.slot]
        variance = np.minimum(((rows @ state.cov) * rows).sum(axis=2), MOST_UNCERTAIN)
        if setting.fast_decay:
            ahead = setting.fast_decay ** (setting.guard + 1)
            log_mean += state.mean[:, -1] * (ahead - 1.0)
        known = (exposure > 0.0) & (state.mean[:, 0] != 0.0)
        mean = np.exp(np.minimum(log_mean + 0.5 * variance[:, 0], LARGEST_LOG)) * exposure
        growth = np.expm1(variance)
        weights = np.exp(state.dispersion + LOG_PRIOR - state.dispersion.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        phi = weights @ PHI
        past = state.history @ self._sums
        moments = state.moments
        busy = (moments[:, 2] - phi[:, None] * self._spill * moments[:, 0]) / moments[:, 1]
        return Forecast(
            mean=np.where(known, mean, 0.0),
            growth=growth,
            past_counts=past[:, 0],
            past_means=past[:, 1],
            weights=weights,
            phi=phi,
            busy=np.minimum(np.maximum(busy, 0.0), MOST_BUSY),
            observed=known,
        )

    def tails(self, forecast: Forecast, count: Floats) -> Floats:
        """(S, W): upper-tail probability of each window if the bucket holds `count`; 1 where the
        window is not above its expectation, or the bucket is unobserved."""
        counts = forecast.past_counts + count[:, None]
        means = np.maximum(forecast.past_means + forecast.mean[:, None], 1e-6)
        above = (counts > means) & forecast.observed[:, None]
        tail = np.ones(counts.shape)
        rows, columns = np.nonzero(above)
        if len(rows) == 0:
            return tail
        mean = means[rows, columns]
        widen = (forecast.busy + forecast.growth)[rows, columns]
        weights = forecast.weights[rows]
        # Most of the grid is ruled out after some weeks, and tails are the dearest part of a step.
        window, phi = np.nonzero(weights > NEGLIGIBLE)
        ratio = PHI[phi] * self._spill[columns][window] + (widen * mean)[window]
        each = np.zeros(weights.shape)
        each[window, phi] = upper_tail(counts[rows, columns][window], mean[window], ratio)
        tail[rows, columns] = np.maximum((weights * each).sum(axis=1), SMALLEST)
        return tail

    def damping(self) -> Floats:
        """(S,) what a score is divided by: a series that often jumps has to jump higher."""
        excess = np.clip(self.state.record - CALM_RECORD, 0.0, MOST_RECORD)
        damp: Floats = 1.0 + self.setting.damping * excess
        return damp

    # -- moving on -------------------------------------------------------------------------

    def advance(self, count: Floats, exposure: Floats, lesson: Floats | None = None) -> Floats:
        """Take in one bucket of every series; returns the (S, W) scores of its windows.

        `lesson` is the exposure to learn from where that is another one: with 0 the bucket is
        compared and remembered, and teaches nothing.
        """
        lesson = exposure if lesson is None else lesson
        forecast = self.forecast(exposure)
        count = np.where(exposure > 0.0, count, 0.0)
        raw = -np.log10(self.tails(forecast, count))
        scores = np.maximum(raw / self.damping()[:, None] - math.log10(self.setting.looks), 0.0)
        best = raw.max(axis=1)
        self._learn_dispersion(forecast, count, (best < LEARNABLE_SCORE) & (lesson > 0.0))
        state = self.state
        state.record = np.maximum(state.record * self._decay_record, best)
        state.history[:, :, 1:] = state.history[:, :, :-1]
        state.history[:, 0, 0] = np.where(forecast.observed, count, 0.0)
        state.history[:, 1, 0] = forecast.mean
        state.queue[:, :, 1:] = state.queue[:, :, :-1]
        state.queue[:, 0, 0] = count
        state.queue[:, 1, 0] = lesson
        state.seen += lesson > 0.0
        self._learn_mean(forecast.phi, forecast.busy[:, 0])
        state.slot = (state.slot + 1) % self.setting.slots
        return scores

    def _learn_dispersion(self, forecast: Forecast, count: Floats, calm: Bools) -> None:
        state = self.state
        calm = calm & (forecast.mean > 1e-6)
        mean = np.maximum(forecast.mean, 1e-6)[:, None]
        ratio = PHI + (forecast.busy + forecast.growth)[:, :1] * mean
        gain = log_likelihood(count[:, None], mean, ratio, forecast.growth[:, :1] > MOST_DOUBT)
        state.dispersion = np.where(
            calm[:, None], state.dispersion * FORGET + gain, state.dispersion
        )
        state.dispersion -= state.dispersion.max(axis=1, keepdims=True)
        counts = forecast.past_counts + count[:, None]
        means = np.maximum(forecast.past_means + forecast.mean[:, None], 1e-6)
        square = means * means
        unknown = forecast.growth * square
        limit = (3.0 * np.sqrt(forecast.phi[:, None] * means + unknown) + 2.0) ** 2
        surplus = np.maximum(np.minimum((counts - means) ** 2, limit) - unknown, 0.0)
        weight = forecast.observed[:, None] * square / ((means + 0.3) ** 2 * self._lengths)
        state.moments *= 1.0 - forecast.observed[:, None, None] / self.setting.dispersion_memory
        state.moments[:, 0] += weight * means
        state.moments[:, 1] += weight * square
        state.moments[:, 2] += weight * surplus

    def _learn_mean(self, phi: Floats, busy: Floats) -> None:
        """Evolve by one bucket and learn the one that leaves the guard."""
        state, setting = self.state, self.setting
        if setting.fast_decay:
            state.mean[:, -1] *= setting.fast_decay
            state.cov[:, -1, :] *= setting.fast_decay
            state.cov[:, :, -1] *= setting.fast_decay
        size = state.mean.shape[1]
        state.cov.reshape(len(phi), -1)[:, :: size + 1] += setting.drift
        count, exposure = state.queue[:, 0, -1], state.queue[:, 1, -1]
        learned = exposure > 0.0
        if not learned.any():
            return
        row = setting.basis[(state.slot - setting.guard) % setting.slots]
        self._start_level(count, exposure, learned)
        direction = state.cov @ row
        variance = direction @ row
        log_mean = state.mean @ row
        offset = np.log(np.where(learned, exposure, 1.0))
        weight = self._teaching_weight(count, offset + log_mean, variance, phi, busy, learned)
        # The mode of: weight·(count·x − exp(offset + x)) − (x − log_mean)² / (2·variance)
        pull = log_mean + variance * weight * count
        force = np.log(np.maximum(variance * weight, 1e-300)) + offset
        mode = pull - wrightomega(pull + force)
        information = weight * np.exp(np.minimum(offset + mode, LARGEST_LOG))
        shrink = information / (1.0 + variance * information)
        state.mean += direction * ((mode - log_mean) / variance)[:, None]
        scaled = direction * np.sqrt(shrink)[:, None]
        state.cov -= scaled[:, :, None] * scaled[:, None, :]

    def _start_level(self, count: Floats, exposure: Floats, learned: Bools) -> None:
        """The first observed bucket places the level; the wide prior lets the next ones move it."""
        fresh = learned & (self.state.mean[:, 0] == 0.0)
        if fresh.any():
            start = np.log((count + 0.3) / np.where(learned, exposure, 1.0))
            self.state.mean[:, 0] = np.where(fresh, start, self.state.mean[:, 0])

    def _teaching_weight(
        self, count: Floats, log_mean: Floats, variance: Floats, phi: Floats, busy: Floats,
        learned: Bools,
    ) -> Floats:  # fmt: skip
        """How much a bucket may teach: information a unit of mean, less the more it surprises.

        An excess that persists is a new normal: then the limit of surprise is raised.
        """
        state, setting = self.state, self.setting
        variance = np.minimum(variance, MOST_UNCERTAIN)
        mean = np.exp(np.minimum(log_mean + 0.5 * variance, LARGEST_LOG))
        spread = np.sqrt(phi * mean + (np.expm1(variance) + busy) * mean * mean)
        # Anscombe's residual: 2/3 powers make counts nearly symmetric
        residual = 1.5 * (count ** (2.0 / 3.0) * mean ** (1.0 / 3.0) - mean) / spread
        pace = learned / (4.0 * setting.guard + 8.0)
        state.push += (np.clip(residual, -3.0, 3.0) - state.push) * pace
        cut = setting.cut * (1.0 + 5.0 * np.maximum(np.abs(state.push) - CALM_PUSH, 0.0))
        size = np.abs(residual)
        robust = np.where(size <= cut, 1.0, (cut / np.maximum(size, 1e-9)) ** 2)
        weight: Floats = learned * robust / (phi + busy * mean)
        return weight


@lru_cache(maxsize=8)
def _window_rows(setting: Setting) -> Floats:
    """(slots, W, P): the average basis row of each window that ends at the slot.

    A long window averages over the calendar, so that its doubtful parts cancel.
    """
    last = np.arange(setting.slots)[:, None]
    averages = [
        setting.basis[(last - np.arange(length)) % setting.slots].mean(axis=1)
        for length in setting.windows
    ]
    return np.stack(averages, axis=1)


def _window_matrix(windows: tuple[int, ...], reach: int) -> Floats:
    """(reach, W): sums the newest `window − 1` buckets, the past part of each window."""
    age = np.arange(reach)[:, None]
    return (age < np.array(windows)[None, :] - 1).astype(float)


def _prior_moments(windows: int) -> Floats:
    """Pseudo-observations that say: variance = 1.3·M + 0.01·M², a little more in long windows."""
    moments = np.zeros((3, windows))
    for mean in (0.3, 3.0, 30.0):
        weight = 50.0 / 3.0 / (mean + 0.3) ** 2
        variance = 1.3 * (1.0 + 0.03 * np.arange(windows)) * mean + 0.01 * mean**2
        moments += weight * np.array(
            [np.full(windows, mean**3), np.full(windows, mean**4), variance * mean**2]
        )
    return moments
