"""Traces to measure with: drawn at random from a fixed seed, shaped like requests through a shop."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analyzers.batch import batch_of
from analyzers.details import Details
from analyzers.record import SpanRecord
from analyzers.table import NO_PARENT, Kind, SpanTable

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Int8Array, Int64Array

SERVICES = ("cart", "checkout", "frontend", "inventory", "payment")
OPERATIONS = tuple(f"operation {number}" for number in range(40))
EPOCH_NS = 1_795_366_800_000_000_000


def random_table(traces: int, spans_per_trace: int, seed: int = 1) -> SpanTable:
    """Unlinked spans: every span hangs under an earlier one of its trace and runs within it, rows by start."""
    parent = _random_parents(traces, spans_per_trace, seed)
    start, duration = _nested_times(parent, spans_per_trace, seed)
    trace = np.repeat(np.arange(traces), spans_per_trace)
    return table_of(trace, parent, start, duration, seed)


def wide_table(siblings: int) -> SpanTable:
    """One trace: a root with so many children, one after the other."""
    parent = np.zeros(siblings + 1, dtype=np.int64)
    parent[0] = NO_PARENT
    start = np.arange(siblings + 1, dtype=np.int64) * 1_000
    start[0] = 0
    duration = np.full(siblings + 1, 900, dtype=np.int64)
    duration[0] = (siblings + 1) * 1_000
    return table_of(np.zeros(siblings + 1, dtype=np.int64), parent, start, duration)


def deep_table(depth: int) -> SpanTable:
    """One trace: every span the only child of the one before."""
    parent = np.arange(-1, depth - 1, dtype=np.int64)
    start = np.arange(depth, dtype=np.int64) * 10
    duration = 20 * depth - 2 * start
    return table_of(np.zeros(depth, dtype=np.int64), parent, start, duration)


def table_of(
    trace: Int64Array, parent: Int64Array, start: Int64Array, duration: Int64Array, seed: int = 1
) -> SpanTable:
    """A table as `build_table` makes it, without the detour over records."""
    n_spans = len(trace)
    random = np.random.default_rng(seed)
    span_id = random.integers(1, 2**63, n_spans, dtype=np.uint64)
    traces = int(trace.max()) + 1
    nothing = SpanRecord("0" * 32, 1, 0, "", "", 0, 0, 0, 0)
    return SpanTable(
        trace=trace.astype(np.int32),
        span_id=span_id,
        parent_id=np.where(parent == NO_PARENT, np.uint64(0), span_id[parent]),
        parent_row=np.full(n_spans, NO_PARENT, dtype=np.int32),
        relation=np.zeros(n_spans, dtype=np.int8),
        service=random.integers(0, len(SERVICES), n_spans, dtype=np.int32),
        operation=random.integers(0, len(OPERATIONS), n_spans, dtype=np.int32),
        kind=_kinds(parent, random.random(n_spans) < 0.3),
        status=np.zeros(n_spans, dtype=np.int8),
        message=np.zeros(n_spans, dtype=np.int32),
        resource=np.zeros(n_spans, dtype=np.int32),
        start_ns=start + EPOCH_NS,
        duration_ns=duration,
        adjusted_count=np.full(n_spans, math.nan),
        clock_error_ns=np.zeros(n_spans, dtype=np.int64),
        root_row=np.full(traces, NO_PARENT, dtype=np.int32),
        trace_ids=tuple(f"{number:032x}" for number in range(1, traces + 1)),
        services=SERVICES,
        operations=OPERATIONS,
        messages=("",),
        resources=((),),
        details=Details(batch_of([nothing]), np.zeros(n_spans, dtype=np.int64)),
    )


def _kinds(parent: Int64Array, calls: BoolArray) -> Int8Array:
    """SERVER for roots and whatever hangs under a call, CLIENT for calls, INTERNAL for the rest."""
    kind = np.where(calls & (parent != NO_PARENT), Kind.CLIENT, Kind.INTERNAL)
    kind[(parent == NO_PARENT) | (kind[parent] == Kind.CLIENT)] = Kind.SERVER
    return kind.astype(np.int8)


def _random_parents(traces: int, size: int, seed: int) -> Int64Array:
    """Each span's parent among the four before it; the first of each trace is the root."""
    random = np.random.default_rng(seed)
    number = np.tile(np.arange(size), traces)
    back = random.integers(1, 5, traces * size)
    parent = np.arange(traces * size) - np.minimum(back, number)
    parent[number == 0] = NO_PARENT
    return parent


def _nested_times(parent: Int64Array, size: int, seed: int) -> tuple[Int64Array, Int64Array]:
    """Starts ascend within a trace; every span ends before its parent does."""
    random = np.random.default_rng(seed + 1)
    n_spans = len(parent)
    number = np.tile(np.arange(size), n_spans // size)
    start = (number * 100_000 + random.integers(0, 90_000, n_spans) + 1).astype(np.int64)
    end = np.empty(n_spans, dtype=np.int64)
    share = random.random(n_spans)
    for position in range(size):
        rows = np.flatnonzero(number == position)
        limit = np.full(len(rows), size * 150_000) if position == 0 else end[parent[rows]]
        end[rows] = start[rows] + ((limit - start[rows]) * (0.2 + 0.8 * share[rows])).astype(np.int64)
    return start, np.maximum(end - start, 1)
