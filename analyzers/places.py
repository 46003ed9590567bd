"""Who holds the critical path of one trace: operations, and the ways between services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from analyzers.wire import NO_CALLEE

if TYPE_CHECKING:
    from analyzers.critical_path import CriticalPath
    from analyzers.table import Int32Array, SpanTable


class PlaceKey(NamedTuple):
    """An operation of a service, or, with a callee, the way from a service to another."""

    service: str
    operation: str
    callee: str | None = None


@dataclass
class PlaceTime:
    """What one place holds of the path."""

    critical_ns: int = 0
    rows: list[int] = field(default_factory=list)
    """Its spans that hold a part, in row order."""
    longest_row: int = -1


def critical_places(
    spans: SpanTable, path: CriticalPath, callees: Int32Array, trace: int = 0
) -> dict[PlaceKey, PlaceTime]:
    """What each place holds of the trace's critical path, most first, then by name; places that hold nothing are left out."""
    places: dict[PlaceKey, PlaceTime] = {}
    first, last = (int(row) for row in spans.trace_begin[trace : trace + 2])
    for row, own_ns in enumerate(path.own_ns[first:last].tolist(), start=first):
        if not own_ns:
            continue
        place = places.setdefault(place_of(spans, callees, row), PlaceTime())
        place.critical_ns += own_ns
        place.rows.append(row)
        if place.longest_row < 0 or own_ns > path.own_ns[place.longest_row]:
            place.longest_row = row
    return dict(
        sorted(places.items(), key=lambda item: (-item[1].critical_ns, item[0][:2], item[0][2] or ""))
    )


def place_of(spans: SpanTable, callees: Int32Array, row: int) -> PlaceKey:
    """The place that a span's own time belongs to."""
    callee = int(callees[row])
    if callee == NO_CALLEE:
        return PlaceKey(spans.service_name(row), spans.operation_name(row))
    return PlaceKey(spans.service_name(row), "", spans.services[callee])
