"""What is missing from a trace, as far as what is there can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.table import NO_PARENT, Kind, Relation, Status

if TYPE_CHECKING:
    from analyzers.table import BoolArray, Int64Array, SpanTable

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
    like = _like_calls(spans, calls)
    has_answer = np.bincount(like, weights=answered[calls]) > 0
    failed = spans.status[calls] == Status.ERROR
    suspects = calls[has_answer[like] & ~answered[calls] & ~failed & ~_has_children(spans)[calls]]
    if len(suspects) == 0:
        return ()
    group = dict(zip(calls.tolist(), like.tolist(), strict=True))
    doubted = {group[row] for row in suspects.tolist()}
    known = [row for row in calls[answered[calls]].tolist() if group[row] in doubted]
    peers = {(group[row], _peer(spans, row)) for row in known}
    return tuple(row for row in suspects.tolist() if (group[row], _peer(spans, row)) in peers)


def incomplete_traces(spans: SpanTable, unanswered: tuple[int, ...]) -> BoolArray:
    """True for traces with an orphan or an unanswered call, shape (n_traces,)."""
    result = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    result[spans.trace[spans.relation == Relation.ORPHAN]] = True
    result[spans.trace[list(unanswered)]] = True
    return result


def _like_calls(spans: SpanTable, calls: Int64Array) -> Int64Array:
    """A number per (trace, service, operation) for each call."""
    place = spans.service[calls].astype(np.int64) * len(spans.operations) + spans.operation[calls]
    _, place = np.unique(place, return_inverse=True)
    _, like = np.unique(spans.trace[calls] * (int(place.max()) + 1) + place, return_inverse=True)
    return like


def _has_children(spans: SpanTable) -> BoolArray:
    result = np.zeros(len(spans), dtype=np.bool_)
    result[spans.parent_row[spans.parent_row != NO_PARENT]] = True
    return result


def _peer(spans: SpanTable, row: int) -> str | None:
    attributes = spans.details.attributes(row)
    return next((attributes[key] for key in PEER_KEYS if key in attributes), None)
