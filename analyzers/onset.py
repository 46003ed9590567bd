"""When it began: the moment that best divides a period into before and after.

Requests are ranked within their operation, so that other traffic is no change. Three things are watched: the ranks (most
requests became slower), the share of requests beyond the slowest tenth (some became much slower), and the share that
failed. For each, the standardised difference of means before and after is taken at every moment considered; the
largest one wins, and must be larger than chance makes it anywhere (the maximally selected rank statistic: Lausen
and Schumacher, Biometrics 48, 1992). How each span was sampled does not matter as long as it is sampled alike before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray, Float64Array, Int64Array

FEWEST_BEFORE = 30
FEWEST_AFTER = 15
MOST_MOMENTS = 400
CHANCE_Z = 4.2
"""A difference that independent requests reach anywhere in about one period of 500; whether it matters is decided later."""
SLOWEST_SHARE = 0.9
SURE_FAILED_RATIO = 0.02
"""By less than so much failures do not tell when something began."""


@dataclass(frozen=True)
class Onset:
    """The first request of what is different."""

    at_ns: int
    what: Literal["latency", "tail", "errors"]
    z: float
    """By how many standard errors after differs from before."""


def find_onset(
    start_ns: Int64Array, duration_ns: Int64Array, operation: NDArray[np.integer], failed: BoolArray
) -> Onset | None:
    """When requests became slower or began to fail; None where nothing stands out, or there are too few of them.

    Trouble that grew in steps began with the first of them that was not over before the next.

    The columns are aligned, shape (n_requests,), in any order.
    """
    onset = _largest_step(start_ns, duration_ns, operation, failed)
    while onset is not None:
        before = start_ns < onset.at_ns
        earlier = _largest_step(start_ns[before], duration_ns[before], operation[before], failed[before])
        if earlier is None or not _lasts(earlier, onset.at_ns, start_ns, duration_ns, operation, failed):
            break
        onset = earlier
    return onset


def _lasts(
    onset: Onset,
    until_ns: int,
    start_ns: Int64Array,
    duration_ns: Int64Array,
    operation: NDArray[np.integer],
    failed: BoolArray,
) -> bool:
    """Whether what began is still so in the last third of the time until then."""
    last_ns = until_ns - (until_ns - onset.at_ns) // 3
    kept = (start_ns < onset.at_ns) | ((start_ns >= last_ns) & (start_ns < until_ns))
    again = _largest_step(start_ns[kept], duration_ns[kept], operation[kept], failed[kept])
    return again is not None and again.at_ns >= onset.at_ns


def _largest_step(
    start_ns: Int64Array, duration_ns: Int64Array, operation: NDArray[np.integer], failed: BoolArray
) -> Onset | None:
    """The moment whose before and after differ most."""
    if len(start_ns) < FEWEST_BEFORE + FEWEST_AFTER:
        return None
    order = np.lexsort((duration_ns, start_ns))
    times = start_ns[order]
    ranks = ranks_within(operation[order], duration_ns[order])
    moments = _moments(times)
    watched: tuple[tuple[Literal["latency", "tail", "errors"], Float64Array], ...] = (
        ("latency", ranks),
        ("tail", (ranks > SLOWEST_SHARE).astype(np.float64)),
        ("errors", failed[order].astype(np.float64)),
    )
    found = [
        onset
        for what, values in watched
        if len(moments) and (onset := _largest(what, values, times, moments)) is not None
    ]
    return max(found, key=lambda onset: onset.z, default=None)


def _largest(
    what: Literal["latency", "tail", "errors"], values: Float64Array, times: Int64Array, moments: Int64Array
) -> Onset | None:
    count = len(values)
    spread = float(values.std())
    if spread == 0:
        return None
    before = np.cumsum(values)[moments - 1]
    rise = (values.sum() - before) / (count - moments) - before / moments
    if what == "errors":
        rise = np.where(rise < SURE_FAILED_RATIO, 0.0, rise)
    z = rise / (spread * np.sqrt(1 / moments + 1 / (count - moments)))
    best = int(np.argmax(z))
    return Onset(int(times[moments[best]]), what, float(z[best])) if z[best] >= CHANCE_Z else None


def _moments(times: Int64Array) -> Int64Array:
    """Positions to divide at: enough requests on either side, none between requests of the same instant."""
    positions = np.arange(FEWEST_BEFORE, len(times) - FEWEST_AFTER + 1)
    positions = positions[times[positions - 1] < times[np.minimum(positions, len(times) - 1)]]
    if len(positions) > MOST_MOMENTS:
        positions = positions[np.linspace(0, len(positions) - 1, MOST_MOMENTS).astype(np.int64)]
    return positions


def ranks_within(
    operation: NDArray[np.integer], duration_ns: NDArray[np.integer] | Float64Array
) -> Float64Array:
    """Of each request, the share of its operation's that took at most as long, ties halved: between 0 and 1."""
    order = np.lexsort((duration_ns, operation))
    groups, durations = operation[order], duration_ns[order]
    position = np.arange(len(order))
    begins = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[begins, len(order)])
    group = np.repeat(np.arange(len(begins)), sizes)
    tie_begins = np.flatnonzero(np.r_[True, (groups[1:] != groups[:-1]) | (durations[1:] != durations[:-1])])
    tie_sizes = np.diff(np.r_[tie_begins, len(order)])
    first = np.repeat(tie_begins, tie_sizes)
    middle = first + (np.repeat(tie_sizes, tie_sizes) - 1) / 2
    ranks = np.empty(len(order), dtype=np.float64)
    ranks[order[position]] = (middle - begins[group] + 0.5) / sizes[group]
    return ranks
