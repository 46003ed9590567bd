"""OTLP requests straight into columns with their details as stored: for requests in which nothing is odd."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from analyzers.batch import SpanBatch
from analyzers.coded import Coded, coded
from backends.embedded.encoding import DETAILS, NOTHING, events_text
from backends.embedded.receivers import otlp_places as place
from backends.embedded.receivers.otlp_places import find_spans
from backends.embedded.receivers.stored_pairs import StoredPairs
from backends.formats.attribute_text import SCOPE_NAME, SCOPE_VERSION
from backends.formats.columns import links_to
from backends.formats.otlp_parts import MostParts, refuse_too_much
from backends.formats.otlp_protobuf import events_of, resource_of, scope_pairs
from backends.formats.otlp_raw import RawSpan
from backends.formats.sampling_weight import may_say_weights, weight_of_trace_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzers.arrays import Float64Array, Int64Array, Uint64Array
    from analyzers.record import LinkTo, Pairs
    from backends.embedded.receivers.stored_pairs import KnownPairs

    FindSpans = Callable[..., int]
    """`find_spans`, compiled or not."""
    Numbers = np.ndarray[tuple[int, int], np.dtype[np.int64]]


NO_REQUEST = bytes(8)
NOTHING_AT_ALL = MostParts(0, 0, 0, 0)


class OddRequest(Exception):
    """Something in it takes protobuf's library."""


