"""Some traces of a table as lines of a list, each with the place that holds most of its critical path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import asynchronous_edges, waited_for
from analyzers.breakdown import rfc3339
from analyzers.critical_path import critical_path
from analyzers.held_statement import held_statement
from analyzers.places import Runs, critical_places
from analyzers.report import MainPlace, TraceSummary
from analyzers.report_base import Edge
from analyzers.statements import StatementReader
from analyzers.table import Status
from analyzers.wire import callee_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.critical_path import CriticalPath
    from analyzers.places import PlaceKey, PlaceTime
    from analyzers.table import SpanTable

LEAST_SHARE_READ = 0.05
"""Of a trace's critical path; what holds less needs no statement to be told apart."""


@dataclass(frozen=True)
class HeldPlace:
    """What one place holds of one trace."""

    key: PlaceKey
    statement: str | None
    """Where several statements share the place, the one that holds most of it."""
    critical_ns: int
    count: int


@dataclass(frozen=True)
class ListedTrace:
    """One trace of the list; its places, the largest first."""

    summary: TraceSummary
    places: tuple[HeldPlace, ...]


def list_traces(spans: SpanTable, traces: Sequence[int]) -> list[ListedTrace]:
    """These traces, in this order. What is asynchronous by habit is learned from the whole table."""
    if not traces:
        return []
    begin = spans.trace_begin
    rows = np.concatenate([np.arange(begin[trace], begin[trace + 1]) for trace in sorted(traces)])
    part = spans.take(rows)
    waited = waited_for(part, asynchronous_edges(spans))
    path = critical_path(part, waited)
    callees = callee_service(part)
    runs, reader = Runs(part, callees, waited), StatementReader()
    return [
        _listed(part, path, trace, critical_places(part, path, callees, trace), runs, reader)
        for trace in traces
    ]


def edge_of(key: PlaceKey) -> Edge | None:
    """The way that a place is, where it is one."""
    return None if key.callee is None else Edge(caller=key.service, callee=key.callee)


def _listed(
    spans: SpanTable,
    path: CriticalPath,
    trace: int,
    times: dict[PlaceKey, PlaceTime],
    runs: Runs,
    reader: StatementReader,
) -> ListedTrace:
    root = int(spans.root_row[trace])
    duration_ns = int(spans.duration_ns[root])
    places = tuple(
        HeldPlace(
            key,
            _statement(spans, path, key, time, duration_ns, reader),
            time.critical_ns,
            runs.of(time.longest_row),
        )
        for key, time in times.items()
    )
    summary = TraceSummary(
        trace_id=spans.trace_ids[trace],
        start=rfc3339(int(spans.start_ns[root])),
        duration_ns=duration_ns,
        service=spans.service_name(root),
        operation=spans.operation_name(root),
        error=int(spans.status[root]) == Status.ERROR,
        bottleneck=_main_place(places[0], duration_ns) if places else None,
    )
    return ListedTrace(summary, places)


def _main_place(place: HeldPlace, duration_ns: int) -> MainPlace:
    return MainPlace(
        service=place.key.service,
        operation=place.key.operation,
        share=place.critical_ns / duration_ns,
        statement=place.statement,
        count=place.count,
        wire=edge_of(place.key),
    )


def _statement(
    spans: SpanTable,
    path: CriticalPath,
    key: PlaceKey,
    time: PlaceTime,
    duration_ns: int,
    reader: StatementReader,
) -> str | None:
    if key.callee is not None or time.critical_ns < LEAST_SHARE_READ * duration_ns:
        return None
    return held_statement(spans, path, time.rows, key.operation, reader)
