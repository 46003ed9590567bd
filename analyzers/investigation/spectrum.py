"""Which places are unusual when requests are: what a cause must be, and what merely is slow somewhere need not.

Each request of the incident is usual or slow, and so is its time at every place. Counting how often the two go together is a
spectrum, as tests that pass and fail are for lines of code; its coefficient is Ochiai's (Abreu, Zoeteweij and van Gemund,
TAICPART-MUTATION 2007). It does not look at how much slower anything is, so it tells something that the sums of rises do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.like_for_like import FEWEST_ALIKE, HIGH, cell_quantile
from analyzers.investigation.requests import request_kinds
from analyzers.investigation.shift import compared_ns

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Float64Array, Int64Array
    from analyzers.investigation.observations import Observed


@dataclass(frozen=True)
class Spectrum:
    """One line for each place, aligned with `Observed.places`; of the incident's requests, weighted."""

    in_slow: Float64Array
    """Share of the slow or failing requests in which the place took unusually long."""
    in_others: Float64Array
    """The same of all other requests."""
    slow: float
    """Share of requests that are slow or failing."""

    @property
    def ochiai(self) -> Float64Array:
        """0 where a place is never unusual when requests are, 1 where exactly then."""
        both = self.in_slow * self.slow
        unusual = both + self.in_others * (1 - self.slow)
        result: Float64Array = both / np.sqrt(np.maximum(unusual * self.slow, 1e-300))
        return result


def spectrum(observed: Observed) -> Spectrum:
    """How often each place and whole requests are unusual together. Unusual is what nine in ten alike were not before."""
    cohort = observed.incident.cohort
    slow = _slow(observed)
    unusual = _unusual_lines(observed)
    width, n_places = len(cohort) + 1, len(observed.places)
    once = np.unique(
        observed.incident.place[unusual].astype(np.int64) * width + observed.incident.request[unusual]
    )
    place, request = once // width, once % width
    total = max(float(cohort.weight.sum()), 1e-300)
    held = [
        np.bincount(place, weights=cohort.weight[request] * side[request], minlength=n_places)
        / max(float(cohort.weight[side].sum()), 1e-300)
        for side in (slow, ~slow)
    ]
    return Spectrum(held[0], held[1], float(cohort.weight[slow].sum()) / total)


def _slow(observed: Observed) -> BoolArray:
    """Requests of the incident that fail, or take longer than nine in ten of their kind did."""
    both = [one.cohort for one in observed.both]
    kind, entry = request_kinds(observed)
    late = np.repeat([False, True], [len(one) for one in both])
    value = np.concatenate([one.duration_ns for one in both]).astype(np.float64)
    weight = np.concatenate([one.weight for one in both])
    slow: BoolArray = both[1].failed | _beyond(value, weight, late, kind, entry)
    return slow


def _unusual_lines(observed: Observed) -> Int64Array:
    """Lines of the incident that take longer than nine in ten like calls did."""
    both = observed.both
    late = np.repeat([False, True], [len(one.place) for one in both])
    site, place = (np.concatenate([getattr(one, name) for one in both]) for name in ("site", "place"))
    weight = np.concatenate([one.weight for one in both])
    return np.flatnonzero(_beyond(np.concatenate(compared_ns(observed)), weight, late, site, place))


def _beyond(
    value: Float64Array, weight: Float64Array, late: BoolArray, kind: Int64Array, wider: Int64Array
) -> BoolArray:
    """Of the later values, which exceed what nine in ten earlier ones of their kind do not; of rare kinds, of the wider one."""
    limit = np.full(len(value), np.nan)
    for group in (wider, kind):
        n_cells = int(group.max(initial=-1)) + 1
        high = cell_quantile(value[~late], weight[~late], group[~late], n_cells, HIGH)
        known = np.bincount(group[~late], minlength=n_cells) >= FEWEST_ALIKE
        limit = np.where(known[group], high[group], limit)
    result: BoolArray = value[late] > limit[late]
    return result
