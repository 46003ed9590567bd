"""Jaeger's JSON straight into columns: for large documents in which nothing is odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.batch import SpanBatch
from analyzers.coded import Coded, coded
from backends.formats.columns import TIME_END_NS
from backends.formats.identity import plain_span_ids, span_ids, trace_id
from backends.formats.jaeger_span import READER, Process, named
from backends.formats.jaeger_texts import KindTexts, OddDocument, ParentTexts
from backends.formats.json_document import NOTHING
from backends.formats.sampling_weight import UNSAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analyzers.record import LinkTo
    from analyzers.table import Int8Array, Int64Array, Uint64Array
    from backends.formats.jaeger_span import Facts, Named

BLOCK_SPANS = 2048
"""Spans whose tags are looked through together: few enough to stay in the processor's cache."""
END_US = TIME_END_NS // 1000


class Span(msgspec.Struct, gc=False):
    """What nearly every span of Jaeger has; a span with anything else is odd."""

    start_us: int = msgspec.field(name="startTime")
    duration_us: int = msgspec.field(name="duration")
    trace_id: str = msgspec.field(name="traceID")
    span_id: str = msgspec.field(name="spanID")
    operation: str = msgspec.field(name="operationName")
    process_id: str = msgspec.field(name="processID")
    references: msgspec.Raw = msgspec.Raw(b"[]")
    tags: msgspec.Raw = NOTHING
    logs: msgspec.Raw = NOTHING
    process: None = None


class Trace(msgspec.Struct, gc=False):
    spans: list[Span]
    processes: dict[str, msgspec.Raw]


class Document(msgspec.Struct, gc=False):
    data: list[Trace]
    spans: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


DOCUMENT = msgspec.json.Decoder(Document)
PROCESS = msgspec.json.Decoder(Process)


def read_batch(data: bytes) -> SpanBatch | None:
    """The spans of an answer to a search; None where they have to be read one by one, whatever the reason."""
    try:
        document = DOCUMENT.decode(data)
        return _batch(document.data) if document.spans is msgspec.UNSET else None
    except (OddDocument, OverflowError, RecursionError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _batch(traces: list[Trace]) -> SpanBatch:
    spans = [span for trace in traces for span in trace.spans]
    start_ns, duration_ns = _times_ns(spans)
    texts = coded([span.trace_id for span in spans])
    processes = _processes(traces)
    facts, kind = _facts(spans)
    parent_id, links = _parents(spans, texts)
    return SpanBatch(
        trace_id=Coded(texts.code, _trace_ids(texts.values)),
        span_id=_span_ids([span.span_id for span in spans]),
        parent_id=parent_id,
        service=Coded(processes.code, tuple(service for service, _ in processes.values)),
        operation=coded([span.operation for span in spans]),
        kind=kind,
        status=_statuses(facts, len(spans)),
        start_ns=start_ns,
        duration_ns=duration_ns,
        message=_messages(facts, len(spans)),
        resource=Coded(processes.code, tuple(resource for _, resource in processes.values)),
        adjusted_count=np.full(len(spans), UNSAID),
        links=links,
        source=spans,
        reader=[READER] * len(spans),
    )


def _times_ns(spans: Sequence[Span]) -> tuple[Int64Array, Int64Array]:
    start_us = np.array([span.start_us for span in spans], dtype=np.int64)
    duration_us = np.array([span.duration_us for span in spans], dtype=np.int64)
    for instant in (start_us, abs(duration_us), start_us + duration_us):
        if len(instant) and not 0 <= instant.min() <= instant.max() < END_US:
            raise OddDocument
    return start_us * 1000, duration_us * 1000


def _trace_ids(texts: Iterable[str]) -> tuple[str, ...]:
    ids = [trace_id(text) for text in texts]
    if None in ids:
        raise OddDocument
    return tuple(known for known in ids if known)


def _span_ids(texts: Sequence[str]) -> Uint64Array:
    plain = plain_span_ids(texts)
    if plain is not None and plain.all():
        return plain
    ids = span_ids(texts)
    if min(ids) <= 0:
        raise OddDocument
    return np.array(ids, dtype=np.uint64)


def _processes(traces: Sequence[Trace]) -> Coded[Named]:
    """Service and resource; a process that is written alike in several traces is read once."""
    known: dict[bytes, int] = {}
    values: list[Named] = []
    code: list[int] = []
    for trace in traces:
        numbers = {}
        for process_id, raw in trace.processes.items():
            text = bytes(raw)
            if text not in known:
                known[text] = len(values)
                values.append(named(PROCESS.decode(raw)))
            numbers[process_id] = known[text]
        try:
            code += [numbers[span.process_id] for span in trace.spans]
        except KeyError as error:
            raise OddDocument from error
    return Coded(np.array(code, dtype=np.int32), tuple(values))


def _parents(
    spans: Sequence[Span], trace_ids: Coded[str]
) -> tuple[Uint64Array, dict[int, tuple[LinkTo, ...]]]:
    own = np.array([text.encode() for text in trace_ids.values], dtype=np.bytes_)
    parent_id, links = np.zeros(len(spans), dtype=np.uint64), {}
    texts = ParentTexts()
    for begin in range(0, len(spans), BLOCK_SPANS):
        block = slice(begin, begin + BLOCK_SPANS)
        found = texts.read(
            [span.references for span in spans[block]], own[trace_ids.code[block]], parent_id[block]
        )
        links.update({begin + row: linked for row, linked in found.items()})
    return parent_id, links


def _facts(spans: Sequence[Span]) -> tuple[dict[int, Facts], Int8Array]:
    """The kinds, and, by row, the facts of those spans that say more than that."""
    facts: dict[int, Facts] = {}
    kind = np.zeros(len(spans), dtype=np.int8)
    texts = KindTexts()
    for begin in range(0, len(spans), BLOCK_SPANS):
        block = slice(begin, begin + BLOCK_SPANS)
        found = texts.read([span.tags for span in spans[block]], kind[block])
        facts.update({begin + row: said for row, said in found.items()})
    rows = list(facts)
    kind[rows] = [said.kind for said in facts.values()]
    return facts, kind


def _statuses(facts: dict[int, Facts], n_spans: int) -> Int8Array:
    status = np.zeros(n_spans, dtype=np.int8)
    status[list(facts)] = [said.status for said in facts.values()]
    return status


def _messages(facts: dict[int, Facts], n_spans: int) -> Coded[str]:
    messages = coded(["", *(said.message for said in facts.values())])
    code = np.zeros(n_spans, dtype=np.int32)
    code[list(facts)] = messages.code[1:]
    return Coded(code, messages.values)
