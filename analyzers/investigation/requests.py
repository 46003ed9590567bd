"""Whether requests became slower, or only other requests were made: mix against rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.like_for_like import FEWEST_ALIKE, Measured, cell_quantile, compare
from analyzers.investigation.structure import share_z

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.observations import Observed


@dataclass(frozen=True)
class RequestChange:
    """The change of the mean in two parts, and how sure a rise is. Nanoseconds by request."""

    mix_ns: float
    """Because other kinds of requests were made: same entry, other operations beneath it."""
    rate_ns: float
    """Because requests of a kind became slower."""
    usual_ns: float
    """Mean of the incident's kinds of requests, had they taken what they took in the baseline."""
    z: float
    """How surely requests of a kind became slower."""
    faster_z: float
    p95_ns: tuple[float, float]
    drift: float
    """How many times longer everything takes, in all services alike; 1.0 where it takes less."""
    error_z: float
    """How surely more requests fail."""
    entry_usual_ns: float = 0.0
    """Mean of the incident's requests, had all that entered at an operation taken what they took in the baseline, whatever they ran."""
    entry_z: float = 0.0
    """How surely requests that entered at an operation became slower, whatever they ran."""

    @property
    def other_work_ns(self) -> float:
        """Because requests ran other operations than those that entered there before."""
        return self.usual_ns - self.entry_usual_ns

    @property
    def entry_rises(self) -> float:
        """Of what requests that enter at an operation usually take, beyond what all services share."""
        return (self.usual_ns + self.rate_ns) / max(self.entry_usual_ns * self.drift, 1.0) - 1

    @property
    def rises(self) -> float:
        """Of what requests of a kind usually take, beyond what all services share."""
        return (self.usual_ns + self.rate_ns) / max(self.usual_ns * self.drift, 1.0) - 1

    @property
    def tail_rises(self) -> float:
        """The same of p95."""
        return self.p95_ns[1] / max(self.p95_ns[0] * self.drift, 1.0) - 1


def request_change(observed: Observed, drift: float = 1.0) -> RequestChange:
    """The change of requests, like held against like.

    Requests are alike that entered at one operation and ran the same set of operations. Kinds that one window hardly
    has are compared with all requests that entered there.
    """
    both = [one.cohort for one in observed.both]
    kind, entry = request_kinds(observed)
    late = np.repeat([0, 1], [len(one) for one in both])
    value = np.concatenate([one.duration_ns for one in both]).astype(np.float64)
    weight = np.concatenate([one.weight for one in both])
    usual, now = _kind_means(kind, entry, late, value, weight)
    mean = [float(np.average(one.duration_ns, weights=one.weight)) for one in both]
    whole = np.zeros(len(value), dtype=np.int64)
    slower = max(drift, 1.0)
    drifted = np.where(late == 0, value * slower, value)
    moment = np.concatenate([one.moment for one in both])
    compared = compare(Measured(drifted, weight, late, kind, whole, moment, entry), 1)
    by_entry = compare(Measured(drifted, weight, late, entry, whole, moment, entry), 1)
    turned = compare(Measured(-value, weight, late, kind, whole, moment, entry), 1)
    p95 = cell_quantile(value, weight, late, 2, 0.95)
    return RequestChange(
        mix_ns=usual - mean[0],
        rate_ns=now - usual,
        usual_ns=usual,
        z=float(np.nan_to_num(compared.z[0])),
        faster_z=float(np.nan_to_num(turned.z[0])),
        p95_ns=(float(p95[0]), float(p95[1])),
        drift=slower,
        error_z=_error_z(both[0], both[1]),
        entry_usual_ns=_kind_means(entry, entry, late, value, weight)[0],
        entry_z=float(np.nan_to_num(by_entry.z[0])),
    )


def request_kinds(observed: Observed) -> tuple[Int64Array, Int64Array]:
    """(kind, entry) of the requests of the baseline, then of the incident: numbers that are equal where requests are alike."""
    both = [one.cohort for one in observed.both]
    entry = np.concatenate(
        [codes[one.spans.root_row] for codes, one in zip(observed.operation, both, strict=True)]
    )
    sets = np.concatenate([_sets(one, codes) for codes, one in zip(observed.operation, both, strict=True)])
    known = np.unique(sets, return_inverse=True)[1]
    return np.unique(known * len(observed.names.operations) + entry, return_inverse=True)[1], entry


def _sets(cohort: Cohort, operation: Int64Array) -> Int64Array:
    """A number for the set of operations of each request."""
    spans = cohort.spans
    width = int(operation.max(initial=0)) + 1
    hashes = np.random.default_rng(2).integers(1, 2**62, width)
    once = np.unique(spans.trace.astype(np.int64) * width + operation)
    sets = np.zeros(len(cohort), dtype=np.int64)
    np.add.at(sets, once // width, hashes[once % width])
    return sets


def _kind_means(
    kind: Int64Array, entry: Int64Array, late: Int64Array, value: Float64Array, weight: Float64Array
) -> tuple[float, float]:
    """(usual, now): means of the incident's requests as they would have been, and as they are."""
    count = np.bincount(kind * 2 + late, minlength=2 * (int(kind.max()) + 1)).reshape(-1, 2)
    cell = np.where(np.any(count < FEWEST_ALIKE, axis=1)[kind], len(count) + entry, kind)
    early = late == 0
    n_cells = int(cell.max()) + 1
    by_cell = _mean(cell[early], value[early], weight[early], n_cells)
    by_entry = _mean(entry[early], value[early], weight[early], int(entry.max()) + 1)
    overall = float(np.average(value[early], weights=weight[early]))
    expected = by_cell[cell[~early]]
    expected = np.where(np.isnan(expected), by_entry[entry[~early]], expected)
    expected = np.where(np.isnan(expected), overall, expected)
    return float(np.average(expected, weights=weight[~early])), float(
        np.average(value[~early], weights=weight[~early])
    )


def _mean(cell: Int64Array, value: Float64Array, weight: Float64Array, n_cells: int) -> Float64Array:
    """NaN where there are too few for a mean."""
    total = np.bincount(cell, weights=weight, minlength=n_cells)
    enough = np.bincount(cell, minlength=n_cells) >= FEWEST_ALIKE
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Float64Array = np.where(
            enough, np.bincount(cell, weights=weight * value, minlength=n_cells) / total, np.nan
        )
    return result


def _error_z(baseline: Cohort, incident: Cohort) -> float:
    shares = [np.array([one.error_ratio]) for one in (baseline, incident)]
    sizes = [np.array([one.effective]) for one in (baseline, incident)]
    return float(share_z(shares[0], shares[1], sizes[0], sizes[1])[0])
