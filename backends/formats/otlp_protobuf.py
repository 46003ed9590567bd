"""OTLP as protobuf: what exporters send and Tempo answers (TracesData and ExportTraceServiceRequest are alike)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, TracesData

from analyzers.record import EventRecord
from backends.formats.attribute_text import (
    SCOPE_NAME,
    SCOPE_VERSION,
    compact_json,
    text_of_bytes,
    text_of_double,
)
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, links_to, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems, TooMuch
from backends.formats.flat_resource import resource_pairs
from backends.formats.otlp_parts import (
    MOST_DETAILS,
    MOST_GROUPS_OR_SPANS,
    Broken,
    MostParts,
    refuse_too_much,
)
from backends.formats.sampling_weight import may_say_weights, weigh, weight_of_trace_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource

    from analyzers.record import Pairs, SpanReader, SpanRecord

Source: TypeAlias = "tuple[Span, Pairs]"
Placed: TypeAlias = "tuple[Span, str, Pairs, Any]"
"""A span with its service, its resource, and what its reader needs."""
BAD_ID = "?"
"""In place of an id of another length."""

FIELD_1 = b"\x0a"  # the tag of field 1 with a length after it
SMALLEST_SPAN = 30  # bytes: two ids with a tag and a length before each, and before all of it
EMPTY_FIELDS = b"\x0a\x12\x00"  # Tempo answers `0a 00 12 00` for a trace that it does not have


class Bomb(NotThisFormat):
    """It holds so much that there is no room for it to be spans."""


class OtlpProtobufReader:
    """Reads what `decode_otlp_protobuf` left in its spans."""

    def attributes(self, source: Source) -> Iterator[tuple[str, str]]:
        span, scope = source
        yield from scope
        yield from pairs_of(span.attributes)

    def events(self, source: Source) -> Iterator[EventRecord]:
        return events_of(source[0])


READER = OtlpProtobufReader()


def decode_otlp_protobuf(data: bytes) -> Decoded:
    """The spans of one message.

    Raises:
        NotThisFormat: it is no such message.
    """
    problems = Problems()
    message = _parsed(data)
    placed = [one for part in message.resource_spans for one in placed_spans(part)]
    records = records_of_spans(placed, READER, problems)
    if may_say_weights(data):
        weigh(records, _said_by)
    return problems.decoded(records)


def pairs_of(attributes: Iterable[KeyValue]) -> Iterator[tuple[str, str]]:
    """Keys and values as text."""
    for pair in attributes:
        yield pair.key, value_text(pair.value)


def events_of(span: Span) -> Iterator[EventRecord]:
    for event in span.events:
        yield EventRecord(event.time_unix_nano, event.name, tuple(pairs_of(event.attributes)))


def _parsed(data: bytes) -> TracesData:
    """The message. Any bytes may pass for protobuf with unknown fields, so it must hold something that is known."""
    try:
        _refuse_bomb(data)
        message: TracesData = TracesData.FromString(data)
    except (Broken, DecodeError) as error:
        return _wrapped(data, error)
    if _has_spans(message) or not data.strip(EMPTY_FIELDS):
        return message
    if any(part.HasField("resource") for part in message.resource_spans):
        # Tempo's wrapping can pass for a resource without spans, hence the second look.
        try:
            return _wrapped(data, None)
        except Bomb:
            raise
        except NotThisFormat:
            return message
    raise NotThisFormat("it is protobuf at best, but has no spans of OTLP's form")


def _refuse_bomb(data: bytes) -> None:
    """Read on only where this says nothing.

    Raises:
        Bomb: most spans must be too short to be any.
        Broken: it is no such message.
    """
    many = max(MOST_GROUPS_OR_SPANS, len(data) // SMALLEST_SPAN)
    try:
        refuse_too_much(data, MostParts(many, many, len(data), MOST_DETAILS))
    except TooMuch as error:
        raise Bomb(f"it holds {error}, and has no room for so many") from error


def _has_spans(message: TracesData) -> bool:
    return any(group.spans for part in message.resource_spans for group in part.scope_spans)


def _wrapped(data: bytes, error: Exception | None) -> TracesData:
    """The message within Tempo's v2 answer, whose first field it is."""
    first = _first_field(data)
    _refuse_bomb(first)
    try:
        message: TracesData = TracesData.FromString(first)
    except DecodeError:
        message = TracesData()
    if not _has_spans(message):
        raise NotThisFormat("it is no OTLP message, or only the beginning of one") from error
    return message


