"""Durations that cannot be, and what is taken in their place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.builder import canonical_order

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray
    from analyzers.table import SpanTable

LONGEST_NS = 7 * 24 * 3600 * 1_000_000_000
"""Nothing that somebody waits for takes a week: an unset start or end does."""


def with_possible_durations(spans: SpanTable) -> tuple[SpanTable, int, int]:
    """Durations at least 0 and at most a week; how many were below, how many above."""
    negative = spans.duration_ns < 0
    absurd = spans.duration_ns > LONGEST_NS
    if not (negative.any() or absurd.any()):
        return spans, 0, 0
    duration = np.maximum(spans.duration_ns, 0)
    start = spans.start_ns.copy()
    sane = ~absurd
    for trace in np.unique(spans.trace[absurd]).tolist():
        rows = np.arange(spans.trace_begin[trace], spans.trace_begin[trace + 1])
        others, cut = rows[sane[rows]], rows[absurd[rows]]
        low = start[others].min() if len(others) else start[cut].max()
        high = (start[others] + duration[others]).max() if len(others) else low
        end = np.minimum(start[cut] + duration[cut], high)
        start[cut] = np.maximum(start[cut], low)
        duration[cut] = np.maximum(end - start[cut], 0)
    fixed = replace(spans, start_ns=start, duration_ns=duration)
    return fixed.take(canonical_order(fixed)), int(np.count_nonzero(negative)), int(np.count_nonzero(absurd))


def impossible_durations(spans: SpanTable) -> BoolArray:
    """True for spans that came with an end before their start, or a duration that cannot be, shape (n_spans,)."""
    came_ns = spans.details.batch.duration_ns[spans.details.position]
    impossible: BoolArray = (came_ns < 0) | (came_ns > LONGEST_NS)
    return impossible
