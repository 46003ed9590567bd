"""Spans as the columns that are stored, and back.

Attributes are JSON, `[["key","value"],...]`, so that `["key","value"]` can be looked for as plain text. Of equal keys
the last one counts: the ones before it are written `["key","value",""]`, which no search finds and every reader reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from analyzers.batch import batch_of
from analyzers.record import EventRecord, LinkTo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analyzers.coded import Coded
    from analyzers.record import Pairs, SpanReader, SpanRecord

    Columns = dict[str, np.ndarray[Any, Any]]

JSON = msgspec.json.Encoder()
PAIRS = msgspec.json.Decoder(list[tuple[str, ...]])
EVENTS = msgspec.json.Decoder(tuple[EventRecord, ...])
LINKS = msgspec.json.Decoder(tuple[LinkTo, ...])
NOTHING = ""
BYTES_A_SPAN = 200
"""Of a span without its texts, in memory."""
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class EncodedSpans:
    """Some spans as stored; resources are still texts, `resource` says which."""

    columns: Columns
    resources: tuple[str, ...]
    n_bytes: int
    shortened: int = 0
    """Spans of which something was too long to be kept whole."""

    def __len__(self) -> int:
        return len(self.columns["span_id"])


def encode(records: Iterable[SpanRecord]) -> EncodedSpans:
    """The columns of these spans."""
    spans = batch_of(records)
    details = [
        details_text(reader, source) for reader, source in zip(spans.reader, spans.source, strict=True)
    ]
    attributes, events = map(list, zip(*details, strict=True)) if details else ([], [])
    columns = _trace_columns(spans.trace_id) | {
        "span_id": spans.span_id,
        "parent_id": spans.parent_id,
        "service": _texts(spans.service),
        "operation": _texts(spans.operation),
        "kind": spans.kind,
        "status": spans.status,
        "start_ns": spans.start_ns,
        "duration_ns": spans.duration_ns,
        "message": _texts(spans.message),
        "resource": spans.resource.code.astype(np.int64),
        "adjusted_count": spans.adjusted_count,
        "attributes": _objects(attributes),
        "events": _objects(events),
        "links": _objects([links_text(spans.links.get(row, ())) for row in range(len(spans))]),
    }
    texts = sum(map(len, attributes)) + sum(map(len, events))
    resources = tuple(pairs_text(resource) for resource in spans.resource.values)
    return EncodedSpans(columns, resources, BYTES_A_SPAN * len(spans) + texts)


def pairs_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Attributes as they are stored."""
    given = tuple(pairs)
    if not given:
        return NOTHING
    if len(dict(given)) < len(given):
        return _json(_marked(given))
    return _json(given)


def mended(value: str) -> str:
    """The text, without halves of surrogate pairs, which no store takes."""
    return value.encode("utf-8", "replace").decode()


def pair_text(key: str, value: str) -> str:
    """What stands in the text of every list of attributes that has this one."""
    return _json((key, value))


def pairs_from(text: str) -> Pairs:
    """Attributes as they came."""
    return tuple((pair[0], pair[1]) for pair in PAIRS.decode(text)) if text else ()


def events_text(events: Iterable[EventRecord]) -> str:
    given = tuple(events)
    if not given:
        return NOTHING
    try:
        return _json(given)
    except OverflowError:  # a time beyond 64 bits
        return _json([event._replace(time_ns=min(max(event.time_ns, -LARGEST), LARGEST)) for event in given])


def details_text(reader: SpanReader, source: Any) -> tuple[str, str]:
    """The attributes and the events of a span as they are stored."""
    if reader is DETAILS:
        attributes, events = source
        return attributes, events
    return pairs_text(reader.attributes(source)), events_text(reader.events(source))


def events_from(text: str) -> tuple[EventRecord, ...]:
    return EVENTS.decode(text) if text else ()


def links_text(links: tuple[LinkTo, ...]) -> str:
    return _json(links) if links else NOTHING


def event_name_text(name: str) -> str:
    """What stands in the text of every list of events that has one of this name, and in no other."""
    # Of an event `[1,"name",[...]]`: nothing else than a name is a text before a list.
    return f",{_json(name)},["


def links_from(text: str) -> tuple[LinkTo, ...]:
    return LINKS.decode(text) if text else ()


class StoredDetails:
    """Reads attributes and events from (attributes, events) as they are stored."""

    def attributes(self, source: tuple[str, str]) -> Pairs:
        return pairs_from(source[0])

    def events(self, source: tuple[str, str]) -> tuple[EventRecord, ...]:
        return events_from(source[1])


DETAILS = StoredDetails()


def _marked(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The pairs, those that a later one overrides marked by a third member."""
    last = {key: number for number, (key, _) in enumerate(pairs)}
    return [
        (key, value) if last[key] == number else (key, value, NOTHING)
        for number, (key, value) in enumerate(pairs)
    ]


def _json(value: Any) -> str:
    try:
        return JSON.encode(value).decode()
    except UnicodeEncodeError:  # halves of surrogate pairs, which are no text
        return JSON.encode(_all_mended(value)).decode()


def _all_mended(value: Any) -> Any:
    if isinstance(value, str):
        return mended(value)
    return [_all_mended(inner) for inner in value] if isinstance(value, list | tuple) else value


def _trace_columns(trace_id: Coded[str]) -> Columns:
    numbers = [int(value, 16) for value in trace_id.values]
    hi = np.array([number >> 64 for number in numbers], dtype=np.uint64)
    lo = np.array([number & (2**64 - 1) for number in numbers], dtype=np.uint64)
    return {"trace_hi": hi[trace_id.code], "trace_lo": lo[trace_id.code]}


def _texts(column: Coded[str]) -> np.ndarray[Any, Any]:
    return _objects([mended(value) for value in column.values])[column.code]


def _objects(values: Sequence[str]) -> np.ndarray[Any, Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
