"""The grid that baselines are kept on: slots of five minutes, quarters of an hour, days; all in UTC since the epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.minutes import BUCKET_GROWTH, MINUTE_NS, OperationMinutes, regrouped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray

SLOT_MINUTES = 5
SLOT_NS = SLOT_MINUTES * MINUTE_NS
QUARTER_SLOTS = 3
DAY_QUARTERS = 96
DAY_SLOTS = DAY_QUARTERS * QUARTER_SLOTS
WEEK_SLOTS = 7 * DAY_SLOTS
DAYS = 14
"""How far back what is normal is learned from."""

FINE_BUCKETS = 7
"""Of `analyzers.minutes`, in one bucket of a baseline: each is 15 % longer than the one before."""
BUCKETS = 256
"""They fit a byte, up to 30 days; what took no time shares the first."""


def is_weekend(day: int) -> bool:
    """Whether a day since the epoch, which was a Thursday, is a Saturday or a Sunday."""
    return (day + 3) % 7 >= 5


def alike(day: int, others: NDArray[np.integer]) -> BoolArray:
    """Of the other days, whether they are weekdays if this one is, else whether they are weekends."""
    weekend: BoolArray = (np.asarray(others) + 3) % 7 >= 5
    return weekend if is_weekend(day) else ~weekend


def coarse_buckets(bucket: NDArray[np.integer]) -> NDArray[np.int16]:
    """The baseline's bucket for each of those of one-minute histograms."""
    coarse: NDArray[np.int16] = np.clip(bucket // FINE_BUCKETS, 0, BUCKETS - 1).astype(np.int16)
    return coarse


def bucket_starts_ns(position: NDArray[np.floating]) -> NDArray[np.float64]:
    """The duration at which a baseline's bucket begins; fractions lie within it."""
    starts: NDArray[np.float64] = (BUCKET_GROWTH**FINE_BUCKETS) ** np.asarray(position, dtype=np.float64)
    return starts


def in_slots(minutes: OperationMinutes, slot_minutes: int = SLOT_MINUTES) -> OperationMinutes:
    """The same counts in longer slots and the baseline's buckets; `minute` then holds the number of the slot.

    Being sums, they merge as minutes do.
    """
    return regrouped(minutes, minutes.minute // slot_minutes, coarse_buckets(minutes.bucket))
