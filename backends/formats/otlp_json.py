"""OTLP/JSON: what exporters send, the Collector's files, Jaeger's v3 answers and Tempo's traces."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import msgspec

from backends.formats.collector import collector_paused
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, links_to, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.flat_resource import resource_pairs
from backends.formats.json_document import NOTHING, decode_each, decode_json, decode_part
from backends.formats.otlp_value import events_of, pairs_of, scope_pairs
from backends.formats.sampling_weight import may_say_weights, weigh, weight_of_trace_state
from backends.formats.spelling import kinds, statuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzers.record import EventRecord, LinkTo, Pairs, SpanRecord
    from backends.formats.otlp_parts import MostParts

T = TypeVar("T")


class Link(msgspec.Struct, gc=False, rename="camel"):
    trace_id: str | None = None
    span_id: str | None = None


class Status(msgspec.Struct, gc=False):
    code: int | str | None = 0
    message: str | None = ""


NO_STATUS = Status()


class Span(msgspec.Struct, gc=False, rename="camel"):
    """Attributes and events stay JSON until somebody asks for them."""

    start_time_unix_nano: int
    end_time_unix_nano: int
    trace_id: str | None = None
    span_id: str | None = None
    parent_span_id: str | None = None
    name: str | None = ""
    kind: int | str | None = 0
    status: Status | None = None
    trace_state: str | None = ""
    links: list[Link] | None = None
    attributes: msgspec.Raw = NOTHING
    events: msgspec.Raw = NOTHING


class ScopeSpans(msgspec.Struct, Generic[T], gc=False, rename="camel"):
    spans: list[T] | None = None
    scope: msgspec.Raw = NOTHING
    instrumentation_library: msgspec.Raw = NOTHING
    """What scopes were called before OTLP 0.15."""


class ResourceSpans(msgspec.Struct, Generic[T], gc=False, rename="camel"):
    resource: msgspec.Raw = NOTHING
    scope_spans: list[T] | None = None
    instrumentation_library_spans: list[T] | None = None


class Document(msgspec.Struct, Generic[T], gc=False, rename="camel"):
    """Whatever holds the list: OTLP itself, Tempo (`batches`, `trace`), or Jaeger v3 (`result`)."""

    resource_spans: list[T] | msgspec.UnsetType | None = msgspec.UNSET
    batches: list[T] | msgspec.UnsetType | None = msgspec.UNSET
    trace: Document[T] | msgspec.UnsetType | None = msgspec.UNSET
    result: Document[T] | msgspec.UnsetType | None = msgspec.UNSET


class Resource(msgspec.Struct, gc=False):
    attributes: msgspec.Raw = NOTHING


# Not strict: OTLP's 64-bit integers may come as text.
DOCUMENT = msgspec.json.Decoder(Document[ResourceSpans[ScopeSpans[Span]]], strict=False)
SPAN = msgspec.json.Decoder(Span, strict=False)
# The same, for documents in which some part has the wrong type: each part by itself.
PARTS = msgspec.json.Decoder(Document[msgspec.Raw])
RESOURCE_SPANS = msgspec.json.Decoder(ResourceSpans[msgspec.Raw])
SCOPE_SPANS = msgspec.json.Decoder(ScopeSpans[msgspec.Raw])
RESOURCE = msgspec.json.Decoder(Resource | None)

Source: TypeAlias = tuple[Span, "Pairs"]
Placed: TypeAlias = tuple[Span, str, "Pairs", Source]


class OtlpJsonReader:
    """Reads what `decode_otlp_json` left in its spans."""

    def attributes(self, source: Source) -> Iterator[tuple[str, str]]:
        span, scope = source
        yield from scope
        yield from pairs_of(span.attributes)

    def events(self, source: Source) -> Iterator[EventRecord]:
        return events_of(source[0].events)


READER = OtlpJsonReader()
BAD_ID = "?"
"""In place of an id of another length."""


def decode_otlp_json(data: bytes, *, whole_ids: bool = False, most: MostParts | None = None) -> Decoded:
    """The spans of one OTLP/JSON document.

    Stores leave out the leading zeros of ids. Senders do not: with `whole_ids` a shorter one was cut off, and is rejected.

    Raises:
        NotThisFormat: it is not JSON, or JSON without a list of resource spans.
        TooMuch: it has more than `most` spans or groups of them.
    """
    problems = Problems()
    with collector_paused():
        try:
            parts: Iterable[ResourceSpans[ScopeSpans[Span]]] = _list_of(decode_json(data, DOCUMENT))
        except msgspec.ValidationError:
            parts = _patiently(data, problems)
        if most:
            parts = list(_bounded(parts, most))
        spans = [placed for part in parts for placed in _placed(part)]
        records = _records(spans, problems, _whole if whole_ids else _as_given)
        if may_say_weights(data):
            weigh(records, _said_by)
    return problems.decoded(records)


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(READER.attributes(record.source))


def _list_of(document: Document[T]) -> list[T]:
    for given in (document.resource_spans, document.batches):
        if given is not msgspec.UNSET:
            return given or []
    for wrapped in (document.trace, document.result):
        if wrapped is not msgspec.UNSET:
            # Tempo answers `{"trace": {}}` for a trace that it does not have.
            return _list_of(wrapped) if wrapped and wrapped != Document() else []
    raise NotThisFormat("it has no resourceSpans")


def _bounded(
    parts: Iterable[ResourceSpans[ScopeSpans[Span]]], most: MostParts
) -> Iterator[ResourceSpans[ScopeSpans[Span]]]:
    """The same; raises TooMuch before more is made of them."""
    spans = groups = 0
    for part in parts:
        inner = (*(part.scope_spans or ()), *(part.instrumentation_library_spans or ()))
        groups += 1 + len(inner)
        spans += sum(len(group.spans or ()) for group in inner)
        most.refuse(spans, groups)
        yield part


def _placed(part: ResourceSpans[ScopeSpans[Span]]) -> Iterator[Placed]:
    """Each span with its service, its resource and what its reader needs."""
    described = decode_part(part.resource, RESOURCE) or Resource()
    found = dict(pairs_of(described.attributes))
    service = found.get("service.name") or UNKNOWN_SERVICE
    resource = resource_pairs(found.items())
    for group in (*(part.scope_spans or ()), *(part.instrumentation_library_spans or ())):
        scope = scope_pairs(group.scope) or scope_pairs(group.instrumentation_library)
        for span in group.spans or ():
            yield span, service, resource, (span, scope)


def _as_given(text: str | None, _digits: int) -> str | None:
    return text


def _whole(text: str | None, digits: int) -> str | None:
    return text if not text or len(text) == digits or text.endswith("=") else BAD_ID


def _records(
    placed: list[Placed], problems: Problems, an_id: Callable[[str | None, int], str | None]
) -> list[SpanRecord]:
    spans = [span for span, _, _, _ in placed]
    given = [span.status or NO_STATUS for span in spans]
    columns = SpanColumns(
        trace_id=[an_id(span.trace_id, 32) for span in spans],
        span_id=[an_id(span.span_id, 16) for span in spans],
        parent_id=[an_id(span.parent_span_id, 16) for span in spans],
        service=[service for _, service, _, _ in placed],
        operation=[span.name or "" for span in spans],
        kind=kinds(span.kind for span in spans),
        status=statuses(status.code for status in given),
        start_ns=[span.start_time_unix_nano for span in spans],
        duration_ns=[span.end_time_unix_nano - span.start_time_unix_nano for span in spans],
        message=[status.message or "" for status in given],
        resource=[resource for _, _, resource, _ in placed],
        adjusted_count=[
            weight_of_trace_state(span.trace_state) if span.trace_state else math.nan for span in spans
        ],
        links=[_links(span.links) if span.links else () for span in spans],
        source=[source for _, _, _, source in placed],
    )
    return records_of(columns, READER, problems)


def _links(links: list[Link]) -> tuple[LinkTo, ...]:
    return links_to((link.trace_id, link.span_id) for link in links)


def _patiently(data: bytes, problems: Problems) -> Iterator[ResourceSpans[ScopeSpans[Span]]]:
    """The same, when some part has the wrong type."""
    try:
        parts = _list_of(decode_json(data, PARTS))
    except msgspec.ValidationError as error:
        raise NotThisFormat("it has no resourceSpans") from error
    for part in decode_each(parts, RESOURCE_SPANS, problems):
        groups = (*(part.scope_spans or ()), *(part.instrumentation_library_spans or ()))
        yield ResourceSpans(
            resource=part.resource,
            scope_spans=[
                ScopeSpans(
                    spans=list(decode_each(group.spans or (), SPAN, problems)),
                    scope=group.scope,
                    instrumentation_library=group.instrumentation_library,
                )
                for group in decode_each(groups, SCOPE_SPANS, problems)
            ],
        )
