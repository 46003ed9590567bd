"""What is kept of texts that are too long: their beginning, and how long they were.

DuckDB reads 2,048 rows at a time, so that a column of long texts takes as much memory as 2,048 of the longest: with the
bounds here that fits into what a store may take.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.record import EventRecord
from backends.embedded.encoding import (
    BYTES_A_SPAN,
    EVENTS,
    events_text,
    links_from,
    links_text,
    pair_text,
    pairs_from,
    pairs_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.record import Pairs
    from backends.embedded.encoding import EncodedSpans

LONGEST_DETAILS = 8_192
"""Bytes of a span's attributes as they are stored; of its events, and of its links, likewise."""
LONGEST_MESSAGE = 4_096
LONGEST_NAME = 1_024
"""Of a service or an operation."""
LONGEST_VALUES = (4_096, 1_024, 256, 64)
"""Characters of a key or a value: the most, and what is tried next where all of them together are still too long."""
LEFT_OUT = "otel.dropped_attributes_count"
"""OpenTelemetry's own key for how many attributes a span has lost."""
MOST_LINKS = 100
MOST_THAT_FIT = LONGEST_DETAILS // len('["",""],')
"""Of attributes or events, of which none is shorter."""
MOST_BYTES_A_CHARACTER = 4
MOST_BETWEEN = len(',,""')
"""A comma, and the mark of a pair that a later one overrides."""


def shortened(spans: EncodedSpans) -> EncodedSpans:
    """The same, with long texts cut; `shortened` is of how many spans."""
    columns, rows = dict(spans.columns), set[int]()
    for name, (longest, shorten) in SHORTEN.items():
        column = columns[name]
        if max(map(len, column), default=0) * MOST_BYTES_A_CHARACTER <= longest:
            continue
        long = [row for row, text in enumerate(column.tolist()) if _bytes_of(text) > longest]
        if long:
            columns[name] = _replaced(column, long, shorten)
            rows.update(long)
    resources = tuple(
        _shorter_pairs(text) if _bytes_of(text) > LONGEST_DETAILS else text for text in spans.resources
    )
    cut = [new is not old for new, old in zip(resources, spans.resources, strict=True)]
    if any(cut):
        rows.update(np.flatnonzero(np.array(cut)[columns["resource"]]).tolist())
    if not rows:
        return replace(spans, resources=resources)
    n_bytes = BYTES_A_SPAN * len(spans) + sum(
        sum(map(len, columns[name])) for name in ("attributes", "events")
    )
    return replace(spans, columns=columns, resources=resources, n_bytes=n_bytes, shortened=len(rows))


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _replaced(
    column: np.ndarray[Any, Any], rows: list[int], shorten: Callable[[str], str]
) -> np.ndarray[Any, Any]:
    new = column.copy()
    for row in rows:
        new[row] = shorten(column[row])
    return new


def _cut(text: str, characters: int) -> str:
    cut = f"{text[:characters]}… ({len(text):,} characters)"
    return cut if len(cut) < len(text) else text


def _shorter_name(name: str) -> str:
    return _cut(name, LONGEST_NAME // MOST_BYTES_A_CHARACTER)


def _shorter_message(message: str) -> str:
    return _cut(message, LONGEST_MESSAGE // MOST_BYTES_A_CHARACTER)


def _shorter_pairs(text: str) -> str:
    """Values are cut, and where that does not do, the last attributes are left out."""
    pairs = pairs_from(text)
    for longest in LONGEST_VALUES:
        cut = _cut_pairs(pairs[:MOST_THAT_FIT], longest)
        shorter = pairs_text(cut)
        if len(cut) == len(pairs) and _bytes_of(shorter) <= LONGEST_DETAILS:
            return shorter
    kept = _first_that_fit([_bytes_of(pair_text(*pair)) for pair in cut])
    return pairs_text([*cut[:kept], (LEFT_OUT, str(len(pairs) - kept))])


def _shorter_events(text: str) -> str:
    """The same of events, of which the last are left out."""
    events = EVENTS.decode(text)
    for longest in LONGEST_VALUES:
        cut = [
            EventRecord(event.time_ns, _cut(event.name, longest), _cut_pairs(event.attributes, longest))
            for event in events[:MOST_THAT_FIT]
        ]
        shorter = events_text(cut)
        if len(cut) == len(events) and _bytes_of(shorter) <= LONGEST_DETAILS:
            return shorter
    kept = _first_that_fit([_bytes_of(events_text([event])) for event in cut])
    if kept == 0:
        cut[0], kept = _with_fewer_attributes(cut[0]), 1
    if kept == len(events):
        return events_text(cut)
    rest = EventRecord(events[kept].time_ns, f"… ({len(events) - kept:,} more events)", ())
    return events_text([*cut[:kept], rest])


def _with_fewer_attributes(event: EventRecord) -> EventRecord:
    """Its name, and as many of its first attributes as there is room for."""
    room = LONGEST_DETAILS - _bytes_of(events_text([event._replace(attributes=())]))
    kept = _first_that_fit([_bytes_of(pair_text(*pair)) for pair in event.attributes], room)
    left_out = (LEFT_OUT, str(len(event.attributes) - kept))
    return event._replace(attributes=(*event.attributes[:kept], left_out))


def _shorter_links(text: str) -> str:
    return links_text(links_from(text)[:MOST_LINKS])


def _cut_pairs(pairs: Pairs, longest: int) -> Pairs:
    return tuple((_cut(key, longest), _cut(value, longest)) for key, value in pairs)


def _first_that_fit(sizes: list[int], room: int = LONGEST_DETAILS) -> int:
    """How many of these fit, with room for a note on the others."""
    total = np.cumsum(np.array(sizes) + MOST_BETWEEN)
    return int(np.searchsorted(total, room - 2 * LONGEST_VALUES[-1]))


SHORTEN: dict[str, tuple[int, Callable[[str], str]]] = {
    "attributes": (LONGEST_DETAILS, _shorter_pairs),
    "events": (LONGEST_DETAILS, _shorter_events),
    "links": (LONGEST_DETAILS, _shorter_links),
    "message": (LONGEST_MESSAGE, _shorter_message),
    "service": (LONGEST_NAME, _shorter_name),
    "operation": (LONGEST_NAME, _shorter_name),
}
