"""Whether a value goes with being slow: exact tests, and allowance for how many were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray, Float64Array, Int64Array


@dataclass(frozen=True)
class Association:
    """How a value goes with being slow."""

    lift: float
    coverage: float
    q_value: float


def associations(
    carries: NDArray[np.bool_], slow: BoolArray, kind: Int64Array | None = None
) -> list[Association]:
    """Each value against chance: one-sided Fisher tests, the q-values after Benjamini and Hochberg (1995) over all of them.

    Requests are held against others of their kind: what a kind always carries, or never, says nothing. The lift is Mantel and
    Haenszel's ratio.
    """
    counts = _Counts(carries, slow, np.zeros(len(slow), dtype=np.int64) if kind is None else kind)
    q_values = adjusted(stratified_tails(counts.hits, counts.carriers, counts.slow, counts.requests))
    coverage = counts.hits.sum(axis=1) / max(int(counts.slow.sum()), 1)
    others = counts.requests - counts.slow
    expected = ((counts.carriers - counts.hits) * counts.slow / counts.requests).sum(axis=1)
    # Half a request more, so that what no other request carries has a lift too.
    least = 0.5 * counts.slow.sum() / counts.requests.sum()
    lift = (counts.hits * others / counts.requests).sum(axis=1) / np.maximum(expected, max(least, 1e-12))
    return [
        Association(float(one), float(two), float(three))
        for one, two, three in zip(lift, coverage, q_values, strict=True)
    ]


class _Counts:
    """Requests of each kind, and of them those that carry each value, are slow, or both."""

    def __init__(self, carries: NDArray[np.bool_], slow: BoolArray, kind: Int64Array) -> None:
        known, number = np.unique(kind, return_inverse=True)
        belongs = (number[:, None] == np.arange(len(known))).astype(np.float64)
        self.requests: Int64Array = belongs.sum(axis=0).astype(np.int64)
        self.slow: Int64Array = belongs[slow].sum(axis=0).astype(np.int64)
        self.carriers: Int64Array = (carries @ belongs).astype(np.int64)
        self.hits: Int64Array = (carries[:, slow] @ belongs[slow]).astype(np.int64)
        """Of the last two the shape is (n_values, n_kinds)."""


def stratified_tails(
    hits: Int64Array, carriers: Int64Array, slow: Int64Array, requests: Int64Array
) -> Float64Array:
    """Chance of as many hits in all kinds together or more, were the carriers picked at random within each kind.

    `hits` and `carriers` have the shape (n_values, n_kinds), the others (n_kinds,).
    """
    log_factorial = np.r_[0.0, np.cumsum(np.log(np.arange(1, int(requests.max(initial=0)) + 1)))]
    tails = np.ones(len(hits))
    for number in range(len(hits)):
        chances = np.ones(1)
        least = 0
        told = (carriers[number] > 0) & (carriers[number] < requests) & (slow > 0) & (slow < requests)
        for kind in np.flatnonzero(told).tolist():
            first, of_kind = _chances(
                log_factorial, int(carriers[number, kind]), int(slow[kind]), int(requests[kind])
            )
            chances, least = np.convolve(chances, of_kind), least + first
        wanted = int(hits[number, told].sum()) - least
        tails[number] = chances[max(wanted, 0) :].sum()
    return np.minimum(tails, 1.0)


def fisher_tails(hits: Int64Array, carriers: Int64Array, n_slow: int, n_requests: int) -> Float64Array:
    """Chance of as many hits or more, were the carriers picked at random (hypergeometric)."""
    return stratified_tails(hits[:, None], carriers[:, None], np.array([n_slow]), np.array([n_requests]))


def _chances(
    log_factorial: Float64Array, n_carriers: int, n_slow: int, n_requests: int
) -> tuple[int, Float64Array]:
    """The fewest hits that are possible, and the chance of each number from there on."""
    least = max(0, n_carriers + n_slow - n_requests)
    hits = np.arange(least, min(n_carriers, n_slow) + 1)

    def log_choose(n: int, k: Int64Array) -> Float64Array:
        result: Float64Array = log_factorial[n] - log_factorial[k] - log_factorial[n - k]
        return result

    logs = log_choose(n_slow, hits) + log_choose(n_requests - n_slow, n_carriers - hits)
    return least, np.exp(logs - log_choose(n_requests, np.array([n_carriers]))[0])


def adjusted(p_values: Float64Array) -> Float64Array:
    """Benjamini and Hochberg's q-values."""
    n = len(p_values)
    order = np.argsort(p_values)[::-1]
    raised = p_values[order] * n / np.arange(n, 0, -1)
    result = np.empty(n)
    result[order] = np.minimum.accumulate(raised)
    return np.minimum(result, 1.0)
