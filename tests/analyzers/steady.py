"""A shop of a few operations on steady days, and what may happen to it then: histories for tests of baselines."""

from functools import cache

import numpy as np

from analyzers.baselines.history import advanced, empty_history
from analyzers.baselines.slots import DAY_SLOTS, SLOT_MINUTES
from analyzers.detectors.detect import find_all, learn
from analyzers.minutes import OperationKey, OperationMinutes, buckets_of

OPERATIONS = tuple(OperationKey("shop", f"operation {number}", 2) for number in range(6))
MONDAY_SLOT = 4 * DAY_SLOTS
"""The first Monday after the epoch."""
PAST_DAYS = 5
NOW = MONDAY_SLOT + (PAST_DAYS - 1) * DAY_SLOTS + 120
"""A Friday at ten in the morning."""


def calls(begin, end, slower=(), failing=(), factor=(), seed=0, usual=40):
    """The minutes of slots [begin, end): durations around 200 ms, one call in a hundred failed.

    `slower`, `failing` and `factor` (of the number of calls) name operations: {0: 2.0}.
    """
    random = np.random.default_rng((seed, begin))
    rows = []
    for number in range(len(OPERATIONS)):
        count = random.poisson(usual * dict(factor).get(number, 1.0), end - begin)
        slot = np.repeat(np.arange(begin, end), count)
        drawn = np.exp(random.normal(np.log(2e8 * dict(slower).get(number, 1.0)), 0.5, len(slot)))
        failed = random.random(len(slot)) < dict(failing).get(number, 0.01)
        key = np.stack([slot, buckets_of(drawn.astype(np.int64))])
        (slots, buckets), at = np.unique(key, axis=1, return_inverse=True)
        at = at.reshape(-1)
        rows.append(
            (
                np.full(len(slots), number),
                slots * SLOT_MINUTES,
                buckets,
                np.bincount(at),
                np.bincount(at, failed),
            )
        )
    operation, minute, bucket, counted, errors = (
        np.concatenate([row[part] for row in rows]) for part in range(5)
    )
    return OperationMinutes(
        OPERATIONS,
        operation.astype(np.int32),
        minute.astype(np.int64),
        bucket.astype(np.int16),
        counted.astype(np.float64),
        errors.astype(np.float64),
        counted.astype(np.int64),
    )


@cache
def past():
    """Five weekdays up to now. Histories are values: whoever goes on with it gets another one."""
    return advanced(empty_history(MONDAY_SLOT), calls(MONDAY_SLOT, NOW), MONDAY_SLOT, NOW)


@cache
def learned():
    return learn(past())


def findings_after(minutes, slots):
    """What is found after these slots of minutes that follow the past."""
    history = advanced(past(), minutes, NOW, NOW + slots)
    return find_all(history, learned() if len(history.operations) == len(OPERATIONS) else learn(history))
