"""How far a change may be off: intervals by drawing the same requests again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.measure import QUANTILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.arrays import Float64Array
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.measure import Measure

DRAWS = 599
MOST_DRAWN = 1_000
"""Requests drawn one by one; of more, so many groups of them picked at random, which spread alike."""
SEED = 20_221
LOW, HIGH = 0.025, 0.975


def change_interval_ns(baseline: Cohort, incident: Cohort, measure: Measure) -> tuple[int, int]:
    """95 % interval of the change between two cohorts.

    Of a mean by the bootstrap of t (Efron and Tibshirani, 1993, chapter 12), since durations are skewed; of a quantile by
    percentiles.
    """
    random = np.random.default_rng(SEED)
    if measure != "mean":
        drawn = _quantiles(incident, QUANTILE[measure], random) - _quantiles(
            baseline, QUANTILE[measure], random
        )
        low, high = np.quantile(drawn, (LOW, HIGH))
        return round(float(low)), round(float(high))
    early, late = (_Means(cohort, random) for cohort in (baseline, incident))
    change = late.mean - early.mean
    error = float(np.hypot(early.error, late.error))
    t = ((late.drawn - early.drawn) - change) / np.maximum(
        np.hypot(early.drawn_error, late.drawn_error), 1e-9
    )
    low, high = np.quantile(t, (LOW, HIGH))
    return round(change - float(high) * error), round(change - float(low) * error)


class _Means:
    """A weighted mean and its standard error, as they are and as they might have been."""

    def __init__(self, cohort: Cohort, random: np.random.Generator) -> None:
        weight, total = _groups(cohort, random)
        times = _draws(len(weight), random)
        self.mean, self.error = (
            float(one[0]) for one in _mean_and_error(np.ones((1, len(weight))), weight, total)
        )
        self.drawn, self.drawn_error = _mean_and_error(times, weight, total)


def _mean_and_error(
    times: NDArray[np.float64], weight: Float64Array, total: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Of each row of `times`: how often each group was drawn."""
    whole = times @ weight
    mean = times @ total / whole
    square = times @ total**2 - 2 * mean * (times @ (total * weight)) + mean**2 * (times @ weight**2)
    return mean, np.sqrt(np.maximum(square, 0)) / whole


def _groups(cohort: Cohort, random: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    """(weight, weight times duration) of each request, or of random groups of about as many."""
    weight, total = cohort.weight, cohort.weight * cohort.duration_ns
    if len(weight) <= MOST_DRAWN:
        return weight, total
    group = random.permutation(len(weight)) % MOST_DRAWN
    by_group = [np.bincount(group, weights=column).astype(np.float64) for column in (weight, total)]
    return by_group[0], by_group[1]


def _draws(n: int, random: np.random.Generator) -> NDArray[np.float64]:
    """How often each of n is drawn when drawing n, DRAWS times; shape (DRAWS, n)."""
    drawn = random.integers(0, n, (DRAWS, n)) + np.arange(DRAWS)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=DRAWS * n).reshape(DRAWS, n).astype(np.float64)


def _quantiles(cohort: Cohort, quantile: float, random: np.random.Generator) -> Float64Array:
    """The quantile of each draw. Of many requests a random part is drawn from, and its spread shrunk to that of all."""
    rows = np.arange(len(cohort))
    if len(rows) > MOST_DRAWN:
        rows = np.sort(random.permutation(len(rows))[:MOST_DRAWN])
    duration = cohort.duration_ns[rows].astype(np.float64)
    order = np.argsort(duration, kind="stable")
    duration, weight = duration[order], cohort.weight[rows][order]
    reached = np.cumsum(_draws(len(duration), random) * weight, axis=1)
    at = (reached < quantile * reached[:, -1:] * (1 - 1e-12)).sum(axis=1)
    drawn = duration[np.minimum(at, len(duration) - 1)]
    centre = float(np.median(drawn))
    result: Float64Array = centre + (drawn - centre) * np.sqrt(len(rows) / len(cohort))
    return result
