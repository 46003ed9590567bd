"""Several memories side by side: how far the last minutes and hours are from an operation's own usual wobble.

A window-limited sequential test (Lai, 1995): in place of one CUSUM, whose memory would have to suit both a doubling
and a slow +20 %, the means over several windows are looked at, each against what the same means did in the past.
What past means did holds their autocorrelation and the error of the reference, which a formula would have to guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.baselines.slots import DAY_SLOTS, WEEK_SLOTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating]

WINDOWS = (1, 2, 3, 5, 11, 23, 47)
"""In pairs of neighbouring slots: 10, 15, 20 and 30 minutes, 1, 2 and 4 hours."""
DRIFT_LAG = 12
"""Slots, so that the first hour of a change is not held against itself."""
MOST_LEVEL = 0.5
MOST_DRIFT = 0.1
"""A tenth of the standard deviation of durations: 5 % where most lie within a factor of three."""
FEWEST_PRESENT = 0.5
"""Of a window; what is missing, such as while nobody looked, is no evidence in either direction."""


@dataclass(frozen=True)
class Noise:
    """How a window's mean wobbled in the past, shape (n_operations,) each, by window."""

    centre: tuple[Floats, ...]
    spread: tuple[Floats, ...]
    independent: tuple[Floats, ...]
    """How many windows that do not overlap it was learned from."""
    spans: Floats
    """Received in a slot, usually; shape (n_operations,)."""


def without_drift(level: Floats) -> Floats:
    """The level less what it was on the whole day that ended an hour before, as far as that is small.

    A new version that is 3 % slower, or slow growth, is then not carried in every window as if it were noise. More
    than `MOST_DRIFT` is never taken away: what is much slower stays slower until the reference has learned it.
    """
    there = np.isfinite(level)
    bounded = np.where(there, np.clip(level, -MOST_LEVEL, MOST_LEVEL), 0.0)
    total, count = _trailing(bounded, DAY_SLOTS), _trailing(there, DAY_SLOTS)
    mean = np.clip(total / np.maximum(count, DAY_SLOTS / 4), -MOST_DRIFT, MOST_DRIFT)
    drift = np.zeros_like(mean)
    drift[..., DRIFT_LAG:] = mean[..., :-DRIFT_LAG]
    centred: Floats = level - drift
    return centred


def pair_lows(level: Floats) -> Floats:
    """The lower of each slot and the one before it: one slot alone, however high, changes nothing.

    Shape as given, (n_operations, n_slots); NaN where either is missing.
    """
    lows: Floats = np.full_like(level, np.nan)
    lows[:, 1:] = np.minimum(level[:, 1:], level[:, :-1])
    return lows


def window_means(lows: Floats, window: int) -> Floats:
    """The mean of the last `window` pairs at each slot; NaN where less than half of them are there."""
    there = np.isfinite(lows)
    total = _trailing(np.where(there, lows, 0.0), window)
    count = _trailing(there, window)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(count >= FEWEST_PRESENT * window, total / count, np.nan)
    return means


def _trailing(values: NDArray[np.generic], window: int) -> NDArray[np.float64]:
    """The sum of the last `window` values at each place."""
    summed = np.cumsum(values, axis=-1, dtype=np.float64)
    trailing = summed.copy()
    trailing[..., window:] -= summed[..., :-window]
    return trailing


def learn_noise(lows: Floats, spans: Floats, windows: tuple[int, ...] = WINDOWS) -> Noise:
    """What the means did in the past. Robust: an incident of less than a fifth of a day in two weeks widens nothing."""
    if not lows.shape[-1]:
        lows, spans = np.full((len(lows), 1), np.nan), np.zeros((len(lows), 1))
    learned = [_wobble(window_means(lows, window)[:, :: max(1, window // 3)], window) for window in windows]
    centre, spread, independent = (tuple(one[part] for one in learned) for part in range(3))
    return Noise(centre, spread, independent, np.median(np.nan_to_num(spans), axis=-1))


def _wobble(means: Floats, window: int) -> tuple[Floats, Floats, Floats]:
    ordered = np.sort(means, axis=-1)  # missing ones last
    count = np.isfinite(ordered).sum(axis=-1)

    def at(share: float) -> Floats:
        place = np.clip(np.rint(share * (count - 1)), 0, None).astype(np.int64)
        found: Floats = np.take_along_axis(ordered, place[:, None], axis=-1)[:, 0]
        return found

    centre = at(0.5)
    # One and two standard deviations above, were it normal; the larger, since it often is not.
    spread = np.maximum(at(0.8413) - centre, (at(0.9772) - centre) / 2)
    return centre, spread, count * max(1, window // 3) / (window + 1)


def chances(lows: Floats, spans: Floats, noise: Noise, windows: tuple[int, ...] = WINDOWS) -> Floats:
    """Of each window and slot, how likely a mean this high is among the windows of a week, were nothing different.

    Student's t, with as many degrees of freedom as independent windows were seen. Where there are fewer requests than
    usual, so at night or since fewer are sampled, the error of that comes on top of the learned spread. Shape (n_windows, n_operations, n_slots).
    """
    from scipy.special import stdtr  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; slow to import

    found = []
    for number, window in enumerate(windows):
        requests = np.maximum(_trailing(np.nan_to_num(spans), window + 1), 1.0)
        usual = np.maximum(noise.spans * (window + 1), 1.0)[:, None]
        fewer = np.maximum(1.0 / requests - 1.0 / usual, 0.0)
        spread = np.sqrt(noise.spread[number][:, None] ** 2 + fewer)
        far = (window_means(lows, window) - noise.centre[number][:, None]) / spread
        seen = np.maximum(noise.independent[number], 1.0)[:, None]
        chance = stdtr(seen, -far) * len(windows) * WEEK_SLOTS
        found.append(np.where(np.isfinite(chance), np.minimum(chance, 1.0), 1.0))
    return np.stack(found)
