"""Traces kept as evidence: some in which the cause shows most, and some of the same kind as they usually are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation_report import Exemplars

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Float64Array
    from analyzers.investigation.observations import Observations, Observed

MOST_EXEMPLARS = 3


def find_exemplars(observed: Observed, service: int | None, *, failing: bool = False) -> Exemplars:
    """Slow: the incident's requests that spent most in the suspect and on its ways. Normal: the baseline's of the same kind nearest to their middle."""
    incident = observed.incident
    held = _held_ns(observed, incident, service)
    if failing:
        held = held + incident.cohort.failed * (float(held.max(initial=0)) + 1)
    slow = np.argsort(-held, kind="stable")[:MOST_EXEMPLARS]
    return Exemplars(slow=_ids(incident, slow), normal=_normal(observed, service, slow))


def _normal(
    observed: Observed, service: int | None, slow: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[str, ...]:
    cohort = observed.baseline.cohort
    alike: BoolArray = ~cohort.failed
    if len(slow):
        entry = observed.operation[1][observed.incident.cohort.spans.root_row[slow[0]]]
        same = observed.operation[0][cohort.spans.root_row] == entry
        passing = _held_ns(observed, observed.baseline, service) > 0
        alike = next((one for one in (alike & same & passing, alike & same, alike) if one.any()), alike)
    rows = np.flatnonzero(alike)
    if not len(rows):
        return ()
    middle = float(np.median(cohort.duration_ns[rows]))
    nearest = rows[np.argsort(np.abs(cohort.duration_ns[rows] - middle), kind="stable")]
    return _ids(observed.baseline, nearest[:MOST_EXEMPLARS])


def _held_ns(observed: Observed, one: Observations, service: int | None) -> Float64Array:
    """Time of each request at the service's places, on the path or beside it; without a service all of it."""
    if service is None:
        return one.cohort.duration_ns.astype(np.float64)
    mine = np.array([service in (key.service, key.caller) for key in observed.places], dtype=np.bool_)
    lines = mine[one.place]
    return np.bincount(one.request[lines], weights=one.own_ns[lines], minlength=len(one.cohort)).astype(
        np.float64
    )


def _ids(one: Observations, requests: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[str, ...]:
    """Each trace once."""
    return tuple(dict.fromkeys(one.cohort.spans.trace_ids[request] for request in requests.tolist()))
