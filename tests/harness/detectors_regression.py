"""Detectors that model the season: regression on the past, and means of the same time of the week.

Farrington, Andrews, Beale and Catchpole 1996, "A statistical algorithm for the early detection of
outbreaks of infectious disease", Journal of the Royal Statistical Society A 159, with what Noufaily
et al. 2013 made of it: season as levels, past outbreaks weighted down by Anscombe residuals beyond
2.58, the newest weeks left out, a negative-binomial tail.
"""

from __future__ import annotations

import numpy as np
from harness.detectors_oracle import surprise
from harness.outbreaks import Floats, Ints

OUTLYING = 2.58
ITERATIONS = 4
RIDGE = 1e-4
LEAST_MEAN = 1e-3
AT_ONCE = 512  # fits that are made together


def farrington(counts: Ints, bucket: str, exposure: Floats | None, since: int) -> Floats:
    """−log10 of the negative-binomial tail about a quasi-Poisson regression with trend and season,
    fitted anew for every bucket."""
    lags, rows = _DESIGNS[bucket]
    first = max(since, int(lags.min()) + 8)
    scores = np.zeros(len(counts))
    for start in range(first, len(counts), AT_ONCE):
        now = np.arange(start, min(start + AT_ONCE, len(counts)))
        scores[now] = _fitted(counts, exposure, now, lags, rows)
    return scores


def _fitted(
    counts: Ints, exposure: Floats | None, now: Ints, lags: Ints, rows: tuple[Floats, Floats]
) -> Floats:
    """Scores of the buckets `now`; one regression each, all at once."""
    at = now[:, None] - lags[None, :]
    known = at >= 0
    at = np.maximum(at, 0)
    past, today = rows
    levels = past[now % len(past)]  # (fits, lags, coefficients)
    observed = counts[at].astype(float)
    volume = np.ones(at.shape) if exposure is None else exposure[at]
    share = np.ones(len(now)) if exposure is None else exposure[now]
    usual = np.maximum(volume.mean(axis=1), 1e-9)
    weight = (known & (volume > 0.0)).astype(float)
    offset = np.log(np.maximum(volume / usual[:, None], 1e-6))
    for _ in range(2):  # the second time without past outbreaks
        beta, inverse = _regression(observed, levels, offset, weight)
        mean = np.exp(np.clip(np.einsum("tnp,tp->tn", levels, beta) + offset, -12.0, 12.0))
        phi = _dispersion(observed, mean, weight, levels.shape[2])
        residual = 1.5 * (observed ** (2 / 3) * mean ** (1 / 3) - mean)
        residual /= np.sqrt(phi[:, None] * mean)
        outlying = residual > OUTLYING
        weight = weight * np.where(outlying, residual.clip(OUTLYING) ** -2.0, 1.0)
    here = today[now % len(today)]
    expected = np.exp(np.clip(np.einsum("tp,tp->t", here, beta), -12.0, 12.0)) * share / usual
    doubt = np.einsum("tp,tpq,tq->t", here, inverse, here) * phi
    expected = np.maximum(expected, LEAST_MEAN)
    return surprise(counts[now].astype(float), expected, phi + np.minimum(doubt, 1.0) * expected)


