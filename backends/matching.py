"""Which spans answer a query, for stores that cannot be trusted to know, or cannot be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.batch import SpanBatch
from analyzers.record import EVENT_NAME_KEYS
from analyzers.table import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analyzers.record import SpanRecord
    from backends.interface import SpanQuery


def matches(span: SpanRecord, query: SpanQuery) -> bool:
    """Whether this one span is all that the query wants."""
    return (
        query.start_ns <= span.start_ns < query.end_ns
        and (query.service is None or span.service == query.service)
        and (query.operation is None or span.operation == query.operation)
        and (not query.errors_only or span.status == Status.ERROR)
        and span.duration_ns >= query.min_duration_ns
        and (not query.attributes or _has_attributes(span, query))
    )


def newest_match_ns(spans: Sequence[SpanRecord], query: SpanQuery) -> dict[str, int]:
    """The traces with a matching span, each with the start of its newest one."""
    newest: dict[str, int] = {}
    for span in _possible(spans, query):
        if matches(span, query):
            newest[span.trace_id] = max(newest.get(span.trace_id, 0), span.start_ns)
    return newest


def newest_traces(newest_ns: dict[str, int], limit: int) -> list[str]:
    """At most `limit` trace ids, newest first; equal ones by id, so that the choice never depends on arrival."""
    return sorted(newest_ns, key=lambda trace_id: (-newest_ns[trace_id], trace_id))[: max(limit, 0)]


def of_traces(spans: Sequence[SpanRecord], trace_ids: Collection[str]) -> Sequence[SpanRecord]:
    """The spans of these traces."""
    wanted = set(trace_ids)
    if isinstance(spans, SpanBatch):
        return spans.take(np.flatnonzero(spans.trace_id.among(wanted)))
    return [span for span in spans if span.trace_id in wanted]


def traces_of(spans: Sequence[SpanRecord]) -> set[str]:
    """The ids of the traces that these spans are of."""
    return spans.trace_id.used() if isinstance(spans, SpanBatch) else {span.trace_id for span in spans}


def _possible(spans: Sequence[SpanRecord], query: SpanQuery) -> Sequence[SpanRecord]:
    """Without the spans of a batch that some column rules out."""
    if not isinstance(spans, SpanBatch):
        return spans
    possible = (spans.start_ns >= query.start_ns) & (spans.start_ns < query.end_ns)
    possible &= spans.duration_ns >= query.min_duration_ns
    if query.service is not None:
        possible &= spans.service.among({query.service})
    if query.operation is not None:
        possible &= spans.operation.among({query.operation})
    if query.errors_only:
        possible &= spans.status == Status.ERROR
    return spans.take(np.flatnonzero(possible))


def _has_attributes(span: SpanRecord, query: SpanQuery) -> bool:
    """On the span, where the last of equal keys counts, or else on its resource, or on an event if that is wanted.

    What is asked of the name of events is always looked for there.
    """
    wanted = query.attributes
    of_resource = {"service.name": span.service, **dict(span.resource)}
    if all(of_resource.get(key) == value for key, value in wanted):
        return True
    of_span = dict(span.reader.attributes(span.source))
    named = any(key in EVENT_NAME_KEYS for key, _ in wanted)
    events = tuple(span.reader.events(span.source)) if query.in_events or named else ()
    of_events = {pair for event in events for pair in event.attributes} if query.in_events else set()
    of_events |= {(key, event.name) for event in events for key in EVENT_NAME_KEYS}
    return all(
        value in {of_span.get(key), of_resource.get(key)} or (key, value) in of_events
        for key, value in wanted
    )
