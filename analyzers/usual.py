"""What is usual for an operation at this time of day, and whether now is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from analyzers.baselines.reference import FEWEST_DAYS, level_of, median_of, reference_of, scores_of
from analyzers.minutes import OperationKey, OperationMinutes, bucket_middles_ns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray
    from analyzers.baselines.reference import Reference
    from analyzers.same_hours import Days

Status: TypeAlias = Literal["normal", "slower", "errors", "new", "quiet"]

ODD_BUCKETS = 7.0
"""Of one-minute histograms: the 15 % by which a day may be off in any case."""

SLOWER_RATIO, SLOWER_NS = 1.1, 1_000_000
LEAST_WOBBLE = 0.05
"""Of a day's level; less is not believed of a few days."""
SLOWER_FAR = 4.0
FEWEST_ERRORS, ERRORS_RATIO, ERRORS_RISE = 5, 2.0, 0.01
QUIET_RATIO, QUIET_CALLS = 0.5, 50


@dataclass(frozen=True)
class Usual:
    """How one operation usually is at this time of day."""

    p50_ns: int
    p95_ns: int
    days: int
    status: Status
    """What is different now."""


def usual_of(days: Days) -> dict[OperationKey, Usual]:
    """Of each operation that runs now and of which enough days are known, or that is new.

    Where traces were left out, only durations are compared: what is left tells how long a call takes, not how often
    there is one, nor how often it fails.
    """
    # A store that knows no days before is not a system full of new operations.
    if days.known < FEWEST_DAYS:
        return {}
    parts = (days.now, *days.past)
    every = sorted({key for part in parts for key in part.operations})
    number = {key: at for at, key in enumerate(every)}
    numbers = [_numbered(part, number) for part in parts]
    same = np.array(days.alike, dtype=np.bool_)
    found = {
        every[at]: _usual(_series(parts, numbers, at, same), days) for at in np.unique(numbers[0]).tolist()
    }
    return {key: usual for key, usual in found.items() if usual is not None}


@dataclass(frozen=True)
class _Series:
    """One operation now (row 0) and on the days before, newest first."""

    calls: NDArray[np.float64]
    """By bucket."""
    asked: NDArray[np.float64]
    failed: NDArray[np.float64]
    spans: float
    """Received now."""
    first: int
    """The bucket that the columns begin with."""
    reference: Reference

    @property
    def there(self) -> NDArray[np.bool_]:
        """Days on which it was called."""
        called: NDArray[np.bool_] = self.asked[1:] > 0
        return called

    def quantiles_ns(self, shares: NDArray[np.floating]) -> tuple[int, int]:
        """Median and p95 as a store's histogram has them: the middle of the bucket where so many are reached."""
        reached = np.cumsum(shares)
        at = np.searchsorted(reached, np.array([0.5, 0.95]) * reached[-1] * (1 - 1e-12))
        found = bucket_middles_ns((self.first + np.minimum(at, len(shares) - 1)).astype(np.int16))
        return int(found[0]), int(found[1])


def _numbered(minutes: OperationMinutes, number: dict[OperationKey, int]) -> NDArray[np.int64]:
    """Of each row, its operation's number among all; in order, as the operations are."""
    renamed = np.array([number[key] for key in minutes.operations], dtype=np.int64)
    return renamed[minutes.operation] if len(minutes) else np.empty(0, dtype=np.int64)


def _series(
    parts: Sequence[OperationMinutes], numbers: Sequence[NDArray[np.int64]], at: int, same: BoolArray
) -> _Series:
    taken = [
        (part, slice(*np.searchsorted(number, (at, at + 1)).tolist()))
        for part, number in zip(parts, numbers, strict=True)
    ]
    buckets = np.concatenate([part.bucket[rows] for part, rows in taken])
    first = int(buckets.min())
    calls = np.zeros((len(parts), int(buckets.max()) - first + 1))
    for row, (part, rows) in enumerate(taken):
        np.add.at(calls[row], part.bucket[rows] - first, part.calls[rows])
    return _Series(
        calls=calls,
        asked=calls.sum(axis=-1),
        failed=np.array([part.errors[rows].sum() for part, rows in taken]),
        spans=float(taken[0][0].spans[taken[0][1]].sum()),
        first=first,
        reference=reference_of(calls[1:], same, ODD_BUCKETS),
    )


def _usual(series: _Series, days: Days) -> Usual | None:
    """Of one operation; None where it is known from too few days."""
    if not series.there.any():
        return Usual(0, 0, 0, "new") if days.whole else None
    if bool(series.reference.learning):
        return None
    p50_ns, p95_ns = series.quantiles_ns(series.reference.shares)
    return Usual(p50_ns, p95_ns, int(series.reference.days), _status(series, days))


def _status(series: _Series, days: Days) -> Status:
    if days.whole and _fails_more(series):
        return "errors"
    if _is_slower(series):
        return "slower"
    return "quiet" if days.whole and _is_quiet(series, days) else "normal"


def _fails_more(series: _Series) -> bool:
    """Enough of them, and more than twice what all days but the worst had."""
    ratio = series.failed / np.maximum(series.asked, 1e-9)
    worst = np.sort(ratio[1:][series.there])
    usual, now = float(worst[max(len(worst) - 2, 0)]), float(ratio[0])
    return now * series.spans >= FEWEST_ERRORS and now >= max(ERRORS_RATIO * usual, usual + ERRORS_RISE)


def _is_slower(series: _Series) -> bool:
    """By its whole distribution further from the days than these are from each other, and by enough to matter."""
    usual_ns = series.quantiles_ns(series.reference.shares)
    now_ns = series.quantiles_ns(series.calls[0])
    if not any(
        after >= SLOWER_RATIO * before and after - before >= SLOWER_NS
        for before, after in zip(usual_ns, now_ns, strict=True)
    ):
        return False
    levels = level_of(series.calls, scores_of(series.reference))
    day = np.nan_to_num(levels[1:])
    centre = float(median_of(day, series.there)[0])
    wobble = max(1.4826 * float(median_of(np.abs(day - centre), series.there)[0]), LEAST_WOBBLE)
    return bool(levels[0] - centre >= SLOWER_FAR * np.sqrt(wobble**2 + 1 / max(series.spans, 1.0)))


def _is_quiet(series: _Series, days: Days) -> bool:
    """Not half as many calls as on the middle day of the same sort."""
    chosen = np.array(days.alike) & series.there
    if chosen.sum() < FEWEST_DAYS:
        return False
    expected = float(median_of(series.asked[1:], chosen)[0]) * days.share
    return expected >= QUIET_CALLS and float(series.asked[0]) < QUIET_RATIO * expected
