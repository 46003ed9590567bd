"""Two weeks of every operation: figures of each five minutes, distributions of each quarter of an hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.blocks import NO_ROWS, Rows, block_of, calls_in, joined
from analyzers.baselines.reference import Reference, level_of, reference_of, scores_of
from analyzers.baselines.slots import BUCKETS, DAY_QUARTERS, DAY_SLOTS, DAYS, QUARTER_SLOTS, alike, in_slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray, Int32Array
    from analyzers.baselines.blocks import Block
    from analyzers.minutes import OperationKey, OperationMinutes

RECENT_SLOTS = 12
"""An hour, of which distributions are kept by slot as well."""
OPEN_SLOTS = RECENT_SLOTS + QUARTER_SLOTS


@dataclass(frozen=True)
class History:
    """What is known of operations up to now; columns of slots begin with `first_slot`, shape (n_operations, n_slots)."""

    operations: tuple[OperationKey, ...]
    """In the order in which they were first seen."""
    first_slot: int
    first_seen: Int32Array
    """The slot in which each operation was first seen."""
    covered: BoolArray
    """Slots that somebody looked at, shape (n_slots,); in others there may have been calls."""
    calls: NDArray[np.float32]
    """Adjusted for sampling."""
    spans: NDArray[np.float16]
    """That were received."""
    error_ratio: NDArray[np.float16]
    level: NDArray[np.float16]
    """How slow the calls of a slot were among those usual then, see `level_of`; NaN where that is not known."""
    blocks: Mapping[int, Block]
    """Distributions by quarter of an hour."""
    recent: Rows
    """Distributions of the last hour by slot."""

    @property
    def end_slot(self) -> int:
        return self.first_slot + len(self.covered)


def empty_history(first_slot: int) -> History:
    """One that begins with a slot."""
    nothing = np.empty((0, 0), dtype=np.float16)
    return History(
        operations=(),
        first_slot=first_slot,
        first_seen=np.empty(0, dtype=np.int32),
        covered=np.empty(0, dtype=np.bool_),
        calls=nothing.astype(np.float32),
        spans=nothing,
        error_ratio=nothing,
        level=nothing,
        blocks={},
        recent=NO_ROWS,
    )


def advanced(history: History, minutes: OperationMinutes, begin_slot: int, end_slot: int) -> History:
    """The history with the slots [begin_slot, end_slot), whose minutes are complete. What was before them was not looked at.

    What arrives for a slot after it was learned is not learned; rows of other slots are not looked at, and counts
    below zero, as of a counter that was reset, are not there.
    """
    slots = in_slots(minutes.take((minutes.calls > 0) & (minutes.spans > 0)))
    slots = slots.take((slots.minute >= max(begin_slot, history.end_slot)) & (slots.minute < end_slot))
    grown = _with_operations(history, slots)
    number = {key: at for at, key in enumerate(grown.operations)}
    renamed = np.array([number[key] for key in slots.operations], dtype=np.int32)
    operation = renamed[slots.operation] if len(slots) else np.empty(0, dtype=np.int32)
    counted = _with_counts(_longer(grown, begin_slot, end_slot), slots, operation)
    order = np.argsort(slots.minute, kind="stable")
    rows = Rows(
        operation[order],
        slots.minute[order].astype(np.int32),
        slots.bucket[order].astype(np.uint8),
        slots.calls[order].astype(np.float32),
    )
    return _trimmed(_with_distributions(counted, joined([history.recent, rows]), history.end_slot))


def reference_at(history: History, quarter: int, wanted: NDArray[np.integer] | None = None) -> Reference:
    """What is usual in a quarter of an hour, from the same one and its neighbours on the days before.

    Of an operation that is known from too few days it is what the last 24 hours had, flagged as `learning`; nothing on
    its first day.

    Args:
        history: two weeks, or what there is of them.
        quarter: since the epoch.
        wanted: the operations' places in the history; all of them if not given.
    """
    every = len(history.operations)
    chosen = np.arange(every) if wanted is None else wanted
    row = np.full(every, -1, dtype=np.int64)
    row[chosen] = np.arange(len(chosen))
    day = quarter // DAY_QUARTERS
    calls = np.zeros((len(chosen), DAYS, BUCKETS), dtype=np.float32)
    for at in range(DAYS):
        same = quarter - (DAYS - at) * DAY_QUARTERS
        around = [history.blocks[one] for one in (same - 1, same, same + 1) if one in history.blocks]
        if around:
            calls[:, at] = calls_in(around, row, len(chosen))
    reference = reference_of(calls, alike(day, np.arange(day - DAYS, day)))
    few = np.flatnonzero(reference.learning)
    return _with_last_day(history, quarter, reference, few, chosen[few]) if len(few) else reference


def _with_last_day(
    history: History,
    quarter: int,
    reference: Reference,
    rows: NDArray[np.integer],
    operations: NDArray[np.integer],
) -> Reference:
    """The reference with these rows from the last 24 hours, or from nothing where there are not that many."""
    row = np.full(len(history.operations), -1, dtype=np.int64)
    row[operations] = np.arange(len(rows))
    last = [history.blocks[one] for one in range(quarter - DAY_QUARTERS, quarter) if one in history.blocks]
    found = calls_in(last, row, len(rows))
    found[history.first_seen[operations] > quarter * QUARTER_SLOTS - DAY_SLOTS] = 0
    trailing = reference_of(found[:, None], np.ones(1, dtype=np.bool_))
    shares, calls, days = reference.shares.copy(), reference.calls.copy(), reference.days.copy()
    shares[rows], calls[rows], days[rows] = trailing.shares, trailing.calls, trailing.days
    return Reference(shares, calls, days)


def _with_operations(history: History, slots: OperationMinutes) -> History:
    known = set(history.operations)
    seen = np.unique(slots.operation).tolist()
    first = {slots.operations[one]: int(slots.minute[slots.operation == one].min()) for one in seen}
    new = [key for key in first if key not in known]
    if not new:
        return history
    rows = (len(new), len(history.covered))
    return replace(
        history,
        operations=(*history.operations, *new),
        first_seen=np.append(history.first_seen, np.array([first[key] for key in new], dtype=np.int32)),
        calls=np.concatenate([history.calls, np.zeros(rows, dtype=np.float32)]),
        spans=np.concatenate([history.spans, np.zeros(rows, dtype=np.float16)]),
        error_ratio=np.concatenate([history.error_ratio, np.zeros(rows, dtype=np.float16)]),
        level=np.concatenate([history.level, np.full(rows, np.nan, dtype=np.float16)]),
    )


def _longer(history: History, begin_slot: int, end_slot: int) -> History:
    """With room for more slots."""
    shape = (len(history.operations), end_slot - history.end_slot)
    return replace(
        history,
        covered=np.append(history.covered, np.arange(history.end_slot, end_slot) >= begin_slot),
        calls=np.concatenate([history.calls, np.zeros(shape, dtype=np.float32)], axis=1),
        spans=np.concatenate([history.spans, np.zeros(shape, dtype=np.float16)], axis=1),
        error_ratio=np.concatenate([history.error_ratio, np.zeros(shape, dtype=np.float16)], axis=1),
        level=np.concatenate([history.level, np.full(shape, np.nan, dtype=np.float16)], axis=1),
    )


def _with_counts(history: History, slots: OperationMinutes, operation: Int32Array) -> History:
    shape = history.calls.shape
    cell = operation.astype(np.int64) * shape[1] + (slots.minute - history.first_slot)

    def summed(amount: NDArray[np.generic]) -> NDArray[np.float64]:
        flat = np.bincount(cell, weights=amount, minlength=shape[0] * shape[1])
        return np.asarray(flat.reshape(shape), dtype=np.float64)

    calls, errors, spans = (summed(one) for one in (slots.calls, slots.errors, slots.spans))
    new = calls > 0
    return replace(
        history,
        calls=np.where(new, calls, history.calls).astype(np.float32),
        # More than a float16 holds make nothing surer.
        spans=np.where(new, np.minimum(spans, 60_000), history.spans).astype(np.float16),
        error_ratio=np.where(new, errors / np.maximum(calls, 1e-9), history.error_ratio).astype(np.float16),
    )


def _with_distributions(history: History, rows: Rows, known_until: int) -> History:
    """Levels of the new slots, quarter by quarter, since later ones may be judged by earlier ones."""
    level, blocks = history.level.copy(), dict(history.blocks)
    current = replace(history, level=level, blocks=blocks)
    for quarter in range(known_until // QUARTER_SLOTS, -(-history.end_slot // QUARTER_SLOTS)):
        begin, end = quarter * QUARTER_SLOTS, (quarter + 1) * QUARTER_SLOTS
        inside = rows.between(begin, end)
        if not len(inside):
            continue
        scores = scores_of(reference_at(current, quarter))
        for slot in range(max(begin, known_until), min(end, history.end_slot)):
            calls = slot_calls(inside, slot, len(history.operations))
            level[:, slot - history.first_slot] = level_of(calls, scores)
        if end <= history.end_slot:
            blocks[quarter] = block_of(inside)
    return replace(current, recent=rows.between(history.end_slot - OPEN_SLOTS, history.end_slot))


def slot_calls(rows: Rows, slot: int, operations: int) -> NDArray[np.float32]:
    """The calls of one slot by operation and bucket, shape (operations, BUCKETS)."""
    calls = np.zeros((operations, BUCKETS), dtype=np.float32)
    inside = rows.between(slot, slot + 1)
    calls[inside.operation, inside.bucket] = inside.calls
    return calls


def _trimmed(history: History) -> History:
    """Without what is older than two weeks."""
    away = max(0, len(history.covered) - (DAYS * DAY_SLOTS + OPEN_SLOTS))
    oldest = history.end_slot // QUARTER_SLOTS - (DAYS * DAY_QUARTERS + 2)
    return replace(
        history,
        first_slot=history.first_slot + away,
        covered=history.covered[away:],
        calls=np.ascontiguousarray(history.calls[:, away:]),
        spans=np.ascontiguousarray(history.spans[:, away:]),
        error_ratio=np.ascontiguousarray(history.error_ratio[:, away:]),
        level=np.ascontiguousarray(history.level[:, away:]),
        blocks={quarter: block for quarter, block in history.blocks.items() if quarter >= oldest},
    )
