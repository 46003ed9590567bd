"""How the calls of a quarter of an hour were distributed, for all operations at once, in three bytes a bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.slots import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analyzers.arrays import Int32Array


@dataclass(frozen=True)
class Rows:
    """Histograms of slots, a row for each (operation, slot, bucket) that is not empty, by slot."""

    operation: Int32Array
    slot: Int32Array
    bucket: NDArray[np.uint8]
    calls: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.slot)

    def between(self, begin_slot: int, end_slot: int) -> Rows:
        """Those of slots in [begin_slot, end_slot)."""
        wanted = slice(*np.searchsorted(self.slot, (begin_slot, end_slot)).tolist())
        return Rows(self.operation[wanted], self.slot[wanted], self.bucket[wanted], self.calls[wanted])


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, each of which ends before the next one begins."""
    return Rows(
        np.concatenate([part.operation for part in parts]),
        np.concatenate([part.slot for part in parts]),
        np.concatenate([part.bucket for part in parts]),
        np.concatenate([part.calls for part in parts]),
    )


NO_ROWS = Rows(
    np.empty(0, dtype=np.int32),
    np.empty(0, dtype=np.int32),
    np.empty(0, dtype=np.uint8),
    np.empty(0, dtype=np.float32),
)


@dataclass(frozen=True)
class Block:
    """A closed quarter of an hour. Shares are kept to three digits: enough to tell what is usual, and never summed up again."""

    operation: Int32Array
    """Those that were called, in order."""
    calls: NDArray[np.float32]
    """Of each of them."""
    begin: Int32Array
    """Where its buckets begin in the columns below."""
    bucket: NDArray[np.uint8]
    share: NDArray[np.float16]
    """Of the operation's calls in this quarter."""


def block_of(rows: Rows) -> Block:
    """The rows of a quarter, packed."""
    cell, at = np.unique(rows.operation.astype(np.int64) * BUCKETS + rows.bucket, return_inverse=True)
    calls = np.bincount(at, weights=rows.calls, minlength=len(cell))
    operation, begin = np.unique(cell // BUCKETS, return_index=True)
    total = np.add.reduceat(calls, begin) if len(begin) else calls
    lengths = np.diff(np.append(begin, len(cell)))
    return Block(
        operation.astype(np.int32),
        total.astype(np.float32),
        begin.astype(np.int32),
        (cell % BUCKETS).astype(np.uint8),
        (calls / np.repeat(total, lengths)).astype(np.float16),
    )


def calls_in(blocks: Sequence[Block], row: NDArray[np.integer], rows: int) -> NDArray[np.float32]:
    """The calls of these blocks together by operation and bucket, shape (rows, BUCKETS).

    Args:
        blocks: in any order.
        row: of each operation where it goes, -1 for those that are not wanted.
        rows: how many there are.
    """
    # What is not wanted goes to a row that is cut off.
    summed = np.zeros((rows + 1) * BUCKETS, dtype=np.float32)
    for block in blocks:
        lengths = np.diff(np.append(block.begin, len(block.bucket)))
        cell = np.repeat(row[block.operation].astype(np.int64) % (rows + 1) * BUCKETS, lengths) + block.bucket
        summed[cell] += np.repeat(block.calls, lengths) * block.share
    return summed.reshape(rows + 1, BUCKETS)[:rows]
