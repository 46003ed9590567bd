"""Self time, counted once a trace is quiet, and again when it goes on.

Self time needs the whole trace, and nobody says when a trace is whole. So the transaction that keeps spans notes which
traces it touched; a trace that was not touched for a while is read, measured, and counted in the rollups of self time:

    touched    traces with spans that are not measured yet, and in which round those came
    measured   what each trace counts for, to be taken out again when it is measured anew

A trace is measured in one transaction, from taking out to putting in, so every sum is right after any crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from analyzers.builder import build_table
from analyzers.coded import Coded
from analyzers.minutes import MINUTE_NS, buckets_of
from analyzers.table import Status
from backends.embedded.stored_spans import bare_spans, trace_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from analyzers.arrays import Int64Array
    from analyzers.batch import SpanBatch
    from analyzers.table import SpanTable
    from backends.embedded.encoding import Columns

    MeasureSelfTimes: TypeAlias = Callable[[SpanTable], tuple[SpanTable, Int64Array]]
    """The spans of whole traces made usable, and the self time of each row of those."""

SPANS_AT_ONCE = 50_000
"""Measured in one transaction, so that those who send spans wait no longer than for a large commit."""
LARGEST_TRACE = 2_000_000
"""Spans; of a larger trace any so many are measured."""

TOUCHED = """
CREATE TABLE touched (
    trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, round BIGINT NOT NULL, spans BIGINT NOT NULL
)
"""
MEASURED = """
CREATE TABLE measured (
    trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, first_minute BIGINT NOT NULL, last_minute BIGINT NOT NULL,
    counted STRUCT(
        minute BIGINT, service VARCHAR, operation VARCHAR, kind TINYINT, bucket SMALLINT,
        spans BIGINT, calls DOUBLE, errors DOUBLE
    )[] NOT NULL
)
"""
TOUCH = "INSERT INTO touched SELECT trace_hi, trace_lo, ?, count(*) FROM {source} GROUP BY trace_hi, trace_lo"
NEXT_ROUND = "SELECT coalesce(max(round) + 1, 0) FROM touched"
DUE = """
WITH quiet AS (
    SELECT trace_hi, trace_lo, max(round) AS latest, sum(spans) AS spans FROM touched
    GROUP BY trace_hi, trace_lo HAVING max(round) < ?
)
SELECT trace_hi, trace_lo FROM quiet
QUALIFY sum(spans) OVER (ORDER BY latest, trace_hi, trace_lo ROWS UNBOUNDED PRECEDING) - spans < ?
"""
SPANS = """
SELECT number, span_id, parent_id, service, operation, kind, status, start_ns, duration_ns, resource, adjusted_count, links
FROM spans JOIN due USING (trace_hi, trace_lo) LIMIT ?
"""
COUNT = """
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT trace_hi, trace_lo, minute, service, operation, kind, bucket,
    count(*) AS spans, sum(calls) AS calls, sum(errors) AS errors
