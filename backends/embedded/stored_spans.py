"""Rows of the table of spans as a batch of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.batch import SpanBatch
from analyzers.coded import Coded, coded
from analyzers.record import NothingMore
from backends.embedded.encoding import DETAILS, links_from, pairs_from

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from analyzers.arrays import Int64Array, Uint64Array
    from analyzers.record import Pairs, SpanReader

    Fetched = dict[str, np.ndarray[Any, Any]]
    """Columns as DuckDB hands them over; masked where it has NULL."""

RESOURCES = "SELECT id, attributes FROM resources WHERE id IN (SELECT unnest(?::BIGINT[]))"
NUMBERS = ("span_id", "parent_id", "kind", "status", "start_ns", "duration_ns")
NOTHING = NothingMore()


def whole_spans(connection: DuckDBPyConnection, found: Fetched) -> SpanBatch:
    """Rows with every column of the table."""
    column = {name: np.asarray(values) for name, values in found.items()}
    source = list(zip(column["attributes"].tolist(), column["events"].tolist(), strict=True))
    trace_id = coded_trace_ids(column["trace_hi"], column["trace_lo"])
    return _spans(connection, found, trace_id, coded(column["message"].tolist()), source, DETAILS)


def bare_spans(connection: DuckDBPyConnection, found: Fetched, trace_id: Coded[str]) -> SpanBatch:
    """Rows without message, attributes and events, whose traces are known."""
    message = Coded(np.zeros(len(trace_id), dtype=np.int32), ("",))
    return _spans(connection, found, trace_id, message, [None] * len(trace_id), NOTHING)


def coded_trace_ids(hi: Uint64Array, lo: Uint64Array) -> Coded[str]:
    """Ids from their halves, as 32 hex digits."""
    rows = np.lexsort((lo, hi))
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (hi[rows[1:]] != hi[rows[:-1]]) | (lo[rows[1:]] != lo[rows[:-1]])
    code = np.empty(len(rows), dtype=np.int32)
    code[rows] = np.cumsum(begins) - 1
    return Coded(code, trace_ids(hi[rows[begins]], lo[rows[begins]]))


def trace_ids(hi: Uint64Array, lo: Uint64Array) -> tuple[str, ...]:
    """Each as 32 hex digits."""
    return tuple(f"{high:016x}{low:016x}" for high, low in zip(hi.tolist(), lo.tolist(), strict=True))


def _spans(
    connection: DuckDBPyConnection,
    found: Fetched,
    trace_id: Coded[str],
    message: Coded[str],
    source: list[Any],
    reader: SpanReader,
) -> SpanBatch:
    column = {name: np.asarray(values) for name, values in found.items()}
    resource_ids, resource = np.unique(column["resource"], return_inverse=True)
    return SpanBatch(
        trace_id=trace_id,
        **{name: column[name] for name in NUMBERS},
        service=coded(column["service"].tolist()),
        operation=coded(column["operation"].tolist()),
        message=message,
        resource=Coded(resource.astype(np.int32), _resources(connection, resource_ids)),
        adjusted_count=np.ma.filled(found["adjusted_count"].astype(np.float64), np.nan),
        links={row: links_from(text) for row, text in enumerate(column["links"].tolist()) if text},
        source=source,
        reader=[reader] * len(trace_id),
    )


def _resources(connection: DuckDBPyConnection, ids: Int64Array) -> tuple[Pairs, ...]:
    texts = dict(connection.execute(RESOURCES, [ids.tolist()]).fetchall())
    return tuple(pairs_from(texts[number]) for number in ids.tolist())
