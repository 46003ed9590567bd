"""Who calls whom, and how often: the graph of operations, from spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.minutes import OperationKey
from analyzers.table import NO_PARENT, Kind

if TYPE_CHECKING:
    from analyzers.table import SpanTable


class CallEdge(NamedTuple):
    """One operation that calls another one; both may be of the same service, as a handler and its client span are."""

    caller: OperationKey
    callee: OperationKey
    calls: float
    """Of the callee for each of the caller."""

    @property
    def waited(self) -> bool:
        """Whether the caller is slow when the callee is: nobody waits for what takes from a queue."""
        return self.callee.kind != Kind.CONSUMER and self.caller.kind != Kind.PRODUCER


def call_edges(spans: SpanTable) -> tuple[CallEdge, ...]:
    """The calls in these traces, by caller and callee."""
    sides, side = np.unique(
        np.stack([spans.service, spans.operation, spans.kind]), axis=1, return_inverse=True
    )
    side = side.reshape(-1)
    keys = [
        OperationKey(spans.services[service], spans.operations[operation], kind)
        for service, operation, kind in sides.T.tolist()
    ]
    called = np.flatnonzero(spans.parent_row != NO_PARENT)
    pairs, counts = np.unique(
        np.stack([side[spans.parent_row[called]], side[called]]), axis=1, return_counts=True
    )
    often = np.bincount(side, minlength=len(keys))
    edges = [
        CallEdge(keys[caller], keys[callee], count / int(often[caller]))
        for (caller, callee), count in zip(pairs.T.tolist(), counts.tolist(), strict=True)
        if caller != callee
    ]
    return tuple(sorted(edges))
