"""Self time: what a span did while none of its children ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.kernels import self_times
from analyzers.repair import repair

if TYPE_CHECKING:
    from analyzers.arrays import Int64Array
    from analyzers.table import SpanTable


def repaired_self_times(spans: SpanTable) -> tuple[SpanTable, Int64Array]:
    """The table repaired, and the self time of its rows: of spans as they came."""
    repaired = repair(spans).spans
    return repaired, self_time_ns(repaired)


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