def _regression(
    observed: Floats, levels: Floats, offset: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Coefficients and the inverse information of log-linear Poisson regressions, by Newton."""
    fits, _, size = levels.shape
    sums = np.maximum(weight.sum(axis=1), 1.0)
    beta = np.zeros((fits, size))
    beta[:, 0] = np.log((weight * observed).sum(axis=1) / sums + 0.05)
    ridge = np.eye(size) * RIDGE
    for _ in range(ITERATIONS):
        eta = np.clip(np.einsum("tnp,tp->tn", levels, beta), -12.0, 12.0)
        mean = np.exp(eta + offset)
        slope = levels * (weight * mean)[:, :, None]
        information = slope.transpose(0, 2, 1) @ levels + ridge
        score = np.einsum("tnp,tn->tp", levels, weight * (observed - mean))
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        beta = beta + np.clip(step, -2.0, 2.0)
    return beta, np.linalg.inv(information)


def _dispersion(observed: Floats, mean: Floats, weight: Floats, size: int) -> Floats:
    freedom = np.maximum(weight.sum(axis=1) - size, 1.0)
    pearson = (weight * (observed - mean) ** 2 / np.maximum(mean, LEAST_MEAN)).sum(axis=1)
    return np.asarray(np.maximum(pearson / freedom, 1.0))


# -- which past buckets, and what stands for their season ------------------------------------


def _weekly_design() -> tuple[Ints, tuple[Floats, Floats]]:
    """Five years, the newest 26 weeks left out; the year in ten levels, as Noufaily et al. do: the
    seven weeks about the present one, and nine parts of the rest."""
    lags = np.arange(27, 5 * 52 + 4)
    away = (lags + 3) % 52  # 0 to 6: within three weeks of this week of the year
    part = np.where(away < 7, 0, 1 + (away - 7) * 9 // 45)
    columns = [np.ones(len(lags)), -lags / 104.0]
    columns += [(part == level).astype(float) for level in range(1, 10)]
    past = np.stack(columns, axis=1)[None]
    today = np.zeros((1, past.shape[2]))
    today[0, 0] = 1.0
    return lags, (past, today)


def _daily_design() -> tuple[Ints, tuple[Floats, Floats]]:
    """Half a year, the newest three days left out; seven days of the week and a trend."""
    lags = np.arange(4, 186)
    past = np.zeros((7, len(lags), 8))
    today = np.zeros((7, 8))
    for slot in range(7):
        day = (slot - lags) % 7
        past[slot, :, 0], today[slot, 0] = 1.0, 1.0
        past[slot, :, 1] = -lags / 90.0
        for level in range(1, 7):
            past[slot, :, level + 1] = day == level
            today[slot, level + 1] = slot == level
    return lags, (past, today)


def _hourly_design(per_day: int) -> tuple[Ints, tuple[Floats, Floats]]:
    """The same time of day, an hour more or less, of 28 days; weekend and trend as terms."""
    near = [0, per_day // 24, -(per_day // 24)]
    lags = np.array(sorted(day * per_day + shift for day in range(1, 29) for shift in near))
    past = np.zeros((7 * per_day, len(lags), 3))
    today = np.zeros((7 * per_day, 3))
    for slot in range(7 * per_day):
        past[slot, :, 0], today[slot, 0] = 1.0, 1.0
        past[slot, :, 1] = -lags / (14.0 * per_day)
        past[slot, :, 2] = ((slot - lags) // per_day) % 7 >= 5
        today[slot, 2] = slot // per_day >= 5
    return lags, (past, today)


_DESIGNS = {
    "week": _weekly_design(),
    "day": _daily_design(),
    "hour": _hourly_design(24),
    "15min": _hourly_design(96),
}


# -- means of the same time of the week -----------------------------------------------------

SEASONS = {"week": (52, 5), "day": (7, 12), "hour": (168, 6), "15min": (672, 5)}
PRIOR_ROUNDS = 1.0  # rounds of the season that the plain mean is worth


def seasonal_moments(counts: Ints, bucket: str, exposure: Floats | None) -> tuple[Floats, Floats]:
    """Mean of the same slot of the season, and of its neighbours, in its last rounds, shrunk to the
    plain mean; and variance over mean of the newest residuals."""
    period, rounds = SEASONS[bucket]
    volume = np.ones(len(counts)) if exposure is None else exposure
    seen = (volume > 0.0).astype(float)
    kept = counts * seen
    total, number = np.zeros(len(counts)), np.zeros(len(counts))
    neighbours = (-1, 0, 1) if period > 7 else (0,)
    for back in range(1, rounds + 1):
        for near in neighbours:
            total += _shifted(kept, back * period + near)
            number += _shifted(seen, back * period + near)
    plain = _moving(kept, rounds * period) / np.maximum(_moving(seen, rounds * period), 1.0)
    prior = PRIOR_ROUNDS * len(neighbours)
    mean = np.maximum((total + prior * plain) / (number + prior), LEAST_MEAN)
    square = np.minimum((kept - mean) ** 2 / mean, 40.0) * seen
    span = max(2 * period, 28)
    ratio = (_moving(square, span) + 14.0 * 1.3) / (_moving(seen, span) + 14.0)
    return mean, np.maximum(ratio, 1.0)


def seasonal_negative_binomial(
    counts: Ints, bucket: str, exposure: Floats | None, since: int
) -> Floats:
    """−log10 of the tail of a negative binomial with the moments of the same time of the week."""
    mean, ratio = seasonal_moments(counts, bucket, exposure)
    return surprise(counts.astype(float), mean, ratio)


def _shifted(values: Floats, by: int) -> Floats:
    moved = np.zeros(len(values))
    if by < len(values):
        moved[by:] = values[: len(values) - by]
    return moved


def _moving(values: Floats, length: int) -> Floats:
    """Sums of the `length` values before each."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    return np.asarray(total[at] - total[np.maximum(at - length, 0)])
