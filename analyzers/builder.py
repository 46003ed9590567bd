"""Span records in, a span table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.batch import batch_of
from analyzers.details import Details
from analyzers.kernels import order_rows
from analyzers.table import NO_PARENT, Relation, SpanTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.arrays import Int64Array
    from analyzers.record import SpanRecord


def build_table(records: Iterable[SpanRecord]) -> SpanTable:
    """The table of these spans, the same whatever order they come in. Nothing is dropped or repaired.

    Quick for a `SpanBatch`, which is a sequence of records that has them as columns already.
    """
    spans = batch_of(records)
    trace, service, operation = (
        spans.trace_id.in_order(),
        spans.service.in_order(),
        spans.operation.in_order(),
    )
    message, resource = spans.message.in_order(), spans.resource.in_order()
    n_spans = len(spans)
    table = SpanTable(
        trace=trace.code,
        span_id=spans.span_id,
        parent_id=spans.parent_id,
        parent_row=np.full(n_spans, NO_PARENT, dtype=np.int32),
        relation=np.full(n_spans, Relation.UNLINKED, dtype=np.int8),
        service=service.code,
        operation=operation.code,
        kind=spans.kind,
        status=spans.status,
        message=message.code,
        resource=resource.code,
        start_ns=spans.start_ns,
        duration_ns=spans.duration_ns,
        adjusted_count=spans.adjusted_count,
        clock_error_ns=np.zeros(n_spans, dtype=np.int64),
        root_row=np.full(len(trace.values), NO_PARENT, dtype=np.int32),
        trace_ids=trace.values,
        services=service.values,
        operations=operation.values,
        messages=message.values,
        resources=resource.values,
        details=Details(spans, np.arange(n_spans)),
    )
    return table.take(canonical_order(table))


def canonical_order(spans: SpanTable) -> Int64Array:
    """Rows grouped by trace; within one by start, longest first, span id, then kind and service."""
    rows = np.argsort(spans.trace, kind="stable")
    if len(rows) == 0:
        return rows
    begin = np.searchsorted(spans.trace[rows], np.arange(len(spans.trace_ids) + 1))
    span_id = spans.span_id.view(np.int64)
    order_rows(begin, spans.start_ns, -spans.duration_ns, span_id, side_of(spans), rows, np.empty_like(rows))
    return rows


def side_of(spans: SpanTable) -> Int64Array:
    """Kind and service as one number: two spans may share an id if they differ in it."""
    return spans.service.astype(np.int64) * 8 + spans.kind
