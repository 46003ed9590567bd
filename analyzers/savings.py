"""What a trace would save if something in it took no time: replayed, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import waited_for
from analyzers.critical_path import clock_tolerance_ns
from analyzers.kernels import NONE, replay
from analyzers.table import NO_PARENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.table import SpanTable


class Replay:
    """One trace, to be run again without the own time of some spans.

    Whatever had ended when a child began is taken for its condition, so a child never begins before them, and a parent
    never ends before the children it waits for. That is cautious: what is said to be saved is at most the time
    the spans hold on the critical path, and less where something else ran beside them.
    """

    def __init__(self, spans: SpanTable, trace: int = 0, waited: BoolArray | None = None) -> None:
        self._first, self._last = (int(row) for row in spans.trace_begin[trace : trace + 2])
        part = slice(self._first, self._last)
        self._root = int(spans.root_row[trace]) - self._first
        parent = spans.parent_row[part].astype(np.int64)
        parent[parent != NO_PARENT] -= self._first
        blocks = (waited_for(spans) if waited is None else waited)[part] & (parent != NO_PARENT)
        self._start, self._end = _clipped(spans.start_ns[part], spans.end_ns[part], parent)
        self.duration_ns = int(self._end[self._root] - self._start[self._root])
        ready = np.maximum(self._end - clock_tolerance_ns(spans)[part], self._start)
        self._children_by_start, self._begin, self._stop = _children(parent, blocks, self._start)
        self._children_by_ready, _, _ = _children(parent, blocks, ready)
        self._ready = ready
        self._order = np.arange(len(parent) - 1, -1, -1)

    def saved_ns(self, rows: Iterable[int]) -> int:
        """How much sooner the root would end if these rows of the table did nothing of their own."""
        takes_time = np.ones(len(self._start), dtype=np.bool_)
        takes_time[np.fromiter(rows, dtype=np.int64) - self._first] = False
        duration = np.zeros_like(self._start)
        replay(
            self._begin,
            self._stop,
            self._children_by_start,
            self._children_by_ready,
            self._ready,
            self._start,
            self._end,
            self._order,
            takes_time,
            duration,
            np.full_like(self._start, NONE),
        )
        return self.duration_ns - int(duration[self._root])


def _clipped(start: Int64Array, end: Int64Array, parent: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Starts and ends cut to the (already cut) parent's; a span outside of it shrinks to its edge."""
    starts, ends, parents = start.tolist(), end.tolist(), parent.tolist()
    for row, above in enumerate(parents):
        if above == NO_PARENT:
            continue
        starts[row] = min(max(starts[row], starts[above]), ends[above])
        ends[row] = max(min(ends[row], ends[above]), starts[row])
    return np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)


def _children(
    parent: Int64Array, blocks: BoolArray, key: Int64Array
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Blocking children by parent, then by key, then by row; and where each parent's begin and end in that list."""
    children = np.flatnonzero(blocks)
    ordered = children[np.lexsort((children, key[children], parent[children]))]
    begin = np.searchsorted(parent[ordered], np.arange(len(parent)), side="left")
    stop = np.searchsorted(parent[ordered], np.arange(len(parent)), side="right")
    return ordered, begin, stop
