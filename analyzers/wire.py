"""Time between two services: network, queues, connection pools, proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.table import NO_PARENT, Kind, Relation

if TYPE_CHECKING:
    from analyzers.arrays import Int32Array
    from analyzers.table import SpanTable

NO_CALLEE = -1


def callee_service(spans: SpanTable) -> Int32Array:
    """Code of the service that each span calls, NO_CALLEE for spans that are no call, shape (n_spans,).

    A call is a CLIENT span with a child in another service; where the source has no kinds, a span whose only
    child is in another service. All time such a span does not share with its child is spent between the two. Where a server
    span hangs directly under a server span, one trace cannot tell the caller's own time from the way, so
    it stays the caller's.
    """
    result = np.full(len(spans), NO_CALLEE, dtype=np.int32)
    children = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.relation == Relation.CHILD))
    parent = spans.parent_row[children]
    remote = spans.service[children] != spans.service[parent]
    child_count = np.bincount(parent, minlength=len(spans))
    says_call = spans.kind[parent] == Kind.CLIENT
    looks_like_call = (spans.kind[parent] == Kind.UNSPECIFIED) & (child_count[parent] == 1)
    calls = remote & (says_call | looks_like_call)
    # Backward, so that of several callees (redirects, retries elsewhere) the first one names the call.
    result[parent[calls][::-1]] = spans.service[children[calls][::-1]]
    return result
