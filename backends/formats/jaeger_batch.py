"""Jaeger's JSON straight into columns: for large documents in which nothing is odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.batch import SpanBatch
from analyzers.coded import Coded
from backends.formats import jaeger_places as place
from backends.formats.columns import TIME_END_NS
from backends.formats.identity import UNREADABLE, span_id, trace_id
from backends.formats.jaeger_found import FoundSpans, OddDocument
from backends.formats.jaeger_span import READER, Process, Reference, named, referred, status_of, tag_pairs
from backends.formats.sampling_weight import UNSAID
from backends.formats.spelling import KINDS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.arrays import Int8Array, Int32Array, Int64Array, Uint64Array
    from analyzers.record import LinkTo
    from backends.formats.jaeger_span import Named

END_US = TIME_END_NS // 1000
TEXT = msgspec.json.Decoder(str)
PROCESSES = msgspec.json.Decoder(dict[str, msgspec.Raw])
PROCESS = msgspec.json.Decoder(Process)
REFERENCES = msgspec.json.Decoder(list[Reference] | None, strict=False)
WELL_FORMED = msgspec.json.Decoder(msgspec.Raw)


def read_batch(data: bytes) -> SpanBatch | None:
    """The spans of an answer to a search; None where they have to be read one by one, whatever the reason."""
    try:
        WELL_FORMED.decode(data)
        return _batch(FoundSpans(data))
    except (OddDocument, RecursionError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _batch(found: FoundSpans) -> SpanBatch:
    start_ns, duration_ns = _times_ns(found)
    trace_ids = found.texts(place.TRACE_ID)
    processes = _processes(found)
    messages = found.texts(place.MESSAGE)
    parent_id, links = _parents(found, trace_ids)
    return SpanBatch(
        trace_id=Coded(trace_ids.code, _trace_ids(trace_ids.values)),
        span_id=found.numbers(place.SPAN_ID).view(np.uint64),
        parent_id=parent_id,
        service=Coded(processes.code, tuple(service for service, _ in processes.values)),
        operation=_decoded(found.texts(place.OPERATION)),
        kind=_kinds(found.texts(place.KIND)),
        status=_statuses(found.texts(place.STATUS_CODE), found.texts(place.ERROR)),
        start_ns=start_ns,
        duration_ns=duration_ns,
        message=Coded(messages.code, tuple(map(_tag_text, messages.values))),
        resource=Coded(processes.code, tuple(resource for _, resource in processes.values)),
        adjusted_count=np.full(len(found), UNSAID),
        links=links,
        source=found.sources(),
        reader=[READER] * len(found),
    )


def _times_ns(found: FoundSpans) -> tuple[Int64Array, Int64Array]:
    start_us, duration_us = found.numbers(place.START), found.numbers(place.DURATION)
    for instant in (start_us, abs(duration_us), start_us + duration_us):
        if len(instant) and not 0 <= instant.min() <= instant.max() < END_US:
            raise OddDocument
    return start_us * 1000, duration_us * 1000


def _decoded(texts: Coded[bytes]) -> Coded[str]:
    return Coded(texts.code, tuple(TEXT.decode(text) if text else "" for text in texts.values))


def _trace_ids(texts: Iterable[bytes]) -> tuple[str, ...]:
    ids = tuple(trace_id(TEXT.decode(text)) or "" for text in texts)
    if "" in ids:
        raise OddDocument
    return ids


def _processes(found: FoundSpans) -> Coded[Named]:
    """Service and resource of each span."""
    ids = _decoded(found.texts(place.PROCESS_ID)).in_order()
    code_of = {text: code for code, text in enumerate(ids.values)}
    known = KnownProcesses(code_of)
    of_trace = np.array([known.number_of(text) for text in found.processes()], np.int64)
    wanted = of_trace[found.trace] * len(code_of) + ids.code
    return Coded(_looked_up(wanted, known.keys, known.numbers), tuple(known.values))


class KnownProcesses:
    """The processes of all traces; what is written alike in several of them is read once."""

    def __init__(self, code_of: dict[str, int]) -> None:
        self.values: list[Named] = []
        self.keys: list[int] = []
        """For each process of each way in which a trace writes them all, the number of that way and the code of its id."""
        self.numbers: list[int] = []
        """Beside each key, where in `values` that process is."""
        self._code_of = code_of
        self._ways: dict[bytes, int] = {}
        self._processes: dict[bytes, int] = {}

    def number_of(self, text: bytes) -> int:
        """The number of the way in which a trace writes its processes."""
        if text not in self._ways:
            way = self._ways[text] = len(self._ways)
            for process_id, raw in PROCESSES.decode(text).items():
                number = self._read(bytes(raw))
                if process_id in self._code_of:
                    self.keys.append(way * len(self._code_of) + self._code_of[process_id])
                    self.numbers.append(number)
        return self._ways[text]

    def _read(self, text: bytes) -> int:
        if text not in self._processes:
            self._processes[text] = len(self.values)
            self.values.append(named(PROCESS.decode(text)))
        return self._processes[text]


def _looked_up(wanted: Int64Array, keys: list[int], numbers: list[int]) -> Int32Array:
    """The number beside each key that is wanted."""
    order = np.argsort(np.array(keys, np.int64))
    known = np.array(keys, np.int64)[order]
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    if len(wanted) and (len(known) == 0 or (known[at] != wanted).any()):
        raise OddDocument
    found: Int32Array = np.array(numbers, np.int32)[order][at]
    return found


def _parents(found: FoundSpans, trace_ids: Coded[bytes]) -> tuple[Uint64Array, dict[int, tuple[LinkTo, ...]]]:
    parent_id, links = found.numbers(place.PARENT_ID).view(np.uint64), {}
    for row, references in found.pieces(place.REFERENCES):
        own = TEXT.decode(trace_ids.values[trace_ids.code[row]])
        parent, linked = referred(own, REFERENCES.decode(references))
        number = span_id(parent)
        if number == UNREADABLE:
            raise OddDocument
        parent_id[row] = number
        if linked:
            links[row] = linked
    return parent_id, links


def _kinds(kinds: Coded[bytes]) -> Int8Array:
    numbers = [KINDS.get(_tag_text(kind), UNKNOWN) for kind in kinds.values]
    return np.array(numbers, np.int8)[kinds.code]


def _statuses(codes: Coded[bytes], errors: Coded[bytes]) -> Int8Array:
    code_texts = [_tag_text(code) for code in codes.values]
    by_code = np.array([status_of(text, None) for text in code_texts], np.int8)[codes.code]
    by_error = np.array([status_of(None, _tag_text(error)) for error in errors.values], np.int8)[errors.code]
    said = np.array([bool(text) for text in code_texts])[codes.code]
    return np.where(said, by_code, by_error)


def _tag_text(value: bytes) -> str:
    """The text of a tag's value, as it would come out of its tag."""
    texts = [text for _, text in tag_pairs(msgspec.Raw(b'[{"value":' + (value or b"null") + b"}]"))]
    if len(texts) != 1:
        raise OddDocument
    return texts[0]
