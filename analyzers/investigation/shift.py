"""By how much the calls of each place became slower, like calls held against like, and whether chance explains it.

Traffic differs from minute to minute, so a mean over all calls of a place moves without anything being wrong. Calls are
compared within sites (same caller, same callees); what one cohort alone has is compared as one rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.drift import drift_of
from analyzers.investigation.like_for_like import Measured, compare

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.observations import Observations, Observed


@dataclass(frozen=True)
class Shifts:
    """One line for each place, aligned with `Observed.places`."""

    calls: tuple[Float64Array, Float64Array]
    """Adjusted, in the baseline and in the incident."""
    seen: tuple[Int64Array, Int64Array]
    """Spans received, likewise."""
    usual_ns: Float64Array
    """Mean of a call in the baseline, for the sites of the incident; NaN where there are none to compare with."""
    now_ns: Float64Array
    z: Float64Array
    """How far from chance, in standard errors: of ranks, or of the share of calls that are unusually long."""
    on_path: Float64Array
    """Share of the place's own time in the incident that requests waited for."""
    drift: float
    """Times are held against usual ones that are so many times longer, since all are."""

    @property
    def excess_ns(self) -> Float64Array:
        """Rise of a call's own time, beyond what all share."""
        return np.nan_to_num(self.now_ns - self.usual_ns * self.drift)


def shifts(observed: Observed) -> Shifts:
    """The shift of every place between the two cohorts."""
    n_places = len(observed.places)
    both = observed.both
    drift = drift_of(observed)
    early_ns, late_ns = compared_ns(observed)
    measured = Measured(
        value=np.concatenate((early_ns * drift, late_ns)),
        weight=np.concatenate([one.weight for one in both]),
        late=np.repeat([0, 1], [len(one.place) for one in both]),
        kind=np.concatenate([one.site for one in both]),
        of=np.concatenate([one.place for one in both]),
        moment=np.concatenate([one.moment for one in both]),
    )
    compared = compare(measured, n_places)
    calls = [
        np.bincount(one.place, weights=one.weight, minlength=n_places).astype(np.float64) for one in both
    ]
    seen = [np.bincount(one.place, minlength=n_places) for one in both]
    return Shifts(
        calls=(calls[0], calls[1]),
        seen=(seen[0], seen[1]),
        usual_ns=compared.usual / drift,
        now_ns=compared.now,
        z=compared.z,
        on_path=_on_path(observed.incident, n_places),
        drift=drift,
    )


def compared_ns(observed: Observed) -> list[Float64Array]:
    """The time of its own of every line; of a call without its callee's span, without what such a callee usually takes.

    Else a callee whose spans are lost would make the way to it look slower by all that it does.
    """
    usual = _usual_answer_ns(observed)
    result = []
    for one, callee in zip(observed.both, observed.callee, strict=True):
        value = one.own_ns.astype(np.float64)
        silent = np.flatnonzero((callee >= 0) & (one.cohort.children == 0))
        value[silent] = np.maximum(value[silent] - usual[one.place[silent]], 0.0)
        result.append(value)
    return result


def _usual_answer_ns(observed: Observed) -> Float64Array:
    """Of every way, how much of a call the callee's span takes in the baseline: the median; 0 where none was answered."""
    one, callee = observed.baseline, observed.callee[0]
    answered = np.flatnonzero((callee >= 0) & (one.cohort.children > 0))
    # The first lines are the spans, in order.
    taken = one.cohort.spans.duration_ns[answered] - one.own_ns[answered]
    place = one.place[answered]
    usual = np.zeros(len(observed.places))
    order = np.lexsort((taken, place))
    found, begin, count = np.unique(place[order], return_index=True, return_counts=True)
    usual[found] = taken[order][begin + count // 2]
    return usual


def _on_path(incident: Observations, n_places: int) -> Float64Array:
    critical = np.bincount(incident.place, weights=incident.critical_ns, minlength=n_places)
    own = np.bincount(incident.place, weights=incident.own_ns, minlength=n_places)
    result: Float64Array = critical / np.maximum(own, 1)
    return result
