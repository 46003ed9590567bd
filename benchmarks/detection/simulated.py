"""One simulated operation: ALGORITHMS' daily cycle, quieter weekends, autocorrelated noise, spikes, deploys and growth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.slots import DAY_QUARTERS, DAY_SLOTS, FINE_BUCKETS, QUARTER_SLOTS, WEEK_SLOTS
from analyzers.minutes import BUCKET_GROWTH

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

REQUESTS = 100.0
"""In five minutes, on average."""
CYCLE = 0.3
WEEKEND = 0.9
NOISE = (0.01, 0.05)
MORE_NOISE = (0.03, 0.08)
SPIKE_RATIO = 0.002
SPIKE = 3.0
COLD_START = 1.6
BUCKET = FINE_BUCKETS * np.log(BUCKET_GROWTH)
MONDAY = 4
"""The days since the epoch begin on a Thursday; simulations begin on a Monday."""
FIRST_SLOT = MONDAY * DAY_SLOTS


@dataclass(frozen=True)
class Character:
    """What is an operation's own."""

    median_ns: float
    spread: float
    """Of the logarithm of durations."""
    noise: float
    """Standard deviation of the level, as a share, and how much of it lasts to the next slot."""
    lasting: float
    peak_slot: int
    growth: float
    """Of the level, a day."""
    spikes_touch: bool = False
    """Drawn independently, two slow slots in a row are a spike of ten minutes."""


def character(
    random: Generator, *, noise: tuple[float, float] = NOISE, spikes_touch: bool = False
) -> Character:
    return Character(
        median_ns=float(np.exp(random.uniform(np.log(2e6), np.log(2e9)))),
        spread=float(random.uniform(0.3, 0.8)),
        noise=float(random.uniform(*noise)),
        lasting=float(random.uniform(0.5, 0.9)),
        peak_slot=int(random.integers(DAY_SLOTS)),
        growth=float(random.uniform(0, 0.005)),
        spikes_touch=spikes_touch,
    )


@dataclass(frozen=True)
class Operation:
    """Slots of five minutes from a Monday on."""

    own: Character
    level: Floats
    """Natural logarithm of the median duration, by slot."""
    calls: NDArray[np.int64]

    @property
    def slots(self) -> int:
        return len(self.level)


def simulated(random: Generator, own: Character, weeks: int) -> Operation:
    slots = weeks * WEEK_SLOTS
    slot = np.arange(slots)
    day = slot // DAY_SLOTS
    cycle = np.cos(2 * np.pi * (slot - own.peak_slot) / DAY_SLOTS)
    weekend = (day % 7) >= 5
    level = np.log(own.median_ns) + np.log(1 + CYCLE * cycle) + np.log(WEEKEND) * weekend
    level += own.growth * slot / DAY_SLOTS + _noise(random, own, slots) + _versions(random, slots)
    level += _slow_slots(random, own, slots)
    usual = REQUESTS * (1 + CYCLE * cycle) * np.where(weekend, WEEKEND, 1.0)
    calls = random.poisson(usual * np.exp(_noise(random, own, slots)))
    return Operation(own, level, calls)


def _noise(random: Generator, own: Character, slots: int) -> Floats:
    from scipy.signal import lfilter  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; slow to import

    steps = random.normal(0, own.noise * np.sqrt(1 - own.lasting**2), slots)
    steps[0] = random.normal(0, own.noise)
    noise: Floats = lfilter([1.0], [1.0, -own.lasting], steps)
    return noise


def _versions(random: Generator, slots: int) -> Floats:
    """Every two to five days another one, up to 3 % slower or faster than the first."""
    level = np.zeros(slots)
    for slot in _deploys(random, slots):
        level[slot:] = random.uniform(-0.03, 0.03)
    return level


def _slow_slots(random: Generator, own: Character, slots: int) -> Floats:
    """Spikes, and the first slot of every second deploy, while its caches are cold; each alone unless they may touch."""
    level = np.where(random.random(slots) < SPIKE_RATIO, np.log(SPIKE), 0.0)
    level[_deploys(random, slots)[::2]] = np.log(COLD_START)
    if not own.spikes_touch:
        level[1:][level[:-1] > 0] = 0.0
    return level


def _deploys(random: Generator, slots: int) -> list[int]:
    days = np.cumsum(random.uniform(2, 5, size=slots // (2 * DAY_SLOTS)))
    return [int(slot) for slot in days * DAY_SLOTS if slot < slots]


@dataclass(frozen=True)
class Measured:
    """What tracing saw of an operation."""

    histograms: Floats
    """Shape (n_slots, n_buckets)."""
    first_bucket: int
    p95_ns: Floats


def measured(
    random: Generator, operation: Operation, slots: slice, faster_or_slower: float = 1.0
) -> Measured:
    """Requests drawn in these slots, all of them changed by a factor."""
    calls = operation.calls[slots]
    slot = np.repeat(np.arange(len(calls)), calls)
    drawn = random.standard_normal(len(slot), dtype=np.float32) * np.float32(operation.own.spread)
    log_ns = operation.level[slots].astype(np.float32)[slot] + drawn + np.float32(np.log(faster_or_slower))
    return Measured(*_histograms(operation, slot, log_ns, len(calls)), _p95_ns(slot, log_ns, calls))


def _histograms(
    operation: Operation, slot: NDArray[np.int64], log_ns: Floats, slots: int
) -> tuple[Floats, int]:
    first, width = bucket_range(operation)
    bucket = np.clip((log_ns / np.float32(BUCKET)).astype(np.int64) - first, 0, width - 1)
    counted = np.bincount(slot * width + bucket, minlength=slots * width)
    return counted.reshape(slots, width).astype(np.float32), first


def bucket_range(operation: Operation) -> tuple[int, int]:
    """The first bucket that is kept and how many; what lies beyond goes into the outermost ones."""
    middle = np.log(operation.own.median_ns)
    reach = 4 * operation.own.spread + 2.2
    first = int((middle - reach) / BUCKET)
    return first, int(2 * reach / BUCKET) + 2


def _p95_ns(slot: NDArray[np.int64], log_ns: Floats, calls: NDArray[np.int64]) -> Floats:
    ordered = np.sort(slot * 100.0 + log_ns) % 100.0
    last = np.cumsum(calls)
    at = np.clip(last - np.ceil(calls * 0.05).astype(np.int64), 0, len(ordered) - 1)
    p95: Floats = np.where(calls > 0, np.exp(ordered[at].astype(np.float64)), np.nan)
    return p95


def by_quarter(histograms: Floats) -> Floats:
    """The same in quarters of an hour, each with its neighbours: shape (n_days, DAY_QUARTERS, n_buckets)."""
    quarters = histograms.reshape(-1, QUARTER_SLOTS, histograms.shape[-1]).sum(axis=1)
    around = quarters.copy()
    around[1:] += quarters[:-1]
    around[:-1] += quarters[1:]
    by_day: Floats = around.reshape(-1, DAY_QUARTERS, histograms.shape[-1])
    return by_day
