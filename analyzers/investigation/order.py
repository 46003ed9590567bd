"""What changed first: an effect does not come before its cause.

When a place changed is where its calls, ranked among like calls, divide best into before and after. How well that moment is known
follows from how much worse others divide them: those that are not worse by more than chance would make them are the interval
(Hansen, Econometrica 68, 2000). Two places whose intervals do not meet changed one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.causes import TIMES
from analyzers.investigation.failing import origins
from analyzers.investigation.shift import compared_ns
from analyzers.onset import CHANCE_Z, ranks_within

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.causes import Found
    from analyzers.investigation.observations import Observed

FEWEST = 10
"""Calls on either side of a moment."""
LIKELIHOOD_95 = 7.35
"""Hansen's table 1: what the ratio of likelihoods of the true moment stays below in 95 % of cases."""


@dataclass(frozen=True)
class Began:
    """A change came after the first of these moments, and not after the last; epoch nanoseconds."""

    first_ns: int
    last_ns: int

    def ahead_ns(self, other: Began) -> int:
        """By how much this came before the other one, at least; 0 where that cannot be told."""
        return max(other.first_ns - self.last_ns, 0)


def began(observed: Observed, found: Found) -> Began | None:
    """When the place that a cause names changed; None where that was at no moment that stands out, or it names none."""
    if found.main < 0 or found.kind not in {*TIMES, "errors"}:
        return None
    series = _failures if found.kind == "errors" else _calls
    return largest_step(*series(observed, found.main))


def largest_step(at_ns: Int64Array, value: Float64Array) -> Began | None:
    """The moment from which values are higher, with its 95 % interval; the columns are aligned, in any order."""
    order = np.lexsort((value, at_ns))
    at_ns, value = at_ns[order], value[order]
    count = len(value)
    moments = np.arange(FEWEST, count - FEWEST + 1)
    moments = moments[at_ns[moments - 1] < at_ns[np.minimum(moments, count - 1)]]
    spread = float(value.std()) if count else 0.0
    if not len(moments) or spread == 0:
        return None
    sums = np.cumsum(value)
    rise = (sums[-1] - sums[moments - 1]) / (count - moments) - sums[moments - 1] / moments
    explained = np.where(rise > 0, rise**2 * moments * (count - moments) / count, 0.0)
    best = float(explained.max())
    if best < CHANCE_Z**2 * spread**2:
        return None
    left = max(count * spread**2 - best, 1e-12 * best)
    as_good = moments[count * (best - explained) / left <= LIKELIHOOD_95]
    return Began(int(at_ns[as_good[0] - 1]), int(at_ns[as_good[-1]]))


def _calls(observed: Observed, place: int) -> tuple[Int64Array, Float64Array]:
    """Of each call of a place in both cohorts, when it began and its rank among like calls."""
    sides = list(zip(observed.both, compared_ns(observed), strict=True))
    lines = [np.flatnonzero(one.place == place) for one, _ in sides]
    at_ns = [one.cohort.spans.start_ns[one.row[mine]] for (one, _), mine in zip(sides, lines, strict=True)]
    site = [one.site[mine] for (one, _), mine in zip(sides, lines, strict=True)]
    value = [own_ns[mine] for (_, own_ns), mine in zip(sides, lines, strict=True)]
    return np.concatenate(at_ns), ranks_within(np.concatenate(site), np.concatenate(value))


def _failures(observed: Observed, place: int) -> tuple[Int64Array, Float64Array]:
    """Of each request of both cohorts, when it began and 1 if a failure began at the place."""
    at_ns, value = [], []
    for one in observed.both:
        spans = one.cohort.spans
        failed = np.flatnonzero(origins(one.cohort))
        here = failed[one.place[failed] == place]
        at_ns.append(spans.start_ns[spans.root_row])
        value.append(np.isin(np.arange(len(one.cohort)), spans.trace[here]).astype(np.float64))
    return np.concatenate(at_ns), np.concatenate(value)
