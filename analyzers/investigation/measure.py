"""How much each request counts in a figure: in a mean all alike, in a quantile those around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.cohort import Cohort

Measure: TypeAlias = Literal["mean", "p50", "p95", "p99"]

QUANTILE = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def request_shares(cohort: Cohort, measure: Measure) -> Float64Array:
    """Shares that sum to 1; the measure is the sum of shares times durations.

    Quantiles are Harrell and Davis's (1982): a mean of all durations, in which those near the quantile count most. What is a
    mean can be divided among places exactly, so the question why p95 rose has an answer that adds up.
    """
    return shares_of(cohort.duration_ns, cohort.weight, measure)


def shares_of(duration_ns: Int64Array, weights: Float64Array, measure: Measure) -> Float64Array:
    """The same of any durations, each counting as often as its weight says."""
    weight: Float64Array = weights / weights.sum()
    if measure == "mean":
        return weight
    from scipy.special import betainc  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; slow to import

    quantile, n = QUANTILE[measure], float(weights.sum() ** 2 / (weights**2).sum())
    order = np.argsort(duration_ns, kind="stable")
    reached = np.clip(np.r_[0.0, np.cumsum(weight[order])], 0, 1)
    below = betainc((n + 1) * quantile, (n + 1) * (1 - quantile), reached)
    shares = np.empty(len(duration_ns))
    shares[order] = np.diff(below)
    result: Float64Array = shares / shares.sum()
    return result
