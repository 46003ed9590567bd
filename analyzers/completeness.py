"""What is missing from a trace, as far as what is there can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.table import NO_PARENT, Kind, Relation, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.table import SpanTable

PEER_KEYS = (
    "server.address",
    "peer.service",
    "net.peer.name",
    "rpc.service",
    "http.host",
    "url.full",
    "http.url",
)
"""What a client span may say about whom it calls, most telling first."""


def unanswered_calls(spans: SpanTable) -> tuple[int, ...]:
    """Rows of calls without a server span, where a like call to the same peer in the same trace has one.

    A leaf of which no other span speaks can be missing without a trace: nothing here claims otherwise. A call that
    failed may never have arrived, so no span of its server is missed.
    """
    calls = np.flatnonzero(spans.kind == Kind.CLIENT)
    if len(calls) == 0:
        return ()
    answered = np.zeros(len(spans), dtype=np.bool_)
    served = np.flatnonzero(
        (spans.kind == Kind.SERVER) & (spans.parent_row != NO_PARENT) & (spans.relation == Relation.CHILD)
    )
    answered[spans.parent_row[served]] = True
    quiet = ~answered[calls] & (spans.status[calls] != Status.ERROR) & ~_has_children(spans)[calls]
    place, like = _like_calls(spans, calls)
    # Places first: most quiet calls are of clients whose servers send no spans anywhere, such as databases.
    quiet &= np.isin(place, place[answered[calls]])
    quiet[quiet] = np.isin(like[quiet], like[answered[calls]])
    if not quiet.any():
        return ()
    known = answered[calls] & np.isin(like, like[quiet])
    peers = {(group, peer_of(spans, row)) for row, group in _listed(calls, like, known)}
    return tuple(row for row, group in _listed(calls, like, quiet) if (group, peer_of(spans, row)) in peers)


def incomplete_traces(spans: SpanTable, unanswered: tuple[int, ...]) -> BoolArray:
    """True for traces with an orphan or an unanswered call, shape (n_traces,)."""
    result = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    result[spans.trace[spans.relation == Relation.ORPHAN]] = True
    result[spans.trace[list(unanswered)]] = True
    return result


def _like_calls(spans: SpanTable, calls: Int64Array) -> tuple[Int64Array, Int64Array]:
    """For each call a number per (service, operation), and one per (trace, service, operation)."""
    n_operations = len(spans.operations)
    place = spans.service[calls].astype(np.int64) * n_operations + spans.operation[calls]
    return place, spans.trace[calls].astype(np.int64) * (len(spans.services) * n_operations) + place


def _listed(calls: Int64Array, like: Int64Array, chosen: BoolArray) -> Iterator[tuple[int, int]]:
    return zip(calls[chosen].tolist(), like[chosen].tolist(), strict=True)


def _has_children(spans: SpanTable) -> BoolArray:
    result = np.zeros(len(spans), dtype=np.bool_)
    result[spans.parent_row[spans.parent_row != NO_PARENT]] = True
    return result


def peer_of(spans: SpanTable, row: int) -> str | None:
    """Whom a call says that it calls."""
    attributes = spans.details.attributes(row)
    return next((attributes[key] for key in PEER_KEYS if key in attributes), None)