def _first_field(data: bytes) -> bytes:
    """What the first field holds, where it is number 1 and holds bytes; else nothing."""
    length, shift, at = 0, 0, 1
    while data[:1] == FIELD_1 and at < min(len(data), 6):
        length |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return data[at : at + length]
    return b""


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(READER.attributes(record.source))


def placed_spans(part: ResourceSpans) -> Iterator[Placed]:
    """Each span of a resource; the source is the span with its scope's attributes."""
    service, resource = resource_of(part.resource)
    for group in part.scope_spans:
        scope = scope_pairs(group.scope)
        for span in group.spans:
            yield span, service, resource, (span, scope)


def resource_of(resource: Resource) -> tuple[str, Pairs]:
    """The service's name, and what else is said of the process."""
    found = dict(pairs_of(resource.attributes))
    return found.get("service.name") or UNKNOWN_SERVICE, resource_pairs(found.items())


def scope_pairs(scope: InstrumentationScope) -> Pairs:
    """The instrumentation scope as attributes."""
    named = ((SCOPE_NAME, scope.name), (SCOPE_VERSION, scope.version))
    return (*((key, text) for key, text in named if text), *pairs_of(scope.attributes))


def records_of_spans(placed: list[Placed], reader: SpanReader, problems: Problems) -> list[SpanRecord]:
    """A record for each readable span; the others are counted."""
    spans = [span for span, _, _, _ in placed]
    starts = [span.start_time_unix_nano for span in spans]
    statuses = [span.status for span in spans]
    columns = SpanColumns(
        trace_id=_hex([span.trace_id for span in spans], 16),
        span_id=_hex([span.span_id for span in spans], 8),
        parent_id=_hex([span.parent_span_id for span in spans], 8),
        service=[service for _, service, _, _ in placed],
        operation=[span.name for span in spans],
        kind=[kind if 0 <= kind <= 5 else 0 for kind in [span.kind for span in spans]],
        status=[code if 0 <= code <= 2 else 0 for code in [status.code for status in statuses]],
        start_ns=starts,
        duration_ns=[span.end_time_unix_nano - start for span, start in zip(spans, starts, strict=True)],
        message=[status.message for status in statuses],
        resource=[resource for _, _, resource, _ in placed],
        adjusted_count=[
            weight_of_trace_state(state) if (state := span.trace_state) else math.nan for span in spans
        ],
        links=[
            links_to((link.trace_id.hex(), link.span_id.hex()) for link in span.links) if span.links else ()
            for span in spans
        ],
        source=[source for _, _, _, source in placed],
    )
    return records_of(columns, reader, problems)


def _hex(ids: list[bytes], length: int) -> list[str]:
    """Ids as text. Here they have their full length: a shorter one was cut off, and would be another id if it were padded."""
    return [one.hex() if len(one) == length else BAD_ID if one else "" for one in ids]


def value_text(value: AnyValue) -> str:
    """The canonical form of `SpanReader.attributes`."""
    if text := value.string_value:
        return text
    kind = value.WhichOneof("value")
    if kind == "string_value":
        return ""
    if kind == "double_value":
        return text_of_double(value.double_value)
    if kind == "bool_value":
        return "true" if value.bool_value else "false"
    plain = _plain(value)
    return compact_json(plain) if isinstance(plain, list | dict) else "" if plain is None else str(plain)


def _plain(value: AnyValue) -> Any:
    """The value as plain JSON, bytes as base64."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {pair.key: _plain(pair.value) for pair in value.kvlist_value.values}
    if kind == "bytes_value":
        return text_of_bytes(value.bytes_value)
    return None if kind is None else getattr(value, kind)
