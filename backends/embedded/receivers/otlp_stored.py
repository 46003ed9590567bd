"""Received spans with their details in the form in which they are stored.

Nobody reads the attributes of a span on its way to the disk, so they are written as text at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError

from backends.embedded.encoding import DETAILS, NOTHING, events_text
from backends.embedded.receivers.otlp_batch import prepare, read_batch
from backends.embedded.receivers.stored_pairs import KnownPairs, StoredPairs
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.otlp_parts import refuse_too_much
from backends.formats.otlp_protobuf import (
    Placed,
    events_of,
    records_of_spans,
    resource_of,
    scope_pairs,
)
from backends.formats.otlp_raw import RawTraces
from backends.formats.sampling_weight import may_say_weights, weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzers.record import SpanRecord

LARGE_BYTES = 100_000
"""From here on it pays to make compiled loops ready."""
SMALL_BYTES = 6_000
"""Up to here it takes no less time to use them."""
WAIT_FOR_LOOPS_S = 2.0
"""How long the first large request waits. Loops that were compiled before are ready within it, and sooner than beside other work."""


class StoredDecoder:
    """Decodes requests, and remembers what makes the next ones quick. For one thread at a time.

    Compiled loops take seconds to be ready, and memory. So they are made ready beside, once a request is so large that
    whoever sends such has hundreds of spans a second. That request waits for them a little; until they are ready, spans
    are read one by one.
    """

    def __init__(self, prepare: Callable[[], None] = prepare) -> None:
        self._known = KnownPairs()
        self._prepare = prepare
        self._preparing: threading.Thread | None = None
        self._ready = False

    def decode(self, data: bytes) -> Decoded:
        """As `decode_otlp_protobuf`, the spans' sources as `StoredDetails` reads them.

        Raises:
            NotThisFormat: it is no such message.
            TooMuch: it holds more than is read at a time.
        """
        quickly = self._reads_quickly(len(data))  # first, for what is counted and refused takes loops as well
        refuse_too_much(data, compiled=self._ready)
        batch = read_batch(data, self._known) if quickly else None
        return decode_span_by_span(data, self._known) if batch is None else Decoded(batch)

    def _reads_quickly(self, n_bytes: int) -> bool:
        if self._preparing is None and n_bytes >= LARGE_BYTES:
            self._preparing = threading.Thread(target=self._make_ready, name="prepare-loops", daemon=True)
            self._preparing.start()
            self._preparing.join(WAIT_FOR_LOOPS_S)
        return self._ready and n_bytes >= SMALL_BYTES

    def _make_ready(self) -> None:
        self._prepare()
        self._ready = True


def decode_span_by_span(data: bytes, known: KnownPairs) -> Decoded:
    """The same, also of requests in which something is odd."""
    problems = Problems()
    try:
        placed = [one for part in RawTraces.FromString(data).resource_spans for one in _placed(part, known)]
    except DecodeError as error:
        raise NotThisFormat("it is no OTLP message, or only the beginning of one") from error
    if not placed:
        raise NotThisFormat("it is protobuf at best, but has no spans of OTLP's form")
    records = records_of_spans(placed, DETAILS, problems)
    if may_say_weights(data):
        weigh(records, _said_by)
    return problems.decoded(records)


def _placed(part: Any, known: KnownPairs) -> Iterator[Placed]:
    """As `placed_spans`, with the details as text."""
    service, resource = resource_of(part.resource)
    for group in part.scope_spans:
        stored = StoredPairs(scope_pairs(group.scope), known)
        for span in group.spans:
            events = events_text(events_of(span)) if span.events else NOTHING
            yield span, service, resource, (stored.text(span.attributes), events)


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(record.reader.attributes(record.source))
