"""The spans of an answer as columns in the order they came: what becomes a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from analyzers.coded import Coded, chained, coded, coded_by_object
from analyzers.record import SpanRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analyzers.arrays import Float64Array, Int8Array, Int64Array, Uint64Array
    from analyzers.record import LinkTo, Pairs, SpanReader


@dataclass(frozen=True)
class SpanBatch(Sequence[SpanRecord]):
    """Aligned columns; as a sequence, the records that they stand for.

    What `SpanRecord` says of its fields holds for the columns.
    """

    trace_id: Coded[str]
    span_id: Uint64Array
    parent_id: Uint64Array
    service: Coded[str]
    operation: Coded[str]
    kind: Int8Array
    status: Int8Array
    start_ns: Int64Array
    duration_ns: Int64Array
    message: Coded[str]
    resource: Coded[Pairs]
    adjusted_count: Float64Array
    links: Mapping[int, tuple[LinkTo, ...]]
    """By row, of the few spans that have any."""
    source: Sequence[Any]
    reader: Sequence[SpanReader]

    def __len__(self) -> int:
        return len(self.span_id)

    def __iter__(self) -> Iterator[SpanRecord]:
        return map(
            SpanRecord,
            self.trace_id,
            self.span_id.tolist(),
            self.parent_id.tolist(),
            self.service,
            self.operation,
            self.kind.tolist(),
            self.status.tolist(),
            self.start_ns.tolist(),
            self.duration_ns.tolist(),
            self.message,
            self.resource,
            self.adjusted_count.tolist(),
            (self.links.get(row, ()) for row in range(len(self))),
            self.source,
            self.reader,
        )

    @overload
    def __getitem__(self, row: int) -> SpanRecord: ...
    @overload
    def __getitem__(self, row: slice) -> SpanBatch: ...
    def __getitem__(self, row: int | slice) -> SpanRecord | SpanBatch:
        if isinstance(row, slice):
            return self.take(np.arange(len(self))[row])
        return next(iter(self.take(np.array([row]))))

    def take(self, rows: Int64Array) -> SpanBatch:
        """The spans of these rows, in this order."""
        numbers = rows.tolist()
        return replace(
            self,
            **{name: getattr(self, name)[rows] for name in (*_CODED, *_NUMBERS)},
            links={new: self.links[old] for new, old in enumerate(numbers) if old in self.links},
            source=[self.source[row] for row in numbers],
            reader=[self.reader[row] for row in numbers],
        )


_CODED = ("trace_id", "service", "operation", "message", "resource")
_NUMBERS = ("span_id", "parent_id", "kind", "status", "start_ns", "duration_ns", "adjusted_count")


def batch_of(records: Iterable[SpanRecord]) -> SpanBatch:
    """These spans as columns; a batch is handed back as it is."""
    if isinstance(records, SpanBatch):
        return records
    spans = list(records)
    return SpanBatch(
        trace_id=coded([span.trace_id for span in spans]),
        span_id=np.array([span.span_id for span in spans], dtype=np.uint64),
        parent_id=np.array([span.parent_id for span in spans], dtype=np.uint64),
        service=coded([span.service for span in spans]),
        operation=coded([span.operation for span in spans]),
        kind=np.array([span.kind for span in spans], dtype=np.int8),
        status=np.array([span.status for span in spans], dtype=np.int8),
        start_ns=np.array([span.start_ns for span in spans], dtype=np.int64),
        duration_ns=np.array([span.duration_ns for span in spans], dtype=np.int64),
        message=coded([span.message for span in spans]),
        resource=coded_by_object([span.resource for span in spans]),
        adjusted_count=np.array([span.adjusted_count for span in spans], dtype=np.float64),
        links={row: span.links for row, span in enumerate(spans) if span.links},
        source=[span.source for span in spans],
        reader=[span.reader for span in spans],
    )


def one_batch(batches: Sequence[SpanBatch]) -> SpanBatch:
    """The spans of all batches, one after the other."""
    if len(batches) < 2:
        return batches[0] if batches else batch_of(())
    begins = np.cumsum([0, *map(len, batches)]).tolist()
    columns: dict[str, Any] = {
        name: chained([getattr(batch, name) for batch in batches]) for name in _CODED
    } | {name: np.concatenate([getattr(batch, name) for batch in batches]) for name in _NUMBERS}
    return SpanBatch(
        **columns,
        links={
            begin + row: links
            for begin, batch in zip(begins, batches, strict=False)
            for row, links in batch.links.items()
        },
        source=list(chain.from_iterable(batch.source for batch in batches)),
        reader=list(chain.from_iterable(batch.reader for batch in batches)),
    )
