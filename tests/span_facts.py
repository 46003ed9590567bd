"""Everything that is known of a span as one comparable value, from a table and, the slow way, from OTLP."""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span

    from analyzers.record import SpanRecord
    from analyzers.table import SpanTable

SCOPE = ("otel.scope.name", "otel.scope.version")


class SpanFacts(NamedTuple):
    """One span; attributes sorted, times cut down to the resolution that is compared."""

    trace_id: str
    start_ns: int
    span_id: int
    duration_ns: int
    parent_id: int
    service: str
    operation: str
    kind: int
    status: int
    message: str
    resource: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...]
    events: tuple[tuple[int, str, tuple[tuple[str, str], ...]], ...]
    links: tuple[tuple[str, int], ...]
    adjusted_count: float


def facts_of(spans: SpanTable, resolution_ns: int = 1) -> list[SpanFacts]:
    """Of each span in a table, sorted."""
    return sorted(_of_record(spans.details.record(row), resolution_ns) for row in range(len(spans)))


def _of_record(span: SpanRecord, resolution_ns: int) -> SpanFacts:
    return SpanFacts(
        trace_id=span.trace_id,
        start_ns=span.start_ns // resolution_ns * resolution_ns,
        span_id=span.span_id,
        duration_ns=span.duration_ns // resolution_ns * resolution_ns,
        parent_id=span.parent_id,
        service=span.service,
        operation=span.operation,
        kind=int(span.kind),
        status=int(span.status),
        message=span.message,
        resource=_sorted(span.resource),
        attributes=_sorted(span.reader.attributes(span.source)),
        events=tuple(
            (event.time_ns // resolution_ns * resolution_ns, event.name, _sorted(event.attributes))
            for event in span.reader.events(span.source)
        ),
        links=tuple((link.trace_id, link.span_id) for link in span.links),
        adjusted_count=-1.0 if math.isnan(span.adjusted_count) else span.adjusted_count,
    )


def facts_sent(
    request: ExportTraceServiceRequest, trace_ids: Iterable[str] | None = None, resolution_ns: int = 1
) -> list[SpanFacts]:
    """Of each span in an export request, or of those of some traces, sorted; the slow twin of a decoder."""
    wanted = None if trace_ids is None else set(trace_ids)
    return sorted(
        facts for facts in _all_sent(request, resolution_ns) if wanted is None or facts.trace_id in wanted
    )


def _all_sent(request: ExportTraceServiceRequest, resolution_ns: int) -> Iterator[SpanFacts]:
    for of_resource in request.resource_spans:
        resource = dict(_texts(of_resource.resource.attributes))
        service = resource.pop("service.name")
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield _of_sent(span, of_scope, service, _sorted(resource.items()), resolution_ns)


def _of_sent(
    span: Span, scope: ScopeSpans, service: str, resource: tuple[tuple[str, str], ...], resolution_ns: int
) -> SpanFacts:
    scoped = [(SCOPE[0], scope.scope.name), (SCOPE[1], scope.scope.version)]
    return SpanFacts(
        trace_id=span.trace_id.hex(),
        start_ns=span.start_time_unix_nano // resolution_ns * resolution_ns,
        span_id=int.from_bytes(span.span_id),
        duration_ns=(span.end_time_unix_nano - span.start_time_unix_nano) // resolution_ns * resolution_ns,
        parent_id=int.from_bytes(span.parent_span_id),
        service=service,
        operation=span.name,
        kind=span.kind,
        status=span.status.code,
        message=span.status.message,
        resource=resource,
        attributes=_sorted([*_texts(span.attributes), *(pair for pair in scoped if pair[1])]),
        events=tuple(
            (
                event.time_unix_nano // resolution_ns * resolution_ns,
                event.name,
                _sorted(_texts(event.attributes)),
            )
            for event in span.events
        ),
        links=tuple((link.trace_id.hex(), int.from_bytes(link.span_id)) for link in span.links),
        adjusted_count=4.0 if "th:c" in span.trace_state else -1.0,  # the only threshold in the data: 1 in 4
    )


def _texts(pairs: Iterable[KeyValue]) -> list[tuple[str, str]]:
    return [(pair.key, _text(_plain(pair.value))) for pair in pairs]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: AnyValue) -> Any:
    match value.WhichOneof("value"):
        case "array_value":
            return [_plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {item.key: _plain(item.value) for item in value.kvlist_value.values}
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case "double_value" if value.double_value.is_integer():
            return int(value.double_value)
        case kind:
            return getattr(value, kind or "string_value")


def _sorted(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs))
