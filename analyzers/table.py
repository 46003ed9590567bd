"""The spans of an answer as columns: what every analyzer takes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int8Array, Int32Array, Int64Array, Uint64Array
    from analyzers.details import Details
    from analyzers.record import Pairs

NO_PARENT = -1


class Kind(IntEnum):
    """What side of a call a span is; the numbers are OTLP's. UNSPECIFIED where the source has no kinds."""

    UNSPECIFIED = 0
    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


class Status(IntEnum):
    """How a span ended; the numbers are OTLP's."""

    UNSET = 0
    OK = 1
    ERROR = 2


class Relation(IntEnum):
    """How a span came to hang where it hangs. `repair` decides it."""

    UNLINKED = 0
    """Not repaired yet."""
    ROOT = 1
    """Names no parent."""
    CHILD = 2
    """Its parent is in the table."""
    ORPHAN = 3
    """Names a parent that was not received. Under the trace's root where it ran inside it, else on its own."""
    CUT = 4
    """Its parents formed a circle, which was cut above this span."""
    FOLLOWS = 5
    """Names no parent, but links to a span of its own trace: it follows that span, nobody waits for it."""


@dataclass(frozen=True)
class SpanTable:
    """Spans as aligned columns of length n_spans, rows grouped by trace.

    Within a trace rows stand by start, then longest first, then by span id, so the order in which spans
    arrived never shows. After `repair`, parents also stand before their children. Strings are codes into the
    sorted dictionaries below; epoch nanoseconds are int64 since float64 cannot hold them.
    """

    trace: Int32Array
    span_id: Uint64Array
    parent_id: Uint64Array
    """0 where the span names no parent."""
    parent_row: Int32Array
    """NO_PARENT before `repair`, and for whatever hangs under nothing after it."""
    relation: Int8Array
    service: Int32Array
    operation: Int32Array
    kind: Int8Array
    status: Int8Array
    message: Int32Array
    """Status messages; code of "" where there is none."""
    resource: Int32Array
    start_ns: Int64Array
    duration_ns: Int64Array
    adjusted_count: Float64Array
    """How many spans each stands for; NaN where the data does not say."""
    clock_error_ns: Int64Array
    """How far two spans may seem to overlap only because clocks are coarse or disagree. 0 before `repair`."""

    root_row: Int32Array
    """Row of each trace's root, shape (n_traces,); NO_PARENT before `repair`."""

    trace_ids: tuple[str, ...]
    services: tuple[str, ...]
    operations: tuple[str, ...]
    messages: tuple[str, ...]
    resources: tuple[Pairs, ...]
    details: Details
    """Attributes, events and links, coded when first asked for."""

    def __len__(self) -> int:
        return len(self.span_id)

    @cached_property
    def end_ns(self) -> Int64Array:
        return self.start_ns + self.duration_ns

    @cached_property
    def trace_begin(self) -> Int64Array:
        """First row of each trace, then n_spans: trace t has the rows [trace_begin[t], trace_begin[t + 1])."""
        return np.searchsorted(self.trace, np.arange(len(self.trace_ids) + 1))

    def service_name(self, row: int) -> str:
        return self.services[int(self.service[row])]

    def operation_name(self, row: int) -> str:
        return self.operations[int(self.operation[row])]

    def span_hex(self, row: int) -> str:
        """The span's id as 16 hex digits."""
        return f"{int(self.span_id[row]):016x}"

    def take(self, rows: Int64Array) -> SpanTable:
        """The table with just these rows, in this order. Only for rows that keep traces together.

        `parent_row` is carried over to the new row numbers; a parent that was not taken becomes NO_PARENT.
        """
        new_row = np.full(len(self) + 1, NO_PARENT, dtype=np.int32)
        new_row[rows] = np.arange(len(rows), dtype=np.int32)
        taken = {name: getattr(self, name)[rows] for name in _COLUMNS}
        taken["parent_row"] = new_row[taken["parent_row"]]
        return replace(self, **taken, root_row=new_row[self.root_row], details=self.details.take(rows))


_COLUMNS = tuple(
    field.name
    for field in fields(SpanTable)
    if field.name
    not in {"root_row", "trace_ids", "services", "operations", "messages", "resources", "details"}
)
