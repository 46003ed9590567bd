"""What Jaeger's JSON consists of, and what a part of it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from analyzers.record import EventRecord
from backends.formats.attribute_text import text_of
from backends.formats.columns import UNKNOWN_SERVICE, links_to
from backends.formats.decoded import Problems
from backends.formats.flat_resource import resource_pairs
from backends.formats.identity import trace_id
from backends.formats.json_document import NOTHING, decode_each, decode_part
from backends.formats.spelling import KINDS, STATUSES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.record import LinkTo, Pairs

T = TypeVar("T")


class Tag(msgspec.Struct, gc=False):
    """The type is not read: the JSON value says as much, and VictoriaTraces calls everything a string."""

    key: str | None = ""
    value: Any = None


class Reference(msgspec.Struct, gc=False):
    ref_type: str | None = msgspec.field(default="", name="refType")
    trace_id: str | None = msgspec.field(default="", name="traceID")
    span_id: str | None = msgspec.field(default="", name="spanID")


class Process(msgspec.Struct, gc=False):
    service_name: str | None = msgspec.field(default="", name="serviceName")
    tags: msgspec.Raw = NOTHING


class Span(msgspec.Struct, gc=False):
    """Tags and logs stay JSON until somebody asks for them."""

    start_us: int = msgspec.field(name="startTime")
    duration_us: int = msgspec.field(default=0, name="duration")
    trace_id: str | None = msgspec.field(default=None, name="traceID")
    span_id: str | None = msgspec.field(default=None, name="spanID")
    operation: str | None = msgspec.field(default="", name="operationName")
    references: list[Reference] | None = None
    tags: msgspec.Raw = NOTHING
    logs: msgspec.Raw = NOTHING
    process_id: str | None = msgspec.field(default="", name="processID")
    process: Process | None = None
    """Where each span carries its own, as in what Jaeger keeps in Elasticsearch."""


class TagsAndLogs(msgspec.Struct, gc=False):
    """What is left of a span that became a row of columns."""

    tags: msgspec.Raw
    logs: msgspec.Raw


class Trace(msgspec.Struct, Generic[T], gc=False):
    spans: list[T] | msgspec.UnsetType | None = msgspec.UNSET
    processes: msgspec.Raw = NOTHING
    trace_id: str | None = msgspec.field(default=None, name="traceID")


class Document(msgspec.Struct, Generic[T], gc=False):
    """An answer, or a single trace, which has spans where an answer has data."""

    data: list[T] | msgspec.UnsetType | None = msgspec.UNSET
    spans: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Log(msgspec.Struct, gc=False):
    timestamp_us: int = msgspec.field(default=0, name="timestamp")
    fields: msgspec.Raw = NOTHING


class Facts(NamedTuple):
    """What the columns need of the tags."""

    kind: int
    status: int
    message: str


TAGS = msgspec.json.Decoder(list[Tag] | None)
TAG = msgspec.json.Decoder(Tag)
ANY_TAGS = msgspec.json.Decoder(list[msgspec.Raw] | None)
LOG = msgspec.json.Decoder(Log, strict=False)

OPENTELEMETRY_KEYS = frozenset({"span.kind", "otel.status_code", "otel.status_description", "w3c.tracestate"})
"""Tags that stand for fields of an OTLP span and are no attributes of it."""
PLAIN_ERRORS = {
    "true": STATUSES["ERROR"],
    "false": STATUSES["OK"],
    "unset": STATUSES["UNSET"],  # VictoriaTraces
}
Named: TypeAlias = tuple[str, "Pairs"]
Referred: TypeAlias = tuple[str | None, tuple["LinkTo", ...]]
NO_REFERENCES: Referred = (None, ())


class JaegerJsonReader:
    """Reads what `decode_jaeger_json` left in its spans."""

    def attributes(self, source: Span | TagsAndLogs) -> Iterator[tuple[str, str]]:
        for key, text in tag_pairs(source.tags):
            if key not in OPENTELEMETRY_KEYS and not (key == "error" and text in PLAIN_ERRORS):
                yield key, text

    def events(self, source: Span | TagsAndLogs) -> Iterator[EventRecord]:
        for log in decode_each(decode_part(source.logs, ANY_TAGS) or (), LOG, Problems()):
            fields = tuple(tag_pairs(log.fields))
            name = next((text for key, text in fields if key == "event"), "")
            others = tuple((key, text) for key, text in fields if key != "event")
            yield EventRecord(log.timestamp_us * 1000, name, others)


READER = JaegerJsonReader()


def tag_pairs(raw: msgspec.Raw) -> Iterator[tuple[str, str]]:
    """Keys and texts of a list of tags, without those that are none."""
    try:
        tags: Iterable[Tag] = TAGS.decode(raw) or ()
    except (ValueError, RecursionError):
        tags = decode_each(decode_part(raw, ANY_TAGS) or (), TAG, Problems())
    for tag in tags:
        yield tag.key or "", text_of(tag.value)


def named(process: Process) -> Named:
    """Service and resource."""
    return process.service_name or UNKNOWN_SERVICE, resource_pairs(tag_pairs(process.tags))


def referred(own_trace_id: str | None, references: list[Reference] | None) -> Referred:
    """The parent, which is the first CHILD_OF in the same trace, and every other reference as a link."""
    if not references:
        return NO_REFERENCES
    parents = [
        one for one in references if one.ref_type == "CHILD_OF" and _same_trace(one.trace_id, own_trace_id)
    ]
    links = [one for one in references if one not in parents]
    return parents[0].span_id if parents else None, links_to(
        (one.trace_id or own_trace_id, one.span_id) for one in links
    )


def _same_trace(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other or trace_id(one) == trace_id(other)


def facts_of(raw: msgspec.Raw) -> Facts:
    tags = dict(tag_pairs(raw))
    kind = KINDS.get(tags.get("span.kind", ""), UNKNOWN)
    status = status_of(tags.get("otel.status_code"), tags.get("error"))
    return Facts(kind, status, tags.get("otel.status_description", ""))


def status_of(code: str | None, error: str | None) -> int:
    """What OpenTelemetry's tag says, or else Jaeger's own."""
    if code:
        return STATUSES.get(code, UNKNOWN)
    # Whoever writes a text of their own into the tag means an error.
    return PLAIN_ERRORS.get(error.lower(), STATUSES["ERROR"]) if error else UNKNOWN
