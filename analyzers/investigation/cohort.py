"""A cohort: the requests of one period to one place, each as a trace of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import asynchronous_edges, waited_for
from analyzers.critical_path import critical_path
from analyzers.entries import entries
from analyzers.investigation.like_for_like import MOMENTS
from analyzers.report_base import Scope
from analyzers.sampling import trace_weights
from analyzers.self_time import self_time_ns
from analyzers.table import NO_PARENT, Status
from analyzers.wire import callee_service

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Float64Array, Int32Array, Int64Array
    from analyzers.asynchrony import EdgeKeys
    from analyzers.critical_path import CriticalPath
    from analyzers.repair import Repaired
    from analyzers.table import SpanTable

FEWEST_TRACES = 30
"""Below this the spread of a mean is not known well enough to speak of causes."""


@dataclass(frozen=True)
class Cohort:
    """Requests and what they took. Trace t of `spans` is request t, its root the span by which the place was entered."""

    spans: SpanTable
    weight: Float64Array
    """How many requests each stands for, shape (n_requests,)."""
    weighted: bool
    """Some span says how it was sampled."""
    asynchronous: EdgeKeys | None = None
    """Edges known to be asynchronous by habit; None to learn them from these requests."""

    def __len__(self) -> int:
        return len(self.weight)

    @cached_property
    def duration_ns(self) -> Int64Array:
        """Of each request."""
        durations: Int64Array = self.spans.duration_ns[self.spans.root_row]
        return durations

    @cached_property
    def moment(self) -> Int64Array:
        """Which part of its window each request began in: parts of equally many, in order."""
        moment = np.empty(len(self), dtype=np.int64)
        order = np.argsort(self.spans.start_ns[self.spans.root_row], kind="stable")
        moment[order] = np.arange(len(self)) * MOMENTS // max(len(self), 1)
        return moment

    @cached_property
    def done_ns(self) -> Int64Array:
        """Of each request, until the last was done of what it began, waited for or not."""
        end_ns = self.spans.end_ns[self.spans.root_row].copy()
        np.maximum.at(end_ns, self.spans.trace, self.spans.end_ns)
        result: Int64Array = end_ns - self.spans.start_ns[self.spans.root_row]
        return result

    @cached_property
    def failed(self) -> BoolArray:
        failed: BoolArray = self.spans.status[self.spans.root_row] == Status.ERROR
        return failed

    @cached_property
    def waited(self) -> BoolArray:
        """Spans their parents waited for."""
        return waited_for(self.spans, self.habits)

    @cached_property
    def habits(self) -> EdgeKeys:
        """Edges whose callers usually do not wait."""
        return asynchronous_edges(self.spans) if self.asynchronous is None else self.asynchronous

    @cached_property
    def path(self) -> CriticalPath:
        return critical_path(self.spans, self.waited)

    @cached_property
    def self_ns(self) -> Int64Array:
        return self_time_ns(self.spans)

    @cached_property
    def callee(self) -> Int32Array:
        return callee_service(self.spans)

    @cached_property
    def children(self) -> Int64Array:
        """How many children each span has."""
        parents = self.spans.parent_row[self.spans.parent_row != NO_PARENT]
        return np.bincount(parents, minlength=len(self.spans))

    @property
    def effective(self) -> float:
        """How many equally weighted requests these are worth (Kish, 1965)."""
        total = float(self.weight.sum())
        return total * total / float((self.weight**2).sum()) if len(self) else 0.0

    @property
    def error_ratio(self) -> float:
        return float(np.average(self.failed, weights=self.weight)) if len(self) else 0.0


def cohort_of(repaired: Repaired, scope: Scope | None = None) -> Cohort:
    """The requests to a place, of all traces or of a service or operation within them.

    Within a trace a place may be entered several times, each a request with the part of the trace beneath it. Where it
    calls itself, however indirectly, the outermost call counts.
    """
    spans = repaired.spans
    weight = trace_weights(spans)
    weighted = bool(len(spans)) and not bool(np.isnan(spans.adjusted_count).all())
    if scope is None or scope == Scope() or not len(spans):
        return Cohort(spans, weight, weighted)
    entered = _outermost(spans, _entries(spans, scope))
    request = _request_of(spans, entered)
    kept = np.flatnonzero(request >= 0)
    rows = kept[np.argsort(request[kept], kind="stable")]
    taken = spans.take(rows)
    number = request[rows].astype(np.int32)
    parent = taken.parent_row.copy()
    first = np.searchsorted(number, np.arange(len(entered)))
    parent[first] = NO_PARENT
    trace = spans.trace[entered]
    cut = replace(
        taken,
        trace=number,
        parent_row=parent,
        root_row=first.astype(np.int32),
        trace_ids=tuple(spans.trace_ids[one] for one in trace.tolist()),
    )
    return Cohort(cut, weight[trace], weighted)


def _entries(spans: SpanTable, scope: Scope) -> BoolArray:
    """Where the scope is entered from outside: not its own calls to others."""
    wanted = np.ones(len(spans), dtype=np.bool_)
    if scope.service is not None:
        wanted &= spans.service == _code(spans.services, scope.service)
    if scope.operation is not None:
        named: BoolArray = wanted & (spans.operation == _code(spans.operations, scope.operation))
        return named
    entered: BoolArray = wanted & entries(spans)
    return entered


def _code(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1


def _outermost(spans: SpanTable, entry: BoolArray) -> Int64Array:
    """Entries with no other entry above them."""
    request = _request_of(spans, np.flatnonzero(entry))
    above = np.where(spans.parent_row == NO_PARENT, -1, request[spans.parent_row])
    return np.flatnonzero(entry & (above < 0))


def _request_of(spans: SpanTable, entries: Int64Array) -> Int64Array:
    """Number of the outermost entry above each span or at it, -1 for none.

    Each round passes it on to where twice as many parents lead: traces may be deep.
    """
    number = np.full(len(spans), len(entries), dtype=np.int64)
    number[entries] = np.arange(len(entries))
    above = np.where(spans.parent_row == NO_PARENT, np.arange(len(spans)), spans.parent_row)
    # Parents stand before their children and entries are numbered by row, so the outermost one has the least number.
    while True:
        reached = np.minimum(number, number[above])
        further = above[above]
        if (reached == number).all() and (further == above).all():
            break
        number, above = reached, further
    return np.where(number == len(entries), -1, number)
