"""Span records in, a span table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.details import Details
from analyzers.kernels import order_rows
from analyzers.table import NO_PARENT, Relation, SpanTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analyzers.record import Pairs, SpanRecord
    from analyzers.table import Int32Array, Int64Array


def build_table(records: Iterable[SpanRecord]) -> SpanTable:
    """The table of these spans, the same whatever order they come in. Nothing is dropped or repaired."""
    spans = list(records)
    trace, trace_ids = _coded([span.trace_id for span in spans])
    service, services = _coded([span.service for span in spans])
    operation, operations = _coded([span.operation for span in spans])
    message, messages = _coded([span.message for span in spans])
    resource, resources = _coded_by_object([span.resource for span in spans])
    n_spans = len(spans)
    table = SpanTable(
        trace=trace,
        span_id=np.array([span.span_id for span in spans], dtype=np.uint64),
        parent_id=np.array([span.parent_id for span in spans], dtype=np.uint64),
        parent_row=np.full(n_spans, NO_PARENT, dtype=np.int32),
        relation=np.full(n_spans, Relation.UNLINKED, dtype=np.int8),
        service=service,
        operation=operation,
        kind=np.array([span.kind for span in spans], dtype=np.int8),
        status=np.array([span.status for span in spans], dtype=np.int8),
        message=message,
        resource=resource,
        start_ns=np.array([span.start_ns for span in spans], dtype=np.int64),
        duration_ns=np.array([span.duration_ns for span in spans], dtype=np.int64),
        adjusted_count=np.array([span.adjusted_count for span in spans], dtype=np.float64),
        clock_error_ns=np.zeros(n_spans, dtype=np.int64),
        root_row=np.full(len(trace_ids), NO_PARENT, dtype=np.int32),
        trace_ids=trace_ids,
        services=services,
        operations=operations,
        messages=messages,
        resources=resources,
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


def _coded_by_object(column: Sequence[Pairs]) -> tuple[Int32Array, tuple[Pairs, ...]]:
    """As `_coded`, but each object is compared once: spans share resources, and tuples forget their hash."""
    objects = {id(value): value for value in column}
    values = sorted(set(objects.values()))
    code = {value: number for number, value in enumerate(values)}
    code_of = {address: code[value] for address, value in objects.items()}
    return np.array([code_of[id(value)] for value in column], dtype=np.int32), tuple(values)


def _coded(column: Sequence[str]) -> tuple[Int32Array, tuple[str, ...]]:
    """The column as codes into its sorted distinct values."""
    values = sorted(set(column))
    code = {value: number for number, value in enumerate(values)}
    return np.array([code[value] for value in column], dtype=np.int32), tuple(values)
