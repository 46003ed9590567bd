"""A small simulated system as a history: what listed cases happen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.history import advanced, empty_history
from analyzers.baselines.slots import DAY_SLOTS, FINE_BUCKETS, SLOT_MINUTES
from analyzers.detectors.detect import find_all, learn
from analyzers.minutes import OperationKey, OperationMinutes
from benchmarks.detection.simulated import FIRST_SLOT, Character, bucket_range, measured, simulated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.baselines.history import History
    from analyzers.detectors.finding import Finding
    from benchmarks.detection.simulated import Operation

    Floats = NDArray[np.floating]

OPERATIONS = 8
HOUR_SLOTS = 12
WEEKS = 4


@dataclass(frozen=True)
class Counts:
    """Histograms of operations in some slots: shape (n_operations, n_slots, n_buckets), and what the spans stand for."""

    first_slot: int
    """Since the simulation began."""
    spans: Floats
    error_ratio: Floats
    """Shape (n_operations, n_slots)."""
    weight: float = 1.0
    """Calls that a span stands for."""


def operations(random: np.random.Generator, own: Character) -> list[Operation]:
    """Operations alike in character, each with its own luck."""
    return [simulated(random, own, WEEKS) for _ in range(OPERATIONS)]


def counted(
    random: np.random.Generator, system: list[Operation], slots: slice, slower: float = 1.0
) -> Counts:
    """What tracing sees of them, half a per cent of it failed."""
    spans = np.stack([measured(random, one, slots, slower).histograms for one in system])
    total = spans.sum(axis=-1).astype(np.int64)
    return Counts(slots.start, spans, random.binomial(total, 0.005) / np.maximum(total, 1))


def minutes_of_counts(counts: Counts, first_bucket: int) -> OperationMinutes:
    """As a store would give them."""
    operation, slot, bucket = np.nonzero(counts.spans)
    spans = counts.spans[operation, slot, bucket]
    calls = np.asarray(spans, dtype=np.float64).reshape(-1) * counts.weight
    minute = (FIRST_SLOT + counts.first_slot + slot.astype(np.int64)) * SLOT_MINUTES
    return OperationMinutes(
        tuple(OperationKey("shop", f"operation {number}", 2) for number in range(len(counts.spans))),
        operation.astype(np.int32),
        minute.astype(np.int64),
        ((bucket + first_bucket) * FINE_BUCKETS + FINE_BUCKETS // 2).astype(np.int16),
        calls,
        calls * counts.error_ratio[operation, slot],
        spans.astype(np.int64),
    )


def history_of(counts: Counts, first_bucket: int) -> History:
    """From the beginning of the simulation on."""
    begin = FIRST_SLOT + counts.first_slot
    end = begin + counts.spans.shape[1]
    return advanced(empty_history(begin), minutes_of_counts(counts, first_bucket), begin, end)


def findings(
    history: History, counts: Counts, first_bucket: int, looked_at: NDArray[np.bool_] | None = None
) -> list[tuple[int, Finding]]:
    """What is told after each further slot, with the number of the slot; slots may be left out by the one who looks."""
    minutes, told = minutes_of_counts(counts, first_bucket), []
    learned = learn(history)
    for number in range(counts.spans.shape[1]):
        slot = FIRST_SLOT + counts.first_slot + number
        if looked_at is not None and not looked_at[number]:
            continue
        history = advanced(history, minutes.take(minutes.minute // SLOT_MINUTES == slot), slot, slot + 1)
        if number % HOUR_SLOTS == 0 or learned.operations < len(history.operations):
            learned = learn(history)
        told += [(number, one) for one in find_all(history, learned)]
    return told


def first_bucket_of(system: list[Operation]) -> int:
    return bucket_range(system[0])[0]


def day(number: int, hours: int = 24) -> slice:
    """The slots of a day of the simulation, or of its first hours."""
    return slice(number * DAY_SLOTS, number * DAY_SLOTS + hours * HOUR_SLOTS)
