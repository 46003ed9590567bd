"""Received spans with their details in the form in which they are stored.

Nobody reads the attributes of a span on its way to the disk, so they are written as text at once. Most of them are the same
on every span (a method, a host, a route), and the text of those is at hand.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from backends.embedded.encoding import (
    DETAILS,
    NOTHING,
    events_text,
    pair_text,
    pairs_text,
)
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.otlp_protobuf import (
    Placed,
    decode_otlp_protobuf,
    events_of,
    pairs_of,
    records_of_spans,
    resource_of,
    scope_pairs,
    value_text,
)
from backends.formats.otlp_raw import RawTraces
from backends.formats.sampling_weight import may_say_weights, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.record import Pairs, SpanRecord

KEY, TEXT = itemgetter(0), itemgetter(1)
PAIRS_KNOWN = 50_000
LONGEST_KNOWN = 200
"""Bytes of an attribute worth remembering: some 30 MB in all."""


class KnownPairs(dict[bytes, tuple[str, str]]):
    """The key and the text of attributes, by their bytes; begins anew when it is full."""

    def __missing__(self, raw: bytes) -> tuple[str, str]:
        """Raises DecodeError where the bytes are no attribute."""
        pair = KeyValue.FromString(raw)
        found = pair.key, pair_text(pair.key, value_text(pair.value))
        if len(raw) <= LONGEST_KNOWN:
            if len(self) >= PAIRS_KNOWN:
                self.clear()
            self[raw] = found
        return found


def decode_to_store(data: bytes, known: KnownPairs) -> Decoded:
    """As `decode_otlp_protobuf`, the spans' sources as `StoredDetails` reads them."""
    problems = Problems()
    try:
        placed = [one for part in RawTraces.FromString(data).resource_spans for one in _placed(part, known)]
    except DecodeError as error:
        raise NotThisFormat("it is no OTLP message, or only the beginning of one") from error
    if not placed:
        return decode_otlp_protobuf(data)
    records = records_of_spans(placed, DETAILS, problems)
    if may_say_weights(data):
        weigh(records, _said_by)
    return problems.decoded(records)


def _placed(part: Any, known: KnownPairs) -> Iterator[Placed]:
    """As `placed_spans`, with the details as text."""
    service, resource = resource_of(part.resource)
    for group in part.scope_spans:
        scope = scope_pairs(group.scope)
        of_scope = [(key, pair_text(key, value)) for key, value in scope]
        for span in group.spans:
            events = events_text(events_of(span)) if span.events else NOTHING
            pairs = [*of_scope, *map(known.__getitem__, span.attributes)]
            if len(set(map(KEY, pairs))) == len(pairs):
                text = f"[{','.join(map(TEXT, pairs))}]" if pairs else NOTHING
            else:
                text = _with_equal_keys(scope, span.attributes)
            yield span, service, resource, (text, events)


def _with_equal_keys(scope: Pairs, attributes: Iterable[bytes]) -> str:
    return pairs_text([*scope, *pairs_of(KeyValue.FromString(raw) for raw in attributes)])


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(record.reader.attributes(record.source))
