"""How others detect, in our own words and on the same series: approximations, to compare orders of magnitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter  # type: ignore[import-untyped]  # no types

from analyzers.baselines.slots import DAY_SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    Alarms = NDArray[np.bool_]

HOUR_SLOTS = 12
DAY_HOURS = 24


def moving_averages(p95_ns: Floats) -> Alarms:
    """Sentry-like: two exponential averages of hourly p95 drift apart, and a breakpoint test agrees."""
    hourly = _hourly(p95_ns)
    fast, slow = _average(hourly, 20), _average(hourly, 40)
    crossed = fast > 1.13 * slow
    agreed = np.zeros(len(hourly), dtype=np.bool_)
    for hour in np.flatnonzero(crossed).tolist():
        if hour >= 5 * DAY_HOURS:
            agreed[hour] = _breaks(hourly[hour - 4 * DAY_HOURS : hour + 1])
    return _at_hour_ends(agreed)


def seasonal_z(p95_ns: Floats) -> Alarms:
    """SigNoz-like: further than three standard deviations from yesterday's value, moved by how the days differ."""
    mean, square = _trailing_mean(p95_ns, DAY_SLOTS), _trailing_mean(p95_ns**2, DAY_SLOTS)
    expected = _before(p95_ns, DAY_SLOTS) + mean - _before(mean, DAY_SLOTS)
    spread = np.sqrt(np.maximum(square - mean**2, 1e-9))
    alarms: Alarms = (p95_ns - expected) / spread > 3
    alarms[: 2 * DAY_SLOTS] = False
    return alarms


def yesterday_hour(p95_ns: Floats) -> Alarms:
    """An hour's p95 more than half above the same hour's yesterday."""
    hourly = _hourly(p95_ns)
    alarms: Alarms = hourly > 1.5 * _before(hourly, DAY_HOURS)
    alarms[:DAY_HOURS] = False
    return _at_hour_ends(alarms)


def slot_cusum(p95_ns: Floats) -> Alarms:
    """p95 against the median and MAD of the same slot on fourteen days, summed up (CUSUM, allowance 1, limit 40)."""
    past = np.stack([_before(p95_ns, day * DAY_SLOTS) for day in range(1, 15)])
    middle = np.median(past, axis=0)
    spread = 1.4826 * np.median(np.abs(past - middle), axis=0)
    step = np.clip((p95_ns - middle) / np.maximum(spread, 0.05 * middle), -4, 4) - 1.0
    step[: 14 * DAY_SLOTS] = 0.0
    total, alarms = 0.0, np.zeros(len(p95_ns), dtype=np.bool_)
    for slot, one in enumerate(step.tolist()):
        total = min(max(0.0, total + one), 60.0)
        alarms[slot] = total > 40
    return alarms


PEERS: dict[str, Callable[[Floats], Alarms]] = {
    "moving averages and a breakpoint test, as Sentry": moving_averages,
    "seasonal z of 3, as SigNoz": seasonal_z,
    "hourly p95 over 1.5 × yesterday's": yesterday_hour,
    "slot median and MAD of p95, CUSUM": slot_cusum,
}


def _hourly(p95_ns: Floats) -> Floats:
    hourly: Floats = np.median(p95_ns.reshape(-1, HOUR_SLOTS), axis=1)
    return hourly


def _at_hour_ends(alarms: Alarms) -> Alarms:
    slots = np.zeros(len(alarms) * HOUR_SLOTS, dtype=np.bool_)
    slots[HOUR_SLOTS - 1 :: HOUR_SLOTS] = alarms
    return slots


def _average(values: Floats, span: int) -> Floats:
    share = 2 / (span + 1)
    average: Floats = lfilter(
        [share], [1, share - 1], values, zi=np.array([(1 - share) * float(np.mean(values[:DAY_HOURS]))])
    )[0]
    return average


def _breaks(hourly: Floats) -> bool:
    """Whether some split of these hours leaves means that Welch's t-test calls different."""
    best = 0.0
    for split in range(12, len(hourly) - 6):
        first, second = hourly[:split], hourly[split:]
        error = np.sqrt(first.var() / len(first) + second.var() / len(second))
        best = max(best, float((second.mean() - first.mean()) / max(float(error), 1e-9)))
    return best > 5


def _before(values: Floats, steps: int) -> Floats:
    """The values so many steps ago; the first one where there is none."""
    earlier = np.empty_like(values)
    earlier[:steps] = values[0]
    earlier[steps:] = values[:-steps]
    return earlier


def _trailing_mean(values: Floats, window: int) -> Floats:
    summed = np.cumsum(values)
    summed[window:] = summed[window:] - summed[:-window]
    mean: Floats = summed / np.minimum(np.arange(1, len(values) + 1), window)
    return mean
