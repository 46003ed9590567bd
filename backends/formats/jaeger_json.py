"""Jaeger's JSON: its v1 answers, and what its web page saves."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import msgspec

from analyzers.kernel import COMPILE_FROM_ITEMS
from backends.formats.collector import collector_paused
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.jaeger_batch import read_batch
from backends.formats.jaeger_span import (
    READER,
    Document,
    Process,
    Span,
    Trace,
    facts_of,
    named,
    referred,
    tag_pairs,
)
from backends.formats.json_document import decode_each, decode_json, decode_part
from backends.formats.sampling_weight import may_say_weights, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analyzers.record import SpanRecord
    from backends.formats.jaeger_span import Named

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

LARGE_BYTES = 100_000
"""From here on it pays to set up the quick way, where numba is loaded already."""
HUGE_BYTES = COMPILE_FROM_ITEMS * 600
"""From here on it pays to load numba: so many spans, of about 600 bytes each, are analysed with its help anyway."""


def decode_jaeger_json(data: bytes) -> Decoded:
    """The spans of one document: `{"data": [...]}`, a list of traces, or a trace.

    Raises:
        NotThisFormat: it is not JSON, or JSON without traces of Jaeger's form.
    """
    with collector_paused():
        batch = (
            read_batch(data) if len(data) >= (LARGE_BYTES if "numba" in sys.modules else HUGE_BYTES) else None
        )
        return decode_span_by_span(data) if batch is None else Decoded(batch)


def decode_span_by_span(data: bytes) -> Decoded:
    """The same, also for documents in which something is odd."""
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
    processes: list[Named] = []
    for trace in traces:
        of_trace = trace.spans or []
        spans += of_trace
        trace_ids += [span.trace_id or trace.trace_id for span in of_trace]
        processes += _processes(of_trace, decode_part(trace.processes, PROCESSES) or {})
    references = [referred(span.trace_id, span.references) for span in spans]
    facts = [facts_of(span.tags) for span in spans]
    columns = SpanColumns(
        trace_id=trace_ids,
        span_id=[span.span_id for span in spans],
        parent_id=[parent for parent, _ in references],
        service=[service for service, _ in processes],
        operation=[span.operation or "" for span in spans],
        kind=[kind for kind, _, _ in facts],
        status=[status for _, status, _ in facts],
        start_ns=[span.start_us * 1000 for span in spans],
        duration_ns=[span.duration_us * 1000 for span in spans],
        message=[message for _, _, message in facts],
        resource=[resource for _, resource in processes],
        adjusted_count=[math.nan] * len(spans),
        links=[links for _, links in references],
        source=spans,
    )
    return records_of(columns, READER, problems)


def _processes(spans: list[Span], processes: Mapping[str, Process]) -> list[Named]:
    """Service and resource of each span; equal ones are one object."""
    known = {process_id: named(process) for process_id, process in processes.items()}
    unknown = (UNKNOWN_SERVICE, ())
    return [
        named(span.process) if span.process else known.get(span.process_id or "", unknown) for span in spans
    ]
