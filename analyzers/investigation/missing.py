"""Services that several callers miss at once: who cannot be reached sends no spans, and those that called it only stop.

Where operations of several services end early, or otherwise than before, and all of them used to call one service and none
does, it is that service. One caller that no longer calls a service may as well have failed before it came to that: both are
suspected, the caller a little more, and whatever else is known of either decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.table import NO_PARENT, Relation

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Float64Array, Int64Array
    from analyzers.investigation.observations import Observed

USUALLY = 0.5
"""Share of runs that call a service, which would have been called."""
HARDLY = 0.2
"""Of what is usual; so few calls and it is missing."""
SEVERAL = 2
MOST_CELLS = 4_000_000
"""Operations times services: of more nobody is missed, since a stranger chooses how many there are."""
LONE_SHARE = 0.45
"""Of what a lone caller does not do any more; that it does not reach its only missing callee is a little less likely."""


class Missing(NamedTuple):
    """For each operation the service that its changed runs miss, and how far that is to blame."""

    service: Int64Array
    """-1 for none."""
    share: Float64Array

    def shared_out(self, operation: Int64Array, score: Float64Array, service_of: Int64Array) -> Float64Array:
        """Scores of operations, as scores of the services that answer for them."""
        share = self.share[operation]
        result = np.zeros(int(service_of.max()) + 1)
        np.add.at(result, service_of[operation], score * (1 - share))
        np.add.at(result, self.service[operation], score * share)
        return result


def missing_callees(observed: Observed, changed: Int64Array) -> Missing:
    """Whom the changed runs of operations miss; `changed` are spans of the incident."""
    n_services, n_operations = len(observed.names.services), len(observed.names.operations)
    result = Missing(np.full(n_operations, -1, dtype=np.int64), np.zeros(n_operations))
    rows = np.unique(changed)
    if not len(rows) or n_operations * n_services > MOST_CELLS:
        return result
    usual = _reached(observed, 0, np.ones(len(observed.operation[0]), dtype=np.bool_))
    flagged = np.zeros(len(observed.operation[1]), dtype=np.bool_)
    flagged[rows] = True
    now = _reached(observed, 1, flagged)
    missed = (usual >= USUALLY) & (now <= HARDLY * usual)
    missed &= np.bincount(observed.operation[1][rows], minlength=n_operations)[:, None] > 0
    missed[np.arange(n_operations), observed.names.service_of] = False
    callers = np.zeros((n_services, n_services), dtype=np.bool_)
    operation, callee = np.nonzero(missed)
    callers[observed.names.service_of[operation], callee] = True
    votes = callers.sum(axis=0)
    for one in np.unique(operation).tolist():
        candidates = np.flatnonzero(missed[one])
        best = int(candidates[np.argmax(votes[candidates])])
        if votes[best] >= SEVERAL or len(candidates) == 1:
            result.service[one] = best
            result.share[one] = 1.0 if votes[best] >= SEVERAL else LONE_SHARE
    return result


def _reached(observed: Observed, side: int, counted: BoolArray) -> Float64Array:
    """Share of the counted runs of each operation that reach each service, shape (n_operations, n_services)."""
    spans, operation, callee = (
        observed.both[side].cohort.spans,
        observed.operation[side],
        observed.callee[side],
    )
    n_services, n_operations = len(observed.names.services), len(observed.names.operations)
    service = observed.names.service_of[operation]
    child = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.relation != Relation.ORPHAN))
    caller = spans.parent_row[child].astype(np.int64)
    # Beneath a span of the call it is the run above that called.
    above = np.where(callee[caller] >= 0, spans.parent_row[caller], caller)
    remote = (service[child] != service[caller]) & (above != NO_PARENT)
    caller, reached = above[remote], service[child][remote]
    pair = np.unique(caller * n_services + reached)
    pair = pair[counted[pair // n_services]]
    cell = operation[pair // n_services] * n_services + pair % n_services
    count = np.bincount(cell, minlength=n_operations * n_services).reshape(n_operations, n_services)
    runs = np.bincount(operation[counted], minlength=n_operations)
    result: Float64Array = count / np.maximum(runs, 1)[:, None]
    return result
