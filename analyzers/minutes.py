"""One-minute histograms of operations: what baselines are learned from, and what every store can give without its spans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analyzers.table import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray, Float64Array, Int64Array
    from analyzers.table import SpanTable

MINUTE_NS = 60_000_000_000
BUCKET_GROWTH = 1.02
NO_DURATION_BUCKET = -1
"""Of spans that took no time."""


class OperationKey(NamedTuple):
    """What is counted on its own."""

    service: str
    operation: str
    kind: int


@dataclass(frozen=True)
class OperationMinutes:
    """Histograms as columns, a row for each (operation, minute, bucket) that is not empty.

    Sorted by operation, minute, bucket; each of those once. Buckets are `floor(ln(ns) / ln(BUCKET_GROWTH))`. Several
    of these merge by adding what agrees in the three.
    """

    operations: tuple[OperationKey, ...]
    """Sorted."""
    operation: NDArray[np.int32]
    """Index into `operations`."""
    minute: Int64Array
    """Minutes since the epoch, of the span's start."""
    bucket: NDArray[np.int16]
    calls: Float64Array
    """Adjusted for sampling: how many calls these spans stand for."""
    errors: Float64Array
    """Likewise, of those that failed."""
    spans: Int64Array
    """That were received."""

    def __len__(self) -> int:
        return len(self.minute)

    def take(self, rows: BoolArray) -> OperationMinutes:
        """Just the rows that are marked."""
        columns: tuple[Any, ...] = (
            self.operation,
            self.minute,
            self.bucket,
            self.calls,
            self.errors,
            self.spans,
        )
        return OperationMinutes(self.operations, *(column[rows] for column in columns))

    def without_unused(self) -> OperationMinutes:
        """The same without operations that have no row: one day of many has but a few of endless names."""
        used, operation = np.unique(self.operation, return_inverse=True)
        if len(used) == len(self.operations):
            return self
        operations = tuple(self.operations[at] for at in used.tolist())
        return replace(self, operations=operations, operation=operation.astype(np.int32))


NO_MINUTES = OperationMinutes(
    (),
    np.empty(0, dtype=np.int32),
    np.empty(0, dtype=np.int64),
    np.empty(0, dtype=np.int16),
    np.empty(0, dtype=np.float64),
    np.empty(0, dtype=np.float64),
    np.empty(0, dtype=np.int64),
)


@dataclass(frozen=True)
class Histogram:
    """How the calls of one group took: buckets in order, each once, at least one."""

    bucket: NDArray[np.int16]
    calls: Float64Array
    errors: Float64Array
    spans: Int64Array

    def quantile_ns(self, share: float) -> int:
        """The middle of the bucket in which that share of the calls is reached: good to 1 %."""
        reached = np.cumsum(self.calls)
        # A hair below, since sums of weights such as 10/3 do not come out even.
        at = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
        return int(bucket_middles_ns(self.bucket)[min(at, len(self.bucket) - 1)])

    @property
    def total_ns(self) -> float:
        """The time of all calls together, as far as buckets tell."""
        return float((self.calls * bucket_middles_ns(self.bucket)).sum())


def buckets_of(time_ns: Int64Array) -> NDArray[np.int16]:
    """The bucket of each time; of none and less, NO_DURATION_BUCKET."""
    buckets = np.full(len(time_ns), NO_DURATION_BUCKET, dtype=np.int16)
    took = time_ns > 0
    buckets[took] = np.floor(np.log(time_ns[took].astype(np.float64)) / np.log(BUCKET_GROWTH))
    return buckets


def bucket_middles_ns(bucket: NDArray[np.int16]) -> Int64Array:
    """The time that each bucket stands for."""
    middle = np.rint(BUCKET_GROWTH ** (bucket.astype(np.float64) + 0.5)).astype(np.int64)
    result: Int64Array = np.where(bucket == NO_DURATION_BUCKET, 0, middle)
    return result


def minutes_of(spans: SpanTable, time_ns: Int64Array) -> OperationMinutes:
    """The histograms of a time of each span, its duration or its self time: what a store keeps, from its spans."""
    sides, side = np.unique(
        np.stack([spans.service, spans.operation, spans.kind]), axis=1, return_inverse=True
    )
    operations = tuple(
        OperationKey(spans.services[service], spans.operations[operation], kind)
        for service, operation, kind in sides.T.tolist()
    )
    calls = np.where(np.isfinite(spans.adjusted_count), spans.adjusted_count, 1.0)
    errors = calls * (spans.status == Status.ERROR)
    return OperationMinutes(
        operations,
        *_summed(
            (side.reshape(-1).astype(np.int32), spans.start_ns // MINUTE_NS, buckets_of(time_ns)),
            (calls, errors, np.ones(len(spans), dtype=np.int64)),
        ),
    )


def merged(parts: Sequence[OperationMinutes]) -> OperationMinutes:
    """The histograms of all parts together."""
    if len(parts) < 2:
        return parts[0] if parts else NO_MINUTES
    operations = tuple(sorted({key for part in parts for key in part.operations}))
    number = {key: new for new, key in enumerate(operations)}
    renamed = [
        np.array([number[key] for key in part.operations], dtype=np.int32)[part.operation] for part in parts
    ]

    def column(name: str) -> NDArray[np.generic]:
        return np.concatenate([getattr(part, name) for part in parts])

    return OperationMinutes(
        operations,
        *_summed(
            (np.concatenate(renamed), column("minute"), column("bucket")),
            (column("calls"), column("errors"), column("spans")),
        ),
    )


def regrouped(minutes: OperationMinutes, minute: Int64Array, bucket: NDArray[np.int16]) -> OperationMinutes:
    """The same counts under other minutes and buckets, such as longer ones; what then agrees is added."""
    return OperationMinutes(
        minutes.operations,
        *_summed((minutes.operation, minute, bucket), (minutes.calls, minutes.errors, minutes.spans)),
    )


def renumbered(
    minutes: OperationMinutes, operations: tuple[OperationKey, ...], number: NDArray[np.int32]
) -> OperationMinutes:
    """The same counts of fewer operations: `number` says of each old one which of the new ones it belongs to."""
    return OperationMinutes(
        operations,
        *_summed(
            (number[minutes.operation], minutes.minute, minutes.bucket),
            (minutes.calls, minutes.errors, minutes.spans),
        ),
    )


def histograms(minutes: OperationMinutes, group: NDArray[np.integer]) -> Iterator[tuple[int, Histogram]]:
    """One histogram for the rows of each group, by group: of an operation, say, over all its minutes."""
    groups, *columns = _summed((group, minutes.bucket), (minutes.calls, minutes.errors, minutes.spans))
    begin = np.flatnonzero(_changes(groups)).tolist()
    for first, last in pairwise([*begin, len(groups)]):
        yield int(groups[first]), Histogram(*(column[first:last] for column in columns))


def _summed(keys: tuple[Any, ...], amounts: tuple[Any, ...]) -> list[Any]:
    """The columns with each combination of keys once, in order, its amounts added."""
    order = np.lexsort(keys[::-1])
    sorted_keys = [key[order] for key in keys]
    begin = np.flatnonzero(np.logical_or.reduce([_changes(key) for key in sorted_keys]))
    return [
        *(key[begin] for key in sorted_keys),
        *(np.add.reduceat(amount[order], begin) if len(begin) else amount[:0] for amount in amounts),
    ]


def _changes(key: NDArray[np.generic]) -> BoolArray:
    """Of each row, whether it is the first or differs from the one before."""
    changes = np.ones(len(key), dtype=np.bool_)
    changes[1:] = key[1:] != key[:-1]
    return changes
