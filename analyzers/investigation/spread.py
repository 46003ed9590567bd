"""How long requests spent at a place before and now, as a picture shows it: all of them, not a mean of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation_report import Spread

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array
    from analyzers.investigation.observations import Observations, Observed

BINS = 24
LEAST_NS = 1_000.0
"""What is shorter stands in the first bin: on a scale of ratios nothing else begins at nought."""
DIGITS = 4


def spread_of(observed: Observed, place: int) -> Spread | None:
    """Of the requests that passed a place, what share spent how long there, in bins of equal ratio; None where none did."""
    sides = [_by_request(one, place) for one in observed.both]
    spent = np.concatenate([ns for ns, _ in sides])
    if not len(spent):
        return None
    low, high = float(spent.min()), max(float(spent.max()), float(spent.min()) * 1.1)
    edges = np.unique(np.round(np.geomspace(low, high, BINS + 1)).astype(np.int64))
    shares = [_shares(ns, weight, edges.astype(np.float64)) for ns, weight in sides]
    service, operation, caller = observed.named(place)
    return Spread(
        service=service,
        operation=operation,
        caller=caller,
        edges_ns=tuple(edges.tolist()),
        baseline=shares[0],
        incident=shares[1],
        requests=(len(sides[0][0]), len(sides[1][0])),
    )


def _by_request(one: Observations, place: int) -> tuple[Float64Array, Float64Array]:
    """(nanoseconds, weight) of each request that passed the place, all its calls together."""
    mine = np.flatnonzero(one.place == place)
    request = one.request[mine]
    passed, at = np.unique(request, return_inverse=True)
    spent = np.bincount(at, weights=one.own_ns[mine], minlength=len(passed))
    return np.maximum(spent, LEAST_NS), one.cohort.weight[passed]


def _shares(ns: Float64Array, weight: Float64Array, edges: Float64Array) -> tuple[float, ...]:
    inside = np.clip(np.searchsorted(edges, ns, side="right") - 1, 0, len(edges) - 2)
    held = np.bincount(inside, weights=weight, minlength=len(edges) - 1)
    return tuple(np.round(held / max(float(weight.sum()), 1e-300), DIGITS).tolist())
