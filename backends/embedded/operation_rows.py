"""What the rollups tell of operations: calls, errors and percentiles without reading spans."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from backends.embedded.rollup import BUCKET_GROWTH, MINUTE_NS, NO_DURATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from analyzers.table import Float64Array

QUANTILES = (0.5, 0.95, 0.99)

HISTOGRAMS = """
SELECT service, operation, kind, bucket, sum(calls), sum(errors), sum(spans)::BIGINT
FROM rollups WHERE minute >= ? AND minute < ? AND (? IS NULL OR service = ?)
GROUP BY service, operation, kind, bucket HAVING sum(spans) <> 0 ORDER BY service, operation, kind, bucket
"""


@dataclass(frozen=True)
class OperationRow:
    """One operation, by the side of the call that its spans are; percentiles are good to about 1 %."""

    service: str
    operation: str
    kind: int
    spans: int
    """That were received."""
    calls: float
    """That those stand for: the sum of their adjusted counts, 1 where there is none."""
    errors: float
    """Likewise, of those with status ERROR."""
    p50_ns: int
    p95_ns: int
    p99_ns: int

    @property
    def error_ratio(self) -> float:
        return self.errors / self.calls if self.calls else 0.0


def read_operation_rows(
    connection: DuckDBPyConnection, start_ns: int, end_ns: int, service: str | None
) -> tuple[OperationRow, ...]:
    """Every operation with spans in the minutes that the window touches, by service, operation and kind."""
    minutes = [start_ns // MINUTE_NS, -(-end_ns // MINUTE_NS)]
    rows = connection.execute(HISTOGRAMS, [*minutes, service, service]).fetchall()
    return tuple(
        _operation_row(key, [row[3:] for row in group])
        for key, group in groupby(rows, key=lambda row: row[:3])
    )


def _operation_row(
    key: tuple[str, str, int], buckets: Sequence[tuple[int, float, float, int]]
) -> OperationRow:
    service, operation, kind = key
    calls = np.array([bucket[1] for bucket in buckets])
    p50_ns, p95_ns, p99_ns = (_quantile_ns(buckets, calls, share) for share in QUANTILES)
    return OperationRow(
        service=service,
        operation=operation,
        kind=kind,
        spans=sum(bucket[3] for bucket in buckets),
        calls=float(calls.sum()),
        errors=float(sum(bucket[2] for bucket in buckets)),
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        p99_ns=p99_ns,
    )


def _quantile_ns(buckets: Sequence[tuple[int, float, float, int]], calls: Float64Array, share: float) -> int:
    """The middle of the bucket in which that share of the calls is reached."""
    reached = np.cumsum(calls)
    number = min(int(np.searchsorted(reached, share * reached[-1])), len(buckets) - 1)
    bucket = buckets[number][0]
    return 0 if bucket == NO_DURATION else round(BUCKET_GROWTH ** (bucket + 0.5))
