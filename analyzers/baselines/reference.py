"""What an operation's durations are usually like: one distribution out of those of many days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.baselines.slots import bucket_starts_ns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray

    Floats: TypeAlias = NDArray[np.floating]

FEWEST_DAYS = 3
"""Of weekdays or of weekends, to be kept apart; and of any, to be believed."""
ODD_SPREADS = 3.0
"""A day further than this from the middle one, in robust standard deviations, is left out,"""
ODD_BUCKETS = 1.0
"""provided that it is also off by more than 15 %."""
SURE_CALLS = 2_000.0
"""More calls than these do not make the ends of a distribution better known from one day to the next."""
LEAST_SPREAD = 0.3
"""Of scores, where nearly all durations are the same."""


@dataclass(frozen=True)
class Reference:
    """Usual distributions, of any number of operations and slots: the leading axes are the caller's."""

    shares: Floats
    """Of calls by bucket, shape (..., n_buckets); all zero where nothing is known."""
    calls: Floats
    """That it stands on, in the days that were used."""
    days: NDArray[np.integer]
    """How many those are."""

    @property
    def learning(self) -> BoolArray:
        """Where there are too few days to be sure."""
        few: BoolArray = self.days < FEWEST_DAYS
        return few


def reference_of(calls: Floats, alike: BoolArray, odd_buckets: float = ODD_BUCKETS) -> Reference:
    """The usual distribution from those of single days.

    Each day is taken as shares, so that neither traffic nor a changed sampling rate lets one day outvote another.
    Days that are off are left out: an incident does not become normal because it was yesterday.

    Args:
        calls: shape (..., n_days, n_buckets), of the slot and its neighbours on each day.
        alike: shape (n_days,): weekdays for a weekday, weekends for a weekend. The others are used only where there
            are too few of these.
    """
    total = calls.sum(axis=-1)
    there = total > 0
    own = there & alike
    used = np.where(own.sum(axis=-1, keepdims=True) >= FEWEST_DAYS, own, there)
    position = np.arange(calls.shape[-1], dtype=calls.dtype)
    level = (calls @ position) / np.maximum(total, 1e-9)
    off = np.abs(level - median_of(level, used))
    kept = used & (off <= np.maximum(ODD_SPREADS * 1.4826 * median_of(off, used), odd_buckets))
    weight = np.where(kept, np.minimum(total, median_of(total, kept)) / np.maximum(total, 1e-9), 0)
    summed = (weight[..., None, :] @ calls)[..., 0, :]
    whole = summed.sum(axis=-1)
    return Reference(summed / np.maximum(whole, 1e-9)[..., None], whole, kept.sum(axis=-1))


def median_of(values: Floats, used: BoolArray) -> Floats:
    """The median of those values along the last axis that are used, kept as an axis; 0 of none."""
    count = used.sum(axis=-1, keepdims=True)
    if not values.shape[-1]:
        return np.zeros(count.shape)
    ordered = np.sort(np.where(used, values, np.inf), axis=-1)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[-1] - 1), axis=-1)
    with np.errstate(invalid="ignore"):
        middle: Floats = np.where(count > 0, (low + high) / 2, 0)
    return middle


def scores_of(reference: Reference) -> Floats:
    """How unusual each bucket is, as a normal score: of usual calls they have mean 0 and variance 1.

    Van der Waerden's rank score of a duration among the usual ones: the whole distribution counts, and no single
    duration counts for much. NaN where nothing is known.
    """
    from scipy.special import ndtri  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; slow to import

    shares = reference.shares
    least = 0.5 / np.clip(reference.calls, 1.0, SURE_CALLS)[..., None]
    score = ndtri(np.clip(np.cumsum(shares, axis=-1) - shares / 2, least, 1 - least))
    mean = (shares * score).sum(axis=-1, keepdims=True)
    spread = np.sqrt(np.maximum((shares * (score - mean) ** 2).sum(axis=-1, keepdims=True), LEAST_SPREAD**2))
    known = (reference.calls > 0)[..., None]
    result: Floats = np.where(known, (score - mean) / spread, np.nan).astype(shares.dtype)
    return result


def level_of(calls: Floats, scores: Floats) -> Floats:
    """The mean score of these calls: 0 where they are as usual, 1 where they are a standard deviation slower."""
    total = calls.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        level: Floats = np.where(total > 0, (calls * scores).sum(axis=-1) / total, np.nan)
    return level


def quantiles_ns(calls: Floats, shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Quantiles of distributions (..., n_buckets), within a bucket as if evenly filled; NaN of nothing. Shape (..., n_shares)."""
    reached = np.cumsum(np.asarray(calls, dtype=np.float64), axis=-1)
    whole = reached[..., -1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.stack([_position(reached, whole * share) for share in shares], axis=-1)
    known: NDArray[np.float64] = np.where(whole > 0, bucket_starts_ns(found), np.nan)
    return known


def _position(reached: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    at = np.minimum((reached < wanted).sum(axis=-1, keepdims=True), reached.shape[-1] - 1)
    above = np.take_along_axis(reached, at, axis=-1)
    below = np.where(at > 0, np.take_along_axis(reached, np.maximum(at - 1, 0), axis=-1), 0.0)
    position: NDArray[np.float64] = (at + (wanted - below) / np.maximum(above - below, 1e-12))[..., 0]
    return position
