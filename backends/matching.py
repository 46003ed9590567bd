"""Which spans answer a query, for stores that cannot be trusted to know, or cannot be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.table import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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
        and (not query.attributes or _has_attributes(span, query.attributes))
    )


def newest_match_ns(spans: Iterable[SpanRecord], query: SpanQuery) -> dict[str, int]:
    """The traces with a matching span, each with the start of its newest one."""
    newest: dict[str, int] = {}
    for span in spans:
        if matches(span, query):
            newest[span.trace_id] = max(newest.get(span.trace_id, 0), span.start_ns)
    return newest


def newest_traces(newest_ns: dict[str, int], limit: int) -> list[str]:
    """At most `limit` trace ids, newest first; equal ones by id, so that the choice never depends on arrival."""
    return sorted(newest_ns, key=lambda trace_id: (-newest_ns[trace_id], trace_id))[: max(limit, 0)]


def of_traces(spans: Iterable[SpanRecord], trace_ids: Collection[str]) -> list[SpanRecord]:
    """The spans of these traces."""
    wanted = set(trace_ids)
    return [span for span in spans if span.trace_id in wanted]


def _has_attributes(span: SpanRecord, wanted: Sequence[tuple[str, str]]) -> bool:
    """On the span, where the last of equal keys counts, or else on its resource."""
    of_resource = {"service.name": span.service, **dict(span.resource)}
    if all(of_resource.get(key) == value for key, value in wanted):
        return True
    of_span = dict(span.reader.attributes(span.source))
    return all(value in {of_span.get(key), of_resource.get(key)} for key, value in wanted)
