"""Where failures began, and whether more do than before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.structure import share_z
from analyzers.table import NO_PARENT, Kind, Status

if TYPE_CHECKING:
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.observations import Observations, Observed
    from analyzers.table import BoolArray, Float64Array, Int64Array

SURE = 3.0


@dataclass(frozen=True)
class MoreFailures:
    """Places where more failures began than before; aligned with each other."""

    place: Int64Array
    """Index into `Observed.places`; a call that failed without its callee failing belongs to the way."""
    usual: Float64Array
    """Share of requests with a failure that began there."""
    now: Float64Array
    z: Float64Array


def more_failures(observed: Observed) -> MoreFailures:
    """Places at which a larger share of requests began to fail."""
    shares = [_shares(one, len(observed.places)) for one in observed.both]
    sizes = [np.full(len(observed.places), one.cohort.effective) for one in observed.both]
    z = share_z(shares[0], shares[1], *sizes)
    found = np.flatnonzero((z > SURE) & (shares[1] > shares[0]))
    return MoreFailures(found, shares[0][found], shares[1][found], z[found])


def _shares(one: Observations, n_places: int) -> Float64Array:
    """Share of requests with a failure that began at each place."""
    cohort = one.cohort
    origin = origins(cohort)
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
