"""Calls that something answered whose spans are not here: they are still on the way, or lost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.completeness import peer_of
from analyzers.failure import HTTP_STATUS
from analyzers.table import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.arrays import BoolArray, Int64Array, Uint64Array
    from analyzers.table import SpanTable

FEWEST_LIKE = 3
"""Calls whose answers are seen, before one is missed elsewhere."""
MOST_READ = 20_000
"""Calls whose attributes are read, of either sort: 0.1 s."""
OF_GATEWAYS = range(502, 505)
"""What something between says of a server that did not answer."""
ANSWERS = frozenset(map(str, range(100, 600))) - frozenset(map(str, OF_GATEWAYS))
Like: TypeAlias = tuple[int, str | None]
"""Place and peer."""
ODD = np.uint64(0x9E3779B97F4A7C15)


def unseen_answers(spans: SpanTable, traces: BoolArray) -> tuple[int, ...]:
    """Rows of calls in some traces whose server has no span, though it has in most like calls.

    Like calls are those of one operation to one peer, in whatever trace of the table. A call that failed may never have arrived,
    unless it says which HTTP status came back, and not a gateway's. The table need not be repaired; `traces` has shape (n_traces,).
    """
    calls = np.flatnonzero(spans.kind == Kind.CLIENT)
    own, above = _of(spans, spans.span_id), _of(spans, spans.parent_id)
    place = spans.service[calls].astype(np.int64) * len(spans.operations) + spans.operation[calls]
    seen = np.isin(own[calls], above[spans.kind == Kind.SERVER])
    among = traces[spans.trace]
    quiet = ~seen & among[calls] & np.isin(place, place[seen])
    quiet[quiet] = ~np.isin(own[calls[quiet]], above[among])
    if not quiet.any():
        return ()
    seen &= np.isin(place, place[quiet])
    answered = Counter(like for _, like in _like(spans, calls[seen], place[seen]))
    unseen = [(row, like) for row, like in _like(spans, calls[quiet], place[quiet]) if _came_back(spans, row)]
    lacking = Counter(like for _, like in unseen)
    return tuple(row for row, like in unseen if answered[like] >= max(FEWEST_LIKE, lacking[like]))


def _of(spans: SpanTable, ids: Uint64Array) -> Uint64Array:
    """A number for each id within its trace."""
    mixed: Uint64Array = (spans.trace.astype(np.uint64) + np.uint64(1)) * ODD ^ ids
    return mixed


def _like(spans: SpanTable, calls: Int64Array, place: Int64Array) -> Iterator[tuple[int, Like]]:
    """Each call with what it has in common with those like it."""
    for row, at in zip(calls[:MOST_READ].tolist(), place[:MOST_READ].tolist(), strict=True):
        yield row, (at, peer_of(spans, row))


def _came_back(spans: SpanTable, row: int) -> bool:
    if spans.status[row] != Status.ERROR:
        return True
    attributes = spans.details.attributes(row)
    return any(attributes.get(key) in ANSWERS for key in HTTP_STATUS)
