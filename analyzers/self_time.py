"""Self time: what a span did while none of its children ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.kernels import self_times

if TYPE_CHECKING:
    from analyzers.table import Int64Array, SpanTable


def self_time_ns(spans: SpanTable) -> Int64Array:
    """Time each span spent with no child running.

    Children are clipped to their parent and parallel children count once, so every value lies between 0 and the
    span's own duration. Asynchronous children count too: the span may not wait for them, but its time is accounted for.

    Returns:
        int64 nanoseconds, shape (n_spans,), aligned with the table's rows.
    """
    result = spans.duration_ns.copy()
    if len(spans):
        self_times(spans.start_ns, spans.end_ns, spans.parent_row, result, spans.start_ns.copy())
    return result
