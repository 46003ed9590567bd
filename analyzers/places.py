"""Who holds the critical path of one trace: operations, and the ways between services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.asynchrony import within_answer
from analyzers.self_time import self_time_ns
from analyzers.table import NO_PARENT
from analyzers.wire import NO_CALLEE

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Int32Array, Int64Array
    from analyzers.critical_path import CriticalPath
    from analyzers.table import SpanTable

ALONE_RATIO = 0.9
"""Of the self time of a place: where one span took so much, the others are not why it took long."""


class PlaceKey(NamedTuple):
    """An operation of a service, or, with a callee, the way from a service to another.

    The root is a place of its own: what hangs beneath it may have the same name.
    """

    service: str
    operation: str
    callee: str | None = None
    is_root: bool = False


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
        sorted(
            places.items(), key=lambda item: (-item[1].critical_ns, item[0][:2], item[0][2] or "", item[0][3])
        )
    )


def place_of(spans: SpanTable, callees: Int32Array, row: int) -> PlaceKey:
    """The place that a span's own time belongs to."""
    callee = int(callees[row])
    if callee == NO_CALLEE:
        return PlaceKey(spans.service_name(row), spans.operation_name(row), None, _is_root(spans, row))
    return PlaceKey(spans.service_name(row), "", spans.services[callee])


class Runs:
    """How many spans each place of each trace has, those beside its critical path too."""

    def __init__(self, spans: SpanTable, callees: Int32Array, waited: BoolArray) -> None:
        self._place = _numbered_places(spans, callees)
        counted = np.flatnonzero(within_answer(spans, waited))
        place, self_ns = self._place[counted], self_time_ns(spans)[counted]
        n_places = int(self._place.max(initial=-1)) + 1
        whole, longest = np.zeros(n_places, dtype=np.int64), np.zeros(n_places, dtype=np.int64)
        np.add.at(whole, place, self_ns)
        np.maximum.at(longest, place, self_ns)
        self._runs = np.bincount(place, minlength=n_places)
        self._runs[longest >= ALONE_RATIO * whole] = 1

    def of(self, row: int) -> int:
        """How many spans share the time of this row's place; 1 where one of them took nearly all of it."""
        return int(self._runs[self._place[row]])


def _numbered_places(spans: SpanTable, callees: Int32Array) -> Int64Array:
    """The place of each row as a number, other ones in other traces."""
    n_services, n_operations = len(spans.services), len(spans.operations)
    service = spans.service.astype(np.int64)
    way = n_services * n_operations + service * n_services + callees
    name = np.where(callees == NO_CALLEE, service * n_operations + spans.operation, way)
    _, name = np.unique(name, return_inverse=True)
    is_root = np.zeros(len(spans), dtype=np.int64)
    is_root[spans.root_row[spans.root_row != NO_PARENT]] = 1
    in_trace = spans.trace.astype(np.int64) * len(spans) + name.reshape(-1)
    _, place = np.unique(2 * in_trace + is_root, return_inverse=True)
    numbered: Int64Array = place.reshape(-1)
    return numbered


def _is_root(spans: SpanTable, row: int) -> bool:
    return row == int(spans.root_row[int(spans.trace[row])])
