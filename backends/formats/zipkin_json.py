"""Zipkin's v2 JSON: a list of spans, a list of traces, or one span."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from analyzers.record import EventRecord
from backends.formats.attribute_text import flattened
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.flat_resource import SharedResources, is_resource_key
from backends.formats.json_document import NOTHING, decode_each, decode_json, decode_part
from backends.formats.sampling_weight import may_say_weights, weigh
from backends.formats.spelling import KINDS, STATUSES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analyzers.record import SpanRecord


class Endpoint(msgspec.Struct, gc=False):
    service_name: str | None = msgspec.field(default="", name="serviceName")


class Annotation(msgspec.Struct, gc=False):
    timestamp: int = 0
    value: str | None = ""


class Span(msgspec.Struct, gc=False, rename="camel"):
    """Tags and annotations stay JSON until somebody asks for them."""

    timestamp: int
    trace_id: str | None = None
    id: str | None = None
    parent_id: str | None = None
    name: str | None = ""
    kind: str | None = None
    duration: int | None = 0
    local_endpoint: Endpoint | None = None
    remote_endpoint: Endpoint | None = None
    tags: msgspec.Raw = NOTHING
    annotations: msgspec.Raw = NOTHING


SPANS = msgspec.json.Decoder(list[Span], strict=False)
SPAN = msgspec.json.Decoder(Span, strict=False)
ANY_LIST = msgspec.json.Decoder(list[msgspec.Raw])
ANY_TAGS = msgspec.json.Decoder(dict[str, Any] | None)
ANNOTATION = msgspec.json.Decoder(Annotation, strict=False)
ANY_ANNOTATIONS = msgspec.json.Decoder(list[msgspec.Raw] | None)

STATUS_KEYS = frozenset({"error", "otel.status_code", "otel.status_description"})
PEER = "peer.service"
"""What OpenTelemetry's conventions call the name of a remote endpoint."""


class ZipkinJsonReader:
    """Reads what `decode_zipkin_json` left in its spans."""

    def attributes(self, source: Span) -> Iterator[tuple[str, str]]:
        tags = _tags(source)
        for key, text in tags.items():
            if key not in STATUS_KEYS and not is_resource_key(key):
                yield key, text
        if source.remote_endpoint and source.remote_endpoint.service_name and PEER not in tags:
            yield PEER, source.remote_endpoint.service_name

    def events(self, source: Span) -> Iterator[EventRecord]:
        raws = decode_part(source.annotations, ANY_ANNOTATIONS) or ()
        for annotation in decode_each(raws, ANNOTATION, Problems()):
            yield EventRecord(annotation.timestamp * 1000, annotation.value or "", ())


READER = ZipkinJsonReader()


def decode_zipkin_json(data: bytes) -> Decoded:
    """The spans of one document. A span without a kind is internal, as OpenTelemetry writes it.

    Raises:
        NotThisFormat: it is not JSON, or JSON without spans of Zipkin's form.
    """
    problems = Problems()
    try:
        spans = decode_json(data, SPANS)
    except msgspec.ValidationError:
        spans = list(_patiently(data, problems))
    if (spans or problems.count) and not any(span.trace_id and span.id for span in spans):
        raise NotThisFormat("it has no spans of Zipkin's form")
    records = _records(spans, problems)
    if may_say_weights(data):
        weigh(records, _said_by)
    return problems.decoded(records)


def _patiently(data: bytes, problems: Problems) -> Iterator[Span]:
    """The same for lists of traces and single spans, and when some part has the wrong type."""
    raws = decode_json(data, ANY_LIST) if data.lstrip()[:1] == b"[" else [_checked(data)]
    for raw in raws:
        trace = decode_part(raw, ANY_LIST)
        yield from decode_each([raw] if trace is None else trace, SPAN, problems)


def _checked(data: bytes) -> msgspec.Raw:
    try:
        decode_json(data, SPAN)
    except msgspec.ValidationError as error:
        raise NotThisFormat("it has no spans of Zipkin's form") from error
    return msgspec.Raw(data)


def _said_by(record: SpanRecord) -> Mapping[str, str]:
    return _tags(record.source)


def _tags(span: Span) -> dict[str, str]:
    """Every tag as text; maps that some tools put here are flattened into dotted keys."""
    return dict(flattened(decode_part(span.tags, ANY_TAGS) or {}))


def _records(spans: list[Span], problems: Problems) -> list[SpanRecord]:
    shared = SharedResources()
    tags = [_tags(span) for span in spans]
    columns = SpanColumns(
        trace_id=[span.trace_id for span in spans],
        span_id=[span.id for span in spans],
        parent_id=[span.parent_id for span in spans],
        service=[_service(span) for span in spans],
        operation=[span.name or "" for span in spans],
        kind=[KINDS.get(span.kind or "INTERNAL", UNKNOWN) for span in spans],
        status=[_status(of_span) for of_span in tags],
        start_ns=[span.timestamp * 1000 for span in spans],
        duration_ns=[(span.duration or 0) * 1000 for span in spans],
        message=[_message(of_span) for of_span in tags],
        resource=[shared(of_span.items()) for of_span in tags],
        adjusted_count=[math.nan] * len(spans),
        links=[()] * len(spans),
        source=spans,
    )
    return records_of(columns, READER, problems)


def _service(span: Span) -> str:
    return (span.local_endpoint and span.local_endpoint.service_name) or UNKNOWN_SERVICE


def _status(tags: Mapping[str, str]) -> int:
    """The `error` tag means an error by being there, even when empty; only OpenTelemetry's own status is above it."""
    if tags.get("otel.status_code"):
        return STATUSES.get(tags["otel.status_code"], UNKNOWN)
    return STATUSES["ERROR"] if tags.get("error", "false") != "false" else UNKNOWN


def _message(tags: Mapping[str, str]) -> str:
    error = tags.get("error", "")
    return tags.get("otel.status_description") or ("" if error in {"true", "false"} else error)