class FoundSpans:
    """What `find_spans` noted of a request.

    Raises:
        OddRequest: in its constructor, where something takes more than looking.
    """

    def __init__(self, data: bytes, find: FindSpans) -> None:
        text = np.frombuffer(data, np.uint8)
        words = np.ndarray((max(len(data) - 7, 0),), "<i8", data, strides=(1,))
        # As many as there can be at most; memory that is never written to is never there.
        most_spans = len(data) // place.SMALLEST_SPAN + 1
        spans = np.empty(most_spans * place.WIDTH, np.int64)
        groups = np.empty(most_spans * place.GROUP_WIDTH, np.int64)
        written = np.empty(len(data) * place.LONGEST_ATTRIBUTE, np.uint8)
        count, keys = np.zeros(2, np.int64), np.zeros(place.MOST_KEYS, np.int64)
        n_written = find(text, words, spans, groups, written, count, keys)
        n_spans, n_groups = count.tolist()
        if n_written == place.ODD or n_spans == 0:
            raise OddRequest
        self.data = data
        self.written = written[:n_written].data
        self.spans: Numbers = spans[: n_spans * place.WIDTH].reshape(n_spans, place.WIDTH)
        self._groups: Numbers = groups[: n_groups * place.GROUP_WIDTH].reshape(n_groups, place.GROUP_WIDTH)

    def __len__(self) -> int:
        return len(self.spans)

    def numbers(self, field: int) -> Int64Array:
        return self.spans[:, field].copy()

    def span(self, numbers: Any) -> Any:
        """A span of which these numbers were noted, as protobuf's library reads it."""
        return RawSpan.FromString(self.data[numbers[place.SPAN] : numbers[place.SPAN + 1]])

    def texts(self, field: int) -> Coded[str]:
        """What stands in this field of the request; no text where there is none."""
        begins, ends = self.spans[:, field], self.spans[:, field + 1]
        if not ends.any():
            return Coded(np.zeros(len(self), np.int32), (NOTHING,))
        found = coded(
            [self.data[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        )
        return Coded(found.code, tuple(text.decode() for text in found.values))

    def ids(self, field: int) -> Uint64Array:
        """Ids of eight bytes; 0 where there is none."""
        return self.spans[:, field].astype("<i8").view(">u8").astype(np.uint64)

    def trace_ids(self) -> Coded[str]:
        """Spans of one trace often come one after the other, and have one value then."""
        ids = self.spans[:, place.TRACE_HI : place.TRACE_LO + 1]
        begins = np.append(True, (ids[1:] != ids[:-1]).any(axis=1))
        digits = ids[begins].astype("<i8").tobytes().hex()
        values = tuple(digits[at : at + 32] for at in range(0, len(digits), 32))
        return Coded((np.cumsum(begins) - 1).astype(np.int32), values)

    def groups(self) -> Iterator[tuple[bytes, bytes, Numbers]]:
        """The resource, the scope and the spans of each group."""
        ends = [*self._groups[1:, place.FIRST_SPAN].tolist(), len(self)]
        for (resource, resource_end, scope, scope_end, first), end in zip(
            self._groups.tolist(), ends, strict=True
        ):
            yield self.data[resource:resource_end], self.data[scope:scope_end], self.spans[first:end]


def prepare() -> None:
    """Make the compiled loop ready. Takes seconds, in which nobody may need it; for a thread."""
    with suppress(OddRequest):
        FoundSpans(NO_REQUEST, find_spans.compiled)
    refuse_too_much(NO_REQUEST, NOTHING_AT_ALL, compiled=True)


def read_batch(data: bytes, known: KnownPairs, find: FindSpans = find_spans) -> SpanBatch | None:
    """The spans of a request, their sources as `StoredDetails` reads them; None where they have to be read one by one."""
    if may_say_weights(data):
        return None
    try:
        return _batch(FoundSpans(data, find), known)
    except (OddRequest, DecodeError, UnicodeDecodeError):
        return None


def _batch(found: FoundSpans, known: KnownPairs) -> SpanBatch:
    start_ns, end_ns = found.numbers(place.START), found.numbers(place.END)
    if min(start_ns.min(), end_ns.min()) < 0:  # later than the year 2262, and to be rejected
        raise OddRequest
    resources, attributes, group = [], [], []
    for number, (resource, scope, spans) in enumerate(found.groups()):
        resources.append(resource_of(Resource.FromString(resource)))
        attributes += _attributes(found, scope_pairs(InstrumentationScope.FromString(scope)), spans, known)
        group.append(np.full(len(spans), number, np.int32))
    code = np.concatenate(group)
    events, links = _events_and_links(found)
    return SpanBatch(
        trace_id=found.trace_ids(),
        span_id=found.ids(place.SPAN_ID),
        parent_id=found.ids(place.PARENT_ID),
        service=Coded(code, tuple(service for service, _ in resources)),
        operation=found.texts(place.NAME),
        kind=found.numbers(place.KIND).astype(np.int8),
        status=found.numbers(place.STATUS).astype(np.int8),
        start_ns=start_ns,
        duration_ns=end_ns - start_ns,
        message=found.texts(place.MESSAGE),
        resource=Coded(code, tuple(resource for _, resource in resources)),
        adjusted_count=_weights(found.texts(place.STATE)),
        links=links,
        source=list(zip(attributes, events, strict=True)),
        reader=[DETAILS] * len(found),
    )


def _weights(states: Coded[str]) -> Float64Array:
    return np.array([weight_of_trace_state(state) for state in states.values], np.float64)[states.code]


def _attributes(found: FoundSpans, scope: Pairs, spans: Numbers, known: KnownPairs) -> list[str]:
    """Those of the spans of one scope, as they are stored."""
    stored = StoredPairs(scope, known)
    begins, ends = spans[:, place.ATTRIBUTES].tolist(), spans[:, place.ATTRIBUTES + 1].tolist()
    if any(key not in {SCOPE_NAME, SCOPE_VERSION} for key, _ in scope):
        ends = [place.ODD] * len(ends)
    alone = stored.text(())
    opening = f"{alone[:-1]}," if alone else "["
    texts = [
        opening + str(found.written[begin:end], "utf-8") if end > begin else alone
        for begin, end in zip(begins, ends, strict=True)
    ]
    for row, end in enumerate(ends):
        if end == place.ODD:
            texts[row] = stored.text(found.span(spans[row]).attributes)
    return texts


def _events_and_links(found: FoundSpans) -> tuple[list[str], dict[int, tuple[LinkTo, ...]]]:
    events, links = [NOTHING] * len(found), {}
    for row in np.flatnonzero(found.numbers(place.HAS_MORE)).tolist():
        span = found.span(found.spans[row])
        events[row] = events_text(events_of(span))
        linked = links_to((link.trace_id.hex(), link.span_id.hex()) for link in span.links)
        if linked:
            links[row] = linked
    return events, links
