"""Jaeger's JSON: its v1 answers, and what its web page saves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from analyzers.record import EventRecord
from backends.formats.attribute_text import text_of
from backends.formats.collector import collector_paused
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, links_to, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.flat_resource import resource_pairs
from backends.formats.identity import trace_id
from backends.formats.json_document import NOTHING, decode_each, decode_json, decode_part
from backends.formats.sampling_weight import may_say_weights, weigh
from backends.formats.spelling import KINDS, STATUSES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analyzers.record import LinkTo, Pairs, SpanRecord

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


# Not strict: some tools write the numbers as text.
DOCUMENT = msgspec.json.Decoder(Document[Trace[Span]], strict=False)
TRACE = msgspec.json.Decoder(Trace[Span], strict=False)
TRACES = msgspec.json.Decoder(list[Trace[Span]], strict=False)
SPAN = msgspec.json.Decoder(Span, strict=False)
# The same, for documents in which some part has the wrong type: each part by itself.
ANY_DOCUMENT = msgspec.json.Decoder(Document[msgspec.Raw])
ANY_TRACE = msgspec.json.Decoder(Trace[msgspec.Raw])
ANY_LIST = msgspec.json.Decoder(list[msgspec.Raw])
PROCESSES = msgspec.json.Decoder(dict[str, Process] | None)
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
KINDS_KEPT = 64
NO_REFERENCES = (None, ())
Named: TypeAlias = tuple[str, "Pairs"]


class JaegerJsonReader:
    """Reads what `decode_jaeger_json` left in its spans."""

    def attributes(self, source: Span) -> Iterator[tuple[str, str]]:
        for key, text in tag_pairs(source.tags):
            if key not in OPENTELEMETRY_KEYS and not (key == "error" and text in PLAIN_ERRORS):
                yield key, text

    def events(self, source: Span) -> Iterator[EventRecord]:
        for log in decode_each(decode_part(source.logs, ANY_TAGS) or (), LOG, Problems()):
            fields = tuple(tag_pairs(log.fields))
            name = next((text for key, text in fields if key == "event"), "")
            others = tuple((key, text) for key, text in fields if key != "event")
            yield EventRecord(log.timestamp_us * 1000, name, others)


READER = JaegerJsonReader()


def decode_jaeger_json(data: bytes) -> Decoded:
    """The spans of one document: `{"data": [...]}`, a list of traces, or a trace.

    Raises:
        NotThisFormat: it is not JSON, or JSON without traces of Jaeger's form.
    """
    problems = Problems()
    with collector_paused():
        try:
            traces: Iterable[Trace[Span]] = _traces(data)
        except msgspec.ValidationError:
            traces = list(_patiently(data, problems))
        records = _records(traces, problems)
        if may_say_weights(data):
            weigh(records, _said_by)
    return problems.decoded(records)


def tag_pairs(raw: msgspec.Raw) -> Iterator[tuple[str, str]]:
    """Keys and texts of a list of tags, without those that are none."""
    try:
        tags: Iterable[Tag] = TAGS.decode(raw) or ()
    except (ValueError, RecursionError):
        tags = decode_each(decode_part(raw, ANY_TAGS) or (), TAG, Problems())
    for tag in tags:
        yield tag.key or "", text_of(tag.value)


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(tag_pairs(record.source.tags))


def _traces(data: bytes) -> list[Trace[Span]]:
    if data.lstrip()[:1] == b"[":
        traces = decode_json(data, TRACES)
        _refuse_unless(not traces or any(trace.spans is not msgspec.UNSET for trace in traces))
        return traces
    document = decode_json(data, DOCUMENT)
    if document.spans is not msgspec.UNSET:
        return [decode_json(data, TRACE)]
    _refuse_unless(document.data is not msgspec.UNSET)
    return document.data or []


def _patiently(data: bytes, problems: Problems) -> Iterator[Trace[Span]]:
    """The same, when some part has the wrong type."""
    try:
        parts = _parts(data)
    except msgspec.ValidationError as error:
        raise NotThisFormat("it has no traces of Jaeger's form") from error
    for trace in decode_each(parts, ANY_TRACE, problems):
        yield Trace(list(decode_each(trace.spans or (), SPAN, problems)), trace.processes, trace.trace_id)


def _parts(data: bytes) -> list[msgspec.Raw]:
    if data.lstrip()[:1] == b"[":
        parts = decode_json(data, ANY_LIST)
        _refuse_unless(b'"spans"' in data)
        return parts
    document = decode_json(data, ANY_DOCUMENT)
    if document.spans is not msgspec.UNSET:
        decode_json(data, ANY_TRACE)
        return [msgspec.Raw(data)]
    _refuse_unless(document.data is not msgspec.UNSET)
    return document.data or []


def _refuse_unless(jaeger: bool) -> None:
    if not jaeger:
        raise NotThisFormat("it has no traces of Jaeger's form")


def _records(traces: Iterable[Trace[Span]], problems: Problems) -> list[SpanRecord]:
    spans: list[Span] = []
    trace_ids: list[str | None] = []
    named: list[Named] = []
    for trace in traces:
        of_trace = trace.spans or []
        spans += of_trace
        trace_ids += [span.trace_id or trace.trace_id for span in of_trace]
        named += _processes(of_trace, decode_part(trace.processes, PROCESSES) or {})
    facts = _Facts()
    referred = [_referred(span) for span in spans]
    told = [facts(bytes(span.tags)) for span in spans]
    columns = SpanColumns(
        trace_id=trace_ids,
        span_id=[span.span_id for span in spans],
        parent_id=[parent for parent, _ in referred],
        service=[service for service, _ in named],
        operation=[span.operation or "" for span in spans],
        kind=[kind for kind, _, _ in told],
        status=[status for _, status, _ in told],
        start_ns=[span.start_us * 1000 for span in spans],
        duration_ns=[span.duration_us * 1000 for span in spans],
        message=[message for _, _, message in told],
        resource=[resource for _, resource in named],
        adjusted_count=[math.nan] * len(spans),
        links=[links for _, links in referred],
        source=spans,
    )
    return records_of(columns, READER, problems)


def _processes(spans: list[Span], processes: Mapping[str, Process]) -> list[Named]:
    """Service and resource of each span; equal ones are one object."""
    named = {process_id: _named(process) for process_id, process in processes.items()}
    unknown = (UNKNOWN_SERVICE, ())
    return [
        _named(span.process) if span.process else named.get(span.process_id or "", unknown) for span in spans
    ]


def _named(process: Process) -> Named:
    return process.service_name or UNKNOWN_SERVICE, resource_pairs(tag_pairs(process.tags))


def _referred(span: Span) -> tuple[str | None, tuple[LinkTo, ...]]:
    """The parent, which is the first CHILD_OF in the same trace, and every other reference as a link."""
    references = span.references
    if not references:
        return NO_REFERENCES
    if (
        len(references) == 1
        and references[0].ref_type == "CHILD_OF"
        and references[0].trace_id == span.trace_id
    ):
        return references[0].span_id, ()
    parents = [
        one for one in references if one.ref_type == "CHILD_OF" and _same_trace(one.trace_id, span.trace_id)
    ]
    links = [one for one in references if one not in parents]
    return parents[0].span_id if parents else None, links_to(
        (one.trace_id or span.trace_id, one.span_id) for one in links
    )


def _same_trace(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other or trace_id(one) == trace_id(other)


class _Facts:
    """Reads kind and status out of a span's tags.

    Most spans have no tag on errors, and their kind is one of few tags, written alike in a whole document: those are
    recognised by their bytes, and the others read as JSON.
    """

    def __init__(self) -> None:
        self._of_kind: dict[bytes, Facts] = {}

    def __call__(self, tags: bytes) -> Facts:
        # From the end, since that search is twice as quick as the one from the beginning.
        if tags.rfind(b'"error"') >= 0 or tags.rfind(b'"otel.status_') >= 0:
            return _facts(dict(tag_pairs(msgspec.Raw(tags))))
        at = tags.rfind(b'"span.kind"')
        if at < 0:
            return NO_FACTS
        tag = tags[tags.rfind(b"{", 0, at) : tags.find(b"}", at) + 1]
        return self._of_kind.get(tag) or self._learnt(tag, tags)

    def _learnt(self, tag: bytes, tags: bytes) -> Facts:
        facts = _facts(dict(tag_pairs(msgspec.Raw(tags))))
        alone = dict(tag_pairs(msgspec.Raw(b"[" + tag + b"]")))
        if len(self._of_kind) < KINDS_KEPT and "span.kind" in alone and _facts(alone) == facts:
            self._of_kind[tag] = facts
        return facts


NO_FACTS = Facts(UNKNOWN, UNKNOWN, "")


def _facts(tags: Mapping[str, str]) -> Facts:
    kind = KINDS.get(tags.get("span.kind", ""), UNKNOWN)
    code = tags.get("otel.status_code")
    status = STATUSES.get(code, UNKNOWN) if code else _status_of_error(tags.get("error"))
    return Facts(kind, status, tags.get("otel.status_description", ""))


def _status_of_error(error: str | None) -> int:
    """Whoever writes a text of their own into the tag means an error."""
    return PLAIN_ERRORS.get(error.lower(), STATUSES["ERROR"]) if error else UNKNOWN
