"""The change of what a request takes, divided among places so that the parts sum to it exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.measure import request_shares
from analyzers.investigation_report import Part

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.measure import Measure
    from analyzers.investigation.observations import Observations, Observed


def measured_ns(observed: Observed, measure: Measure) -> tuple[int, int]:
    """The measure in the baseline and in the incident."""
    first, second = (
        round(float(request_shares(one.cohort, measure) @ one.cohort.duration_ns)) for one in observed.both
    )
    return first, second


def decompose(observed: Observed, measure: Measure = "mean") -> tuple[Part, ...]:
    """What each place adds to the change of the measure; largest first, then by name.

    A request takes what its critical path does, so the mean is a sum over places of (calls a request) x (time a call). With
    c calls of t on average, before (0) and after (1), the change c1 t1 - c0 t0 of a place is

        (c1 - c0) (t0 + t1) / 2     called more often
      + (c0 + c1) / 2 (t1 - t0)     each call slower

    or all of it new, or gone, where one of the two windows has no such calls. Rounded so that nothing is lost.
    """
    before, after = measured_ns(observed, measure)
    n_places = len(observed.places)
    (calls0, time0), (calls1, time1) = (_per_request(one, measure, n_places) for one in observed.both)
    each0, each1 = time0 / np.maximum(calls0, 1e-300), time1 / np.maximum(calls1, 1e-300)
    is_new, is_gone = calls0 == 0, calls1 == 0
    kept = ~(is_new | is_gone)
    parts = np.stack(
        (
            np.where(kept, (calls1 - calls0) * (each0 + each1) / 2, 0.0),
            np.where(kept, (calls0 + calls1) / 2 * (each1 - each0), 0.0),
            np.where(is_new, time1, 0.0),
            np.where(is_gone, -time0, 0.0),
        ),
        axis=1,
    )
    whole = rounded_to(parts.ravel(), after - before).reshape(parts.shape)
    found = np.flatnonzero(whole.any(axis=1))
    return tuple(
        sorted((_part(observed, number, whole[number]) for number in found.tolist()), key=_largest_first)
    )


def rounded_to(values: Float64Array, total: int) -> Int64Array:
    """Whole numbers that sum to the total, each next to its value: those cut off most are rounded up first.

    Where the values do not sum to about the total, what is left over goes to the largest.
    """
    whole = np.floor(values)
    result = whole.astype(np.int64)
    missing = total - int(result.sum())
    if not len(result):
        return result
    by_rest = np.lexsort((np.arange(len(values)), -(values - whole)))
    if 0 <= missing <= len(values):
        # A part of nothing stays nothing as long as there are others to round up.
        by_rest = by_rest[np.argsort(values[by_rest] == 0, kind="stable")]
        result[by_rest[:missing]] += 1
    else:
        result[int(np.argmax(np.abs(values)))] += missing
    return result


def _per_request(one: Observations, measure: Measure, n_places: int) -> tuple[Float64Array, Float64Array]:
    """(calls on the path, time on it in ns) of each place by request."""
    share = request_shares(one.cohort, measure)[one.request]
    on_path = one.critical_ns > 0
    calls = np.bincount(one.place[on_path], weights=share[on_path], minlength=n_places)
    time = np.bincount(one.place, weights=share * one.critical_ns, minlength=n_places)
    return calls.astype(np.float64), time.astype(np.float64)


def _part(observed: Observed, number: int, whole: Int64Array) -> Part:
    service, operation, caller = observed.named(number)
    more, slower, new, gone = (int(value) for value in whole)
    return Part(
        service=service,
        operation=operation or "",
        caller=caller,
        delta_ns=more + slower + new + gone,
        more_calls_ns=more,
        slower_calls_ns=slower,
        new_ns=new,
        gone_ns=gone,
    )


def _largest_first(part: Part) -> tuple[int, str, str, str]:
    return (-abs(part.delta_ns), part.service, part.operation, part.caller or "")
