"""How fast the hot loops are, compiled, on one core."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import waited_for
from analyzers.critical_path import clock_tolerance_ns, critical_path
from analyzers.kernels import (
    NONE,
    OFF_PATH,
    PLAIN_SPANS,
    choose_roots,
    critical_times,
    cut_circles,
    link_plain,
    parents_first,
    self_times,
)
from analyzers.repair import repair
from analyzers.savings import Replay
from analyzers.self_time import self_time_ns
from benchmarks.measure import Figure, best_s
from benchmarks.workload import deep_table, random_table, wide_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzers.table import SpanTable

TRACES, SPANS_PER_TRACE = 50_000, 20
MILLION = 1_000_000


def figures() -> Iterator[Figure]:
    spans = random_table(TRACES, SPANS_PER_TRACE)
    n_spans = len(spans)
    total_s = 0.0
    for name, run in _kernels(spans):
        seconds = best_s(run)
        total_s += seconds
        yield Figure(f"{name}", n_spans / seconds / MILLION, "M spans/s")
    yield Figure(
        "link, repair, self time, critical path together", n_spans / total_s / MILLION, "M spans/s", ">= 10"
    )
    whole_s = best_s(partial(_analysed, spans))
    yield Figure(
        "the same as analyzers call it, with health and waiting", n_spans / whole_s / MILLION, "M spans/s"
    )
    yield Figure("columns of a span, without attributes", _bytes_per_span(spans), "bytes", "<= 200")
    for name, shape in (("100,000 siblings", wide_table(100_000)), ("100,000 deep", deep_table(100_000))):
        seconds = best_s(partial(_analysed, shape))
        yield Figure(f"a trace of {name}: repair, self time, critical path", seconds, "s", "< 1")
        seconds = best_s(partial(_replayed, repair(shape).spans))
        yield Figure(f"a trace of {name}: one replay", seconds, "s", "< 1")


def _kernels(spans: SpanTable) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each loop with its arrays ready, so that only the loop is timed."""
    n_spans = len(spans)
    parent, relation = np.empty(n_spans, np.int32), np.empty(n_spans, np.int8)
    plain = np.empty(len(spans.trace_ids), np.bool_)
    root = np.empty(len(spans.trace_ids), np.int32)
    slots = np.empty(4 * PLAIN_SPANS, np.int64)
    ids, parents = spans.span_id.view(np.int64), spans.parent_id.view(np.int64)
    begin, follows = spans.trace_begin, np.zeros(n_spans, np.int64)
    walk = np.full(n_spans, NONE, np.int64)
    rows = [np.empty(n_spans, np.int64) for _ in range(3)]
    yield "link", lambda: link_plain(begin, ids, parents, follows, parent, relation, plain, slots)

    def mend() -> None:
        walk.fill(NONE)
        cut_circles(parent, relation, walk)
        choose_roots(begin, spans.start_ns, spans.end_ns, relation, parent, root)
        parents_first(begin, parent, *rows)

    yield "repair (circles, roots, order)", mend
    linked = repair(spans).spans
    covered, own = np.empty(n_spans, np.int64), np.empty(n_spans, np.int64)

    def self_time() -> None:
        own[:], covered[:] = linked.duration_ns, linked.start_ns
        self_times(linked.start_ns, linked.end_ns, linked.parent_row, own, covered)

    yield "self time", self_time
    waited, tolerance = waited_for(linked), clock_tolerance_ns(linked)
    path = [np.empty(n_spans, np.int64) for _ in range(8)]

    def critical() -> None:
        path[0].fill(OFF_PATH)
        path[1].fill(OFF_PATH)
        critical_times(begin, linked.root_row, linked.start_ns, linked.end_ns, linked.parent_row, waited, tolerance, *path)  # fmt: skip

    yield "critical path", critical


def _analysed(spans: SpanTable) -> None:
    linked = repair(spans).spans
    self_time_ns(linked)
    critical_path(linked)


def _replayed(linked: SpanTable) -> int:
    return Replay(linked).saved_ns([1])


def _bytes_per_span(spans: SpanTable) -> float:
    columns = [column for column in vars(spans).values() if isinstance(column, np.ndarray)]
    names = sum(sys.getsizeof(trace_id) for trace_id in spans.trace_ids)
    return (sum(column.nbytes for column in columns) + names) / len(spans)
