"""One-minute histograms of operations: what baselines are learned from, and what every store can give without its spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analyzers.table import Float64Array, Int64Array

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
