"""Whether a value goes with being slow: exact tests, and allowance for how many were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.table import BoolArray, Float64Array, Int64Array


@dataclass(frozen=True)
class Association:
    """How a value goes with being slow."""

    lift: float
    coverage: float
    q_value: float


def associations(carries: NDArray[np.bool_], slow: BoolArray) -> list[Association]:
    """Each value against chance: one-sided Fisher tests, the q-values after Benjamini and Hochberg (1995) over all of them."""
    n_requests, n_slow = len(slow), int(slow.sum())
    carriers = carries.sum(axis=1)
    hits = carries[:, slow].sum(axis=1)
    p_values = fisher_tails(hits, carriers, n_slow, n_requests)
    q_values = adjusted(p_values)
    coverage = hits / max(n_slow, 1)
    elsewhere = (carriers - hits) / max(n_requests - n_slow, 1)
    # Half a request more, so that what no other request carries has a lift too.
    lift = coverage / np.maximum(elsewhere, 0.5 / max(n_requests - n_slow, 1))
    return [
        Association(float(one), float(two), float(three))
        for one, two, three in zip(lift, coverage, q_values, strict=True)
    ]


def fisher_tails(hits: Int64Array, carriers: Int64Array, n_slow: int, n_requests: int) -> Float64Array:
    """Chance of as many hits or more, were the carriers picked at random (hypergeometric)."""
    log_factorial = np.r_[0.0, np.cumsum(np.log(np.arange(1, n_requests + 1)))]

    def log_choose(n: int, k: Int64Array) -> Float64Array:
        result: Float64Array = log_factorial[n] - log_factorial[k] - log_factorial[n - k]
        return result

    tails = np.ones(len(hits))
    for number, (hit, carrier) in enumerate(zip(hits.tolist(), carriers.tolist(), strict=True)):
        more = np.arange(max(hit, carrier + n_slow - n_requests), min(carrier, n_slow) + 1)
        logs = log_choose(n_slow, more) + log_choose(n_requests - n_slow, carrier - more)
        tails[number] = np.exp(logs - log_choose(n_requests, np.array([carrier]))[0]).sum()
    return np.minimum(tails, 1.0)


def adjusted(p_values: Float64Array) -> Float64Array:
    """Benjamini and Hochberg's q-values."""
    n = len(p_values)
    order = np.argsort(p_values)[::-1]
    raised = p_values[order] * n / np.arange(n, 0, -1)
    result = np.empty(n)
    result[order] = np.minimum.accumulate(raised)
    return np.minimum(result, 1.0)
