"""Where failures began, or calls got no answer, and whether more do than before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.structure import NEARLY_NEW, exact_share_z, share_z
from analyzers.table import NO_PARENT, Kind, Status

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Float64Array, Int64Array
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.observations import Observations, Observed

LIKELY = 2.0
"""Standard errors; how much such evidence counts is another question."""


@dataclass(frozen=True)
class MoreFailures:
    """Places where more failures began than before; aligned with each other."""

    place: Int64Array
    """Index into `Observed.places`; a call that failed without its callee failing belongs to the way."""
    usual: Float64Array
    """Share of requests with a failure that began there."""
    now: Float64Array
    z: Float64Array
    silent: BoolArray
    """Most are calls without an answer that do not say they failed."""
    rows: Int64Array
    """Spans of the incident at which they began."""


def more_failures(observed: Observed) -> MoreFailures:
    """Places at which a larger share of requests began to fail, or of calls: traffic that comes by seldom may fail for the most part."""
    n_places = len(observed.places)
    both = list(zip(observed.both, observed.callee, strict=True))
    began = [origins(one.cohort) | _unanswered(one.cohort, callee) for one, callee in both]
    shares = [_shares(one, rows, n_places) for (one, _), rows in zip(both, began, strict=True)]
    sizes = [np.full(n_places, one.cohort.effective) for one in observed.both]
    by_call = [_counts(one, rows, n_places) for (one, _), rows in zip(both, began, strict=True)]
    z = share_z(shares[0], shares[1], *sizes)
    asked = np.flatnonzero(by_call[1][0] > 0)
    z[asked] = np.maximum(z[asked], _exact_z(by_call, asked))
    place = observed.incident.place[: len(began[1])]
    said = observed.incident.cohort.spans.status == Status.ERROR
    silent = np.bincount(place[began[1]], weights=np.where(said[began[1]], -1.0, 1.0), minlength=n_places) > 0
    # Calls that say nothing, and for which nobody answers, are nothing unusual where there were such before.
    known = silent & (shares[1] <= NEARLY_NEW * shares[0])
    found = np.flatnonzero((z > LIKELY) & (shares[1] > shares[0]) & ~known)
    rows = np.flatnonzero(began[1] & np.isin(place, found))
    return MoreFailures(found, shares[0][found], shares[1][found], z[found], silent[found], rows)


def _unanswered(cohort: Cohort, callee: Int64Array) -> BoolArray:
    """Calls without a span of who was called."""
    result: BoolArray = (callee >= 0) & (cohort.children == 0)
    return result


def _counts(one: Observations, began: BoolArray, n_places: int) -> tuple[Int64Array, Int64Array]:
    """(failures that began there, calls) of each place, as received."""
    place = one.place[: len(began)]
    return np.bincount(place[began], minlength=n_places), np.bincount(place, minlength=n_places)


def _exact_z(counts: list[tuple[Int64Array, Int64Array]], asked: Int64Array) -> Float64Array:
    (failed0, calls0), (failed1, calls1) = counts
    return np.array(
        [
            exact_share_z(int(failed0[one]), int(failed1[one]), int(calls0[one]), int(calls1[one]))
            for one in asked.tolist()
        ],
        dtype=np.float64,
    )


def _shares(one: Observations, origin: BoolArray, n_places: int) -> Float64Array:
    """Share of requests with a failure that began at each place."""
    cohort = one.cohort
    # The first lines are the spans, in order; further ones repeat some of them for their callees.
    place = one.place[: len(origin)][origin]
    request = cohort.spans.trace[origin].astype(np.int64)
    once = np.unique(place * (len(cohort) + 1) + request)
    width = len(cohort) + 1
    counted = np.bincount(once // width, weights=cohort.weight[once % width], minlength=n_places)
    result: Float64Array = counted / max(float(cohort.weight.sum()), 1e-300)
    return result


def origins(cohort: Cohort) -> BoolArray:
    """Failed spans without a failed child that they waited for."""
    spans = cohort.spans
    failed = spans.status == Status.ERROR
    blamed = np.flatnonzero(failed & cohort.waited & (spans.parent_row != NO_PARENT))
    handed_up = np.zeros(len(spans), dtype=np.bool_)
    handed_up[spans.parent_row[blamed]] = True
    # An INTERNAL span between a failed caller and a failed callee has no status of its own: it passes the failure on.
    between = handed_up & ~failed & (spans.kind == Kind.INTERNAL) & (spans.status == Status.UNSET)
    between &= spans.parent_row != NO_PARENT
    handed_up[spans.parent_row[np.flatnonzero(between)]] = True
    result: BoolArray = failed & ~handed_up & ~_gave_up(cohort)
    return result


def _gave_up(cohort: Cohort) -> BoolArray:
    """Calls that ended while their callee was still at work: who did not wait longer is a victim."""
    spans = cohort.spans
    child = np.flatnonzero(spans.parent_row != NO_PARENT)
    parent = spans.parent_row[child]
    later = spans.end_ns[child] > spans.end_ns[parent] + spans.clock_error_ns[child]
    result = np.zeros(len(spans), dtype=np.bool_)
    result[parent[later & (spans.service[child] != spans.service[parent])]] = True
    return result
