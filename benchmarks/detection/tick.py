"""What a look at a thousand operations costs every five minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.baselines.blocks import Block, Rows
from analyzers.baselines.history import advanced
from analyzers.baselines.slots import DAY_QUARTERS, DAY_SLOTS, DAYS, QUARTER_SLOTS
from analyzers.detectors.detect import find_all, learn
from analyzers.minutes import OperationKey, OperationMinutes
from benchmarks.detection.listed import OWN
from benchmarks.detection.system import (
    OPERATIONS,
    counted,
    first_bucket_of,
    history_of,
    minutes_of_counts,
    operations,
)
from benchmarks.measure import Figure, best_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analyzers.baselines.history import History

TIMES = 125
"""The small system, to make a thousand operations of it."""
SIMULATED_DAYS = 5
WHOLE = DAYS * DAY_SLOTS


def tick_figures() -> Iterator[Figure]:
    random = np.random.default_rng(6)
    system = operations(random, OWN)
    until = SIMULATED_DAYS * DAY_SLOTS
    first_bucket = first_bucket_of(system)
    history = _many(history_of(counted(random, system, slice(0, until)), first_bucket))
    new = minutes_of_counts(counted(random, system, slice(until, until + 1)), first_bucket)
    minutes = _many_minutes(new, history.operations)
    learned = learn(history)
    end = history.end_slot

    def look() -> object:
        return find_all(advanced(history, minutes, end, end + 1), learned)

    yield Figure("five more minutes of 1,000 operations, learned and looked at", best_s(look, 3), "s", "< 1")
    yield Figure("how they wobble learned anew, once an hour", best_s(lambda: learn(history), 2), "s")


def _many(history: History) -> History:
    """The same two weeks again and again, for many operations."""
    last = {quarter % DAY_QUARTERS: _many_block(block) for quarter, block in history.blocks.items()}
    quarter = history.end_slot // QUARTER_SLOTS
    recent = history.recent
    order = np.argsort(np.tile(recent.slot, TIMES), kind="stable")
    return replace(
        history,
        operations=tuple(
            OperationKey(f"service {copy}", key.operation, key.kind)
            for copy in range(TIMES)
            for key in history.operations
        ),
        first_slot=history.end_slot - WHOLE,
        first_seen=np.tile(history.first_seen, TIMES) - WHOLE,
        covered=np.ones(WHOLE, dtype=np.bool_),
        calls=_wide(history.calls),
        spans=_wide(history.spans),
        error_ratio=_wide(history.error_ratio),
        level=_wide(history.level[:, -DAY_SLOTS:]),
        blocks={one: last[one % DAY_QUARTERS] for one in range(quarter - DAYS * DAY_QUARTERS - 2, quarter)},
        recent=Rows(
            _copies(recent.operation)[order],
            np.tile(recent.slot, TIMES)[order],
            np.tile(recent.bucket, TIMES)[order],
            np.tile(recent.calls, TIMES)[order],
        ),
    )


def _many_block(block: Block) -> Block:
    return Block(
        _copies(block.operation),
        np.tile(block.calls, TIMES),
        np.concatenate([block.begin + copy * len(block.bucket) for copy in range(TIMES)]).astype(np.int32),
        np.tile(block.bucket, TIMES),
        np.tile(block.share, TIMES),
    )


def _many_minutes(minutes: OperationMinutes, keys: tuple[OperationKey, ...]) -> OperationMinutes:
    columns = (minutes.minute, minutes.bucket, minutes.calls, minutes.errors, minutes.spans)
    copied: list[Any] = [np.tile(one, TIMES) for one in columns]
    return OperationMinutes(keys, _copies(minutes.operation), *copied)


def _copies(operation: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.concatenate([operation + copy * OPERATIONS for copy in range(TIMES)]).astype(np.int32)


def _wide(column: NDArray[Any]) -> NDArray[Any]:
    days = WHOLE // column.shape[1] + 1
    return np.tile(np.tile(column, (1, days))[:, -WHOLE:], (TIMES, 1))
