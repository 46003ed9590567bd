"""Spans on the way between the owner of a store and those who ask it: as columns, details in the form in which they are stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from analyzers.batch import SpanBatch, batch_of
from analyzers.coded import Coded
from analyzers.record import LinkTo, Pairs  # noqa: TC001 - msgspec reads the annotations when it runs
from backends.embedded.encoding import DETAILS, details_text, events_from, mended, pairs_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analyzers.arrays import Int32Array
    from analyzers.record import SpanRecord

NUMBERS = {
    "span_id": "<u8",
    "parent_id": "<u8",
    "kind": "<i1",
    "status": "<i1",
    "start_ns": "<i8",
    "duration_ns": "<i8",
    "adjusted_count": "<f8",
}
TEXTS = ("trace_id", "service", "operation", "message")
CODE = "<i4"
T = TypeVar("T")

TRACE_ID = re.compile(r"[0-9a-f]{32}")


class NoSpans(Exception):
    """Columns that are not those of spans."""


class WireTexts(msgspec.Struct, frozen=True):
    """A column of texts that repeat: numbers of four bytes, lowest first, into the texts there are."""

    code: bytes
    values: tuple[str, ...]


class WireSpans(msgspec.Struct, frozen=True):
    """Spans with everything they carry, each column with as many rows."""

    numbers: dict[str, bytes]
    texts: dict[str, WireTexts]
    resource: bytes
    resources: tuple[Pairs, ...]
    links: dict[int, tuple[LinkTo, ...]]
    """By row, of the few spans that have any."""
    details: tuple[tuple[str, str], ...]
    """Attributes and events as they are stored."""


def to_wire(records: Iterable[SpanRecord]) -> WireSpans:
    """The spans for the way."""
    spans = batch_of(records)
    return WireSpans(
        numbers={name: getattr(spans, name).astype(kind).tobytes() for name, kind in NUMBERS.items()},
        texts={name: _texts(getattr(spans, name)) for name in TEXTS},
        resource=_code(spans.resource.code),
        resources=tuple(
            tuple((mended(key), mended(value)) for key, value in resource)
            for resource in spans.resource.values
        ),
        links=dict(spans.links),
        details=tuple(
            details_text(reader, source) for reader, source in zip(spans.reader, spans.source, strict=True)
        ),
    )


def from_wire(wire: WireSpans) -> SpanBatch:
    """The spans as they were.

    Raises:
        NoSpans: a column is missing or longer than another, or names what did not come along.
    """
    n_spans = len(wire.details)
    if wire.links and (min(wire.links) < 0 or max(wire.links) >= n_spans):
        raise NoSpans("A span with links did not come along.")
    columns: dict[str, Any] = {name: _coded_texts(wire.texts.get(name), n_spans) for name in TEXTS} | {
        name: _column(wire.numbers.get(name, b""), kind, n_spans) for name, kind in NUMBERS.items()
    }
    if not all(map(TRACE_ID.fullmatch, columns["trace_id"].values)):
        raise NoSpans("A trace id is none.")
    return SpanBatch(
        **columns,
        resource=_coded(wire.resource, wire.resources, n_spans),
        links={row: links for row, links in wire.links.items() if links},
        source=wire.details,
        reader=[DETAILS] * n_spans,
    )


def to_be_kept(wire: WireSpans) -> SpanBatch:
    """The same, their details looked at: what is stored must be readable.

    Raises:
        NoSpans: likewise, or the details of a span are none.
    """
    try:
        for attributes, events in wire.details:
            pairs_from(attributes)
            events_from(events)
    except (msgspec.DecodeError, IndexError) as exc:
        raise NoSpans("The details of a span are none.") from exc
    return from_wire(wire)


def _texts(column: Coded[str]) -> WireTexts:
    return WireTexts(_code(column.code), tuple(map(mended, column.values)))


def _code(code: Int32Array) -> bytes:
    return code.astype(CODE).tobytes()


def _coded_texts(wire: WireTexts | None, n_spans: int) -> Coded[str]:
    if wire is None:
        raise NoSpans("A column is missing.")
    return _coded(wire.code, wire.values, n_spans)


def _coded(code: bytes, values: Sequence[T], n_spans: int) -> Coded[T]:
    column = _column(code, CODE, n_spans)
    if n_spans and (column.min() < 0 or column.max() >= len(values)):
        raise NoSpans("A value did not come along.")
    return Coded(column, tuple(values))


def _column(data: bytes, kind: str, n_spans: int) -> np.ndarray[Any, Any]:
    if len(data) != n_spans * np.dtype(kind).itemsize:
        raise NoSpans("A column is longer or shorter than another.")
    # Arrays that cannot be written to would be another type to compiled loops.
    return np.frombuffer(data, kind).copy()
