"""One trace of a table, with what several parts of its report need computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import WAITED, WHY, why_not_waited
from analyzers.critical_path import critical_path, segments
from analyzers.durations import impossible_durations
from analyzers.headline import RootSpan
from analyzers.held_statement import held_statement
from analyzers.places import Runs, critical_places
from analyzers.queues import queued_ns
from analyzers.report import Bottleneck, Detached, Saving, Segment, ServiceShare, WireShare
from analyzers.report_base import Edge, Place
from analyzers.savings import Replay
from analyzers.self_time import self_time_ns
from analyzers.statements import StatementReader
from analyzers.table import NO_PARENT, Status
from analyzers.waterfall import Picture
from analyzers.wire import NO_CALLEE, callee_service

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Int8Array, Int32Array, Int64Array
    from analyzers.asynchrony import EdgeKeys
    from analyzers.critical_path import CriticalPath
    from analyzers.places import PlaceKey, PlaceTime
    from analyzers.table import SpanTable

MOST_SAVINGS = 5
"""Each costs a replay of the trace; what comes after the first five saves little."""
MOST_DETACHED = 100


@dataclass(frozen=True)
class OneTrace:
    """One trace of a table, with what several parts of its report need computed once."""

    spans: SpanTable
    number: int
    habits: EdgeKeys

    @property
    def rows(self) -> range:
        return range(*(int(row) for row in self.spans.trace_begin[self.number : self.number + 2]))

    @property
    def root(self) -> int:
        return int(self.spans.root_row[self.number])

    @property
    def root_place(self) -> Place:
        return Place(
            service=self.spans.service_name(self.root), operation=self.spans.operation_name(self.root)
        )

    @property
    def root_span(self) -> RootSpan:
        failed = int(self.spans.status[self.root]) == Status.ERROR
        return RootSpan(
            self.root_place,
            self.duration_ns,
            failed,
            impossible=bool(self.impossible[self.root]),
            sound_children=self.has_sound_children(self.root),
        )

    @property
    def duration_ns(self) -> int:
        return int(self.spans.duration_ns[self.root])

    @cached_property
    def why(self) -> Int8Array:
        return why_not_waited(self.spans, self.habits)

    @cached_property
    def waited(self) -> BoolArray:
        waited: BoolArray = self.why == WAITED
        return waited

    @cached_property
    def path(self) -> CriticalPath:
        return critical_path(self.spans, self.waited)

    @cached_property
    def segments(self) -> list[tuple[int, int, int]]:
        return list(segments(self.spans, self.path, self.number))

    @cached_property
    def callees(self) -> Int32Array:
        return callee_service(self.spans)

    @cached_property
    def places(self) -> dict[PlaceKey, PlaceTime]:
        return critical_places(self.spans, self.path, self.callees, self.number)

    @cached_property
    def impossible(self) -> BoolArray:
        return impossible_durations(self.spans)

    @property
    def bottleneck_is_made_up(self) -> bool:
        """Whether the span that holds most, not being the root, came with times that cannot be."""
        place = next(iter(self.places.values()), None)
        return (
            place is not None and place.longest_row != self.root and bool(self.impossible[place.longest_row])
        )

    def has_sound_children(self, row: int) -> bool:
        """Whether the times of all its children can be: else what is called its own time may be theirs."""
        return row not in self._over_impossible

    @cached_property
    def _over_impossible(self) -> set[int]:
        """Rows that waited for a child whose times cannot be."""
        return set(self.spans.parent_row[self.impossible & self.waited].tolist())

    def share(self, part_ns: int) -> float:
        return part_ns / self.duration_ns if self.duration_ns else 0.0

    def services(self) -> tuple[ServiceShare, ...]:
        """Every service, by its part of the critical path, then self time, then name."""
        part = slice(self.rows.start, self.rows.stop)
        codes = self.spans.service[part]
        own_ns = np.where(self.callees[part] == NO_CALLEE, self.path.own_ns[part], 0)
        columns = (
            np.bincount(codes),
            _sums(codes, self_time_ns(self.spans)[part]),
            _sums(codes, own_ns),
            np.bincount(codes, weights=self.spans.status[part] == Status.ERROR),
        )
        shares = [
            ServiceShare(
                service=self.spans.services[code],
                spans=int(columns[0][code]),
                self_time_ns=int(columns[1][code]),
                critical_ns=int(columns[2][code]),
                errors=int(columns[3][code]),
            )
            for code in np.unique(codes).tolist()
        ]
        return tuple(sorted(shares, key=lambda one: (-one.critical_ns, -one.self_time_ns, one.service)))

    def wire(self) -> tuple[WireShare, ...]:
        return tuple(
            WireShare(caller=key.service, callee=key.callee, critical_ns=place.critical_ns)
            for key, place in self.places.items()
            if key.callee is not None
        )

    def critical_segments(self) -> list[Segment]:
        origin_ns = int(self.spans.start_ns[self.root])
        return [
            Segment(
                span_id=self.spans.span_hex(row),
                service=self.spans.service_name(row),
                operation=self.spans.operation_name(row),
                offset_ns=begin_ns - origin_ns,
                duration_ns=end_ns - begin_ns,
                wire=self.wire_of(row),
            )
            for row, begin_ns, end_ns in self.segments
        ]

    def wire_of(self, row: int) -> Edge | None:
        callee = int(self.callees[row])
        if callee == NO_CALLEE:
            return None
        return Edge(caller=self.spans.service_name(row), callee=self.spans.services[callee])

    def bottleneck(self) -> Bottleneck | None:
        """The place that holds most of the critical path; None for a root of no duration."""
        place = next(iter(self.places.values()), None)
        if place is None:
            return None
        row = place.longest_row
        return Bottleneck(
            span_id=self.spans.span_hex(row),
            service=self.spans.service_name(row),
            operation=self.spans.operation_name(row),
            critical_ns=place.critical_ns,
            share=self.share(place.critical_ns),
            statement=held_statement(
                self.spans, self.path, place.rows, self.spans.operation_name(row), StatementReader()
            ),
            count=Runs(self.spans, self.callees, self.waited).of(row),
            wire=self.wire_of(row),
            is_root=row == self.root and self.wire_of(row) is None,
        )

    def savings(self) -> tuple[Saving, ...]:
        """What the largest places would save, most first; what saves nothing, or has no known time of its own, is left out."""
        own = ((key, place.longest_row) for key, place in self.places.items() if key.callee is None)
        sound = (key for key, row in own if not self.impossible[row] and self.has_sound_children(row))
        replay = Replay(self.spans, self.number, self.waited)
        found = [
            Saving(
                service=key.service,
                operation=key.operation,
                saved_ns=replay.saved_ns(self.rows_of(key)),
                is_root=key.is_root,
            )
            for key in islice(sound, MOST_SAVINGS)
        ]
        useful = [saving for saving in found if saving.saved_ns > 0]
        return tuple(sorted(useful, key=lambda one: (-one.saved_ns, one.service, one.operation, one.is_root)))

    def rows_of(self, key: PlaceKey) -> list[int]:
        """All spans of a place, those beside the critical path too: another of them may take over."""
        if key.is_root:
            return [self.root]
        service = self.spans.services.index(key.service)
        operation = self.spans.operations.index(key.operation)
        alike = (self.spans.service == service) & (self.spans.operation == operation)
        own: list[int] = np.flatnonzero(alike & (self.callees == NO_CALLEE)).tolist()
        return [row for row in own if row in self.rows and row != self.root]

    def detached(self) -> tuple[Detached, ...]:
        """The tops of what nobody waited for, by start; their descendants go with them."""
        first = self.rows.start
        loose = np.flatnonzero(
            ~self.waited[first : self.rows.stop] & ~self.below_detached[first : self.rows.stop]
        )
        tops = [first + row for row in loose.tolist()]
        return tuple(
            Detached(
                span_id=self.spans.span_hex(row),
                service=self.spans.service_name(row),
                operation=self.spans.operation_name(row),
                after_root_ns=int(self.spans.start_ns[row] - self.spans.end_ns[self.root]),
                queued_ns=queued_ns(self.spans, row),
                why=WHY[int(self.why[row])],
            )
            for row in tops[:MOST_DETACHED]
        )

    @cached_property
    def below_detached(self) -> BoolArray:
        """Rows with an ancestor that nobody waited for; rows stand parents first."""
        parents, waited = self.spans.parent_row.tolist(), self.waited.tolist()
        below = [False] * len(parents)
        for row in self.rows:
            parent = parents[row]
            if parent != NO_PARENT:
                below[row] = below[parent] or not waited[parent]
        return np.array(below, dtype=np.bool_)

    def picture(self, bottleneck: Bottleneck | None) -> Picture:
        longest = next(iter(self.places.values())).longest_row if bottleneck else self.root
        return Picture(
            self.spans,
            self.path,
            self.callees,
            self.why,
            self.below_detached | ~self.waited,
            longest,
            self.segments,
            self.number,
        )


def _sums(codes: Int32Array, values: Int64Array) -> Int64Array:
    """The sum of the values of each code, in integers: floats would round sums of nanoseconds."""
    sums = np.zeros(int(codes.max()) + 1, dtype=np.int64)
    np.add.at(sums, codes, values)
    return sums
