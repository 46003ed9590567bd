"""What two weeks of many operations take, in memory and on disk."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.encoding import encode_history
from analyzers.baselines.slots import DAY_SLOTS, DAYS
from benchmarks.detection.listed import OWN
from benchmarks.detection.system import counted, first_bucket_of, history_of, operations
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.baselines.blocks import Block, Rows
    from analyzers.baselines.history import History

MANY = 1_000


def memory_figures() -> Iterator[Figure]:
    """Of a few operations, as if there were a thousand."""
    random = np.random.default_rng(5)
    system = operations(random, OWN)
    history = history_of(counted(random, system, slice(0, DAYS * DAY_SLOTS)), first_bucket_of(system))
    scale = MANY / len(system)
    yield Figure("two weeks of 1,000 operations in memory", held_bytes(history) * scale / 1e6, "MB", "< 150")
    yield Figure("the same on disk", len(encode_history(history)) * scale / 1e6, "MB")


def held_bytes(history: History) -> int:
    """Of all arrays."""
    owners: list[History | Rows | Block] = [history, history.recent, *history.blocks.values()]
    parts = [getattr(owner, one.name) for owner in owners for one in fields(owner)]
    return sum(part.nbytes for part in parts if isinstance(part, np.ndarray))
