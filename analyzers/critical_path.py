"""The critical path: the chain of intervals that decides when a trace's root ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import waited_for
from analyzers.kernels import OFF_PATH, critical_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.table import SpanTable

OVERLAP_PER_DURATION = 50
"""An overlap of 1/50 of a span's duration is put down to clocks."""


@dataclass(frozen=True)
class CriticalPath:
    """What every span holds of its trace's critical path, aligned with the table's rows.

    Off the path `own_ns` is 0 and `begin_ns` equals `end_ns`. Over each trace `own_ns` sums exactly to the root's duration.
    """

    on_path: BoolArray
    begin_ns: Int64Array
    """Start of the span's part, epoch nanoseconds; its children's parts lie within."""
    end_ns: Int64Array
    own_ns: Int64Array
    """What of the part no child on the path covers."""


def critical_path(spans: SpanTable, waited: BoolArray | None = None) -> CriticalPath:
    """The critical path of every trace in the table.

    Walks backward from the root's end: within a span, the child that ended last before the cursor takes over until its
    own start. A child beside a later-ending one gates nothing, unless the two overlap by no more than clocks
    explain; a child that outlives its parent is clipped; one that nobody waits for (`waited`, by default
    `waited_for(spans)`) is never charged. The method of Yang and Miller (1988), with the corrections
    in docs/explanation/critical-path.md.
    """
    n_spans = len(spans)
    begin = np.full(n_spans, OFF_PATH, dtype=np.int64)
    end = np.full(n_spans, OFF_PATH, dtype=np.int64)
    own = np.zeros(n_spans, dtype=np.int64)
    if n_spans:
        room = [np.empty(n_spans, dtype=np.int64) for _ in range(5)]
        critical_times(
            spans.trace_begin,
            spans.root_row,
            spans.start_ns,
            spans.end_ns,
            spans.parent_row,
            waited_for(spans) if waited is None else waited,
            clock_tolerance_ns(spans),
            begin,
            end,
            own,
            *room,
        )
    on_path = end != OFF_PATH
    begin[~on_path] = end[~on_path] = 0
    return CriticalPath(on_path, begin, end, own)


def clock_tolerance_ns(spans: SpanTable) -> Int64Array:
    """By how much each span may overlap its successor and still precede it, shape (n_spans,)."""
    return np.maximum(spans.clock_error_ns, spans.duration_ns // OVERLAP_PER_DURATION)


def segments(spans: SpanTable, path: CriticalPath, trace: int = 0) -> Iterator[tuple[int, int, int]]:
    """The stretches of one trace's critical path as (row, begin_ns, end_ns), in time order, none empty.

    They are disjoint, leave no gap, and their lengths sum to the root's duration.
    """
    first, last = (int(row) for row in spans.trace_begin[trace : trace + 2])
    rows = first + np.flatnonzero(path.on_path[first:last])
    edges = [(int(path.begin_ns[row]), 1, row) for row in rows.tolist()]
    edges += [(int(path.end_ns[row]), 0, row) for row in rows.tolist() if row != spans.root_row[trace]]
    edges = _walk_order(edges, path)
    running: list[int] = []
    since = 0
    for at_ns, begins, row in edges:
        if running and at_ns > since:
            yield running[-1], since, at_ns
        since = at_ns
        if begins:
            running.append(row)
        else:
            running.pop()
    if running:
        root = running[-1]
        if int(path.end_ns[root]) > since:
            yield root, since, int(path.end_ns[root])


def _walk_order(edges: list[tuple[int, int, int]], path: CriticalPath) -> list[tuple[int, int, int]]:
    """Begins and ends in the order a stack needs: at one instant, ends innermost first, then begins outermost first.

    Parts of no length are left out: they cover nothing and would begin where they end.
    """
    real = [edge for edge in edges if path.end_ns[edge[2]] > path.begin_ns[edge[2]]]
    return sorted(real, key=lambda edge: (edge[0], edge[1], edge[2] if edge[1] else -edge[2]))