FROM timed JOIN traces USING (trace) JOIN sides USING (side) GROUP BY ALL
"""
TAKE_OUT = """
INSERT INTO self_rollups
SELECT minute, service, operation, kind, bucket, -sum(spans), -sum(calls), -sum(errors)
FROM (SELECT unnest(counted, recursive := true) FROM measured SEMI JOIN due USING (trace_hi, trace_lo))
GROUP BY minute, service, operation, kind, bucket
"""
FORGET = "DELETE FROM measured WHERE (trace_hi, trace_lo) IN (SELECT (trace_hi, trace_lo) FROM due)"
REMEMBER = """
INSERT INTO measured
SELECT trace_hi, trace_lo, min(minute), max(minute), list({
    'minute': minute, 'service': service, 'operation': operation, 'kind': kind, 'bucket': bucket,
    'spans': spans, 'calls': calls, 'errors': errors
})
FROM fresh GROUP BY trace_hi, trace_lo
"""
PUT_IN = """
INSERT INTO self_rollups
SELECT minute, service, operation, kind, bucket, sum(spans), sum(calls), sum(errors)
FROM fresh GROUP BY minute, service, operation, kind, bucket
"""
DONE = (
    "DELETE FROM touched WHERE round < ? AND (trace_hi, trace_lo) IN (SELECT (trace_hi, trace_lo) FROM due)"
)
FORGET_OLD = "DELETE FROM measured WHERE last_minute < ?"
SHORTEN_OLD = """
UPDATE measured SET first_minute = ?, counted = list_filter(counted, lambda one: one.minute >= ?) WHERE first_minute < ?
"""


@dataclass(frozen=True)
class Due:
    """Traces that were quiet for a while, and their spans as they are now."""

    traces: Columns
    before_round: int
    spans: SpanBatch


@dataclass(frozen=True)
class Timed:
    """What due traces count for, a row for each span."""

    due: Due
    traces: Columns
    sides: Columns
    spans: Columns


def touch(connection: DuckDBPyConnection, source: str, number: int) -> None:
    """Note that the traces in a table of spans go on; `number` counts the rounds."""
    connection.execute(TOUCH.format(source=source), [number])


def next_round(connection: DuckDBPyConnection) -> int:
    """The round that comes after all that a database knows of."""
    found = connection.execute(NEXT_ROUND).fetchone()
    return int(found[0]) if found else 0


def read_due(connection: DuckDBPyConnection, before_round: int) -> Due | None:
    """Some of the traces that were last touched before a round, those that wait longest first."""
    found = connection.execute(DUE, [before_round, SPANS_AT_ONCE]).fetchnumpy()
    traces = {name: np.asarray(column) for name, column in found.items()}
    n_traces = len(traces["trace_hi"])
    if not n_traces:
        return None
    connection.register("due", traces | {"number": np.arange(n_traces, dtype=np.int32)})
    columns = connection.execute(SPANS, [LARGEST_TRACE]).fetchnumpy()
    trace_id = Coded(
        np.asarray(columns["number"]).astype(np.int32), trace_ids(traces["trace_hi"], traces["trace_lo"])
    )
    return Due(traces, before_round, bare_spans(connection, columns, trace_id))


def measured(due: Due, measure: MeasureSelfTimes) -> Timed:
    """The self time of every span that is due, ready to be counted."""
    spans, self_ns = measure(build_table(due.spans))
    ids = [int(trace_id, 16) for trace_id in spans.trace_ids]
    side_codes, side = np.unique(
        np.stack([spans.service, spans.operation, spans.kind]), axis=1, return_inverse=True
    )
    calls = np.where(np.isfinite(spans.adjusted_count), spans.adjusted_count, 1.0)
    return Timed(
        due=due,
        traces={
            "trace": np.arange(len(ids), dtype=np.int32),
            "trace_hi": np.array([number >> 64 for number in ids], dtype=np.uint64),
            "trace_lo": np.array([number & (2**64 - 1) for number in ids], dtype=np.uint64),
        },
        sides={
            "side": np.arange(side_codes.shape[1], dtype=np.int32),
            "service": _objects([spans.services[code] for code in side_codes[0].tolist()]),
            "operation": _objects([spans.operations[code] for code in side_codes[1].tolist()]),
            "kind": side_codes[2].astype(np.int8),
        },
        spans={
            "trace": spans.trace,
            "side": side.reshape(-1).astype(np.int32),
            "minute": spans.start_ns // MINUTE_NS,
            "bucket": buckets_of(self_ns),
            "calls": calls,
            "errors": calls * (spans.status == Status.ERROR),
        },
    )


def settle(connection: DuckDBPyConnection, timed: Timed) -> int:
    """Count what is due instead of what those traces counted for before; how many rows the rollups took.

    To be called within a transaction.
    """
    connection.register("due", timed.due.traces)
    for name, columns in (("traces", timed.traces), ("sides", timed.sides), ("timed", timed.spans)):
        connection.register(name, columns)
    connection.execute(COUNT)
    taken = connection.execute(TAKE_OUT).fetchone()
    connection.execute(FORGET)
    connection.execute(REMEMBER)
    put = connection.execute(PUT_IN).fetchone()
    connection.execute(DONE, [timed.due.before_round])
    return sum(int(rows[0]) for rows in (taken, put) if rows)


def forget_before(connection: DuckDBPyConnection, minute: int) -> None:
    """Leave out what traces counted for before a minute, since the rollups lose it as well."""
    connection.execute(FORGET_OLD, [minute])
    connection.execute(SHORTEN_OLD, [minute, minute, minute])


def _objects(values: list[str]) -> np.ndarray[Any, Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
