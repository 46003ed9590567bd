"""Whose fault a slow way is: its caller's, or its callee's.

A way has two ends, and its time alone does not tell which of them is slow. What else the two do, does: a pod whose network is
slow shows it on all its ways; the callee of one slow way among many of its caller's is slow itself. Where server spans stand
directly over server spans, the time next to a call is the caller's own as well: code that became slow in one operation of the
caller shows on all ways of that operation, and on none of its others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.investigation.like_for_like import Measured, compare

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.shift import Shifts

CHANCE_Z, SURE_Z = 2.0, 4.0
"""Below the first a shift counts for nothing, from the second on in full."""
CALLEE_PRIOR, CALLER_PRIOR = 0.5, 0.35
"""With nothing else known a slow way is the callee's: it has one way in, callers have many out."""
CODE_PRIOR = 0.55
"""Time next to a call without a span of its own is all that the caller does around it: its code is a little likelier than the way."""
FEWEST_TO_SUPPORT = 5
"""Calls in each window; a rarer way says nothing about the others."""
MOST_WAYS = 2_000
"""Compared with each other; of more, the rest is shared out by the priors."""


def certainty(z: Float64Array) -> Float64Array:
    """0 for what chance explains, 1 for what it does not."""
    return np.clip((z - CHANCE_Z) / (SURE_Z - CHANCE_Z), 0.0, 1.0)


def owners(observed: Observed, shifts: Shifts) -> tuple[Float64Array, Float64Array]:
    """For each place that is a way, the shares of its caller and its callee in its rise; 0 and 0 for others."""
    strands = _Strands(observed, shifts)
    shares = np.zeros((2, len(observed.places)))
    total = np.zeros(len(observed.places))
    for strand in np.flatnonzero(strands.is_way).tolist():
        place, held = int(strands.place[strand]), max(float(strands.held[strand]), 1e-9)
        caller, callee = strands.support(strand)
        whole = caller**2 + callee**2
        shares[:, place] += held * caller**2 / whole, held * callee**2 / whole
        total[place] += held
    shares /= np.maximum(total, 1e-300)
    return shares[0], shares[1]


class _Strands:
    """Ways, those without client spans told apart by the caller's operation, and how much each rose."""

    def __init__(self, observed: Observed, shifts: Shifts) -> None:
        beside = _beside_calls(observed, shifts.drift)
        requests = max(float(observed.incident.cohort.weight.sum()), 1e-300)
        n_places = len(observed.places)
        self.place = np.concatenate((np.arange(n_places), beside.place))
        self._operation = np.concatenate((np.full(n_places, -1), beside.operation))
        self._raw = np.maximum(np.concatenate((shifts.excess_ns, beside.rise_ns)), 0)
        self.rise = self._raw * certainty(np.concatenate((shifts.z, beside.z)))
        self._by_request = np.concatenate((shifts.calls[1], beside.calls)) / requests
        self.held = self.rise * self._by_request
        seen = self._seen = np.concatenate((np.minimum(*shifts.seen), beside.seen))
        keys = observed.places
        self._caller = np.array([keys[one].caller for one in self.place.tolist()], dtype=np.int64)
        self._callee = np.array([keys[one].service for one in self.place.tolist()], dtype=np.int64)
        self.is_way = self._caller >= 0
        self._queue = np.array([keys[one].queue for one in self.place.tolist()], dtype=np.bool_)
        # What is told apart by operation does not count once more as a whole.
        self.is_way[beside.place] = False
        own = np.flatnonzero(self._caller[:n_places] < 0)
        self._own = np.bincount(
            self._callee[own], weights=self.held[own], minlength=len(observed.names.services)
        )
        self._own_of_operation = np.zeros(len(observed.names.operations))
        operation = np.array([keys[one].operation for one in own.tolist()], dtype=np.int64)
        np.add.at(self._own_of_operation, operation, self.held[own])
        self._ends: dict[int, list[int]] = {}
        for way in np.flatnonzero(self.is_way & (seen >= FEWEST_TO_SUPPORT))[:MOST_WAYS].tolist():
            for end in {int(self._caller[way]), int(self._callee[way])}:
                self._ends.setdefault(end, []).append(way)

    def support(self, way: int) -> tuple[float, float]:
        """How well what else the caller does, and the callee, agrees with being the slow one."""
        by_network = self._of_end(way, int(self._caller[way]), CALLER_PRIOR)
        by_code = self._of_code(way) if self._operation[way] >= 0 and not self._queue[way] else 0.0
        return max(by_network, by_code), self._of_end(way, int(self._callee[way]), CALLEE_PRIOR)

    def _of_end(self, way: int, end: int, prior: float) -> float:
        """Whether all ways of one end rose, or all that lead to it, or all that lead from it.

        A pod's network slows down all; one that stands still now and then, what arrives; one short of connections, what leaves.
        """
        others = np.array([one for one in self._ends.get(end, ()) if one != way], dtype=np.int64)
        ends = self._callee if self._callee[way] == end else self._caller
        alike = others[ends[others] == end]
        own_rise = self._own[end] / max(float(self._by_request[way]), 1e-9)
        rise = max(float(self.rise[way]), 1.0)
        return max(
            self._agreeing(way, others, prior),
            self._agreeing(way, alike, prior) if len(alike) else 0.0,
            prior * min(float(own_rise) / rise, 1.0),
        )

    def _of_code(self, way: int) -> float:
        """Whether all that one operation of the caller does itself rose, next to other calls too."""
        operation = int(self._operation[way])
        others = [
            one
            for one in self._ends.get(int(self._caller[way]), ())
            if one != way and self._operation[one] == operation and self._caller[one] == self._caller[way]
        ]
        own_rise = self._own_of_operation[operation] / max(float(self._by_request[way]), 1e-9)
        rise = max(float(self.rise[way]), 1.0)
        support = self._agreeing(way, np.array(others, dtype=np.int64), CODE_PRIOR)
        return max(support, min(float(own_rise) / rise, 1.0))

    def _agreeing(self, way: int, others: Int64Array, prior: float) -> float:
        """Mean share of the way's rise that others show; those count by how many calls they have, beside the way's."""
        rise = max(float(self.rise[way]), 1.0)
        tells = np.minimum(self._seen[others] / max(int(self._seen[way]), 1), 1.0)
        agreed = tells * np.minimum(self._shown(others, tells) / rise, 1)
        return (prior + float(agreed.sum())) / (1 + float(tells.sum()))

    def _shown(self, others: Int64Array, tells: Float64Array) -> Float64Array:
        """Rises that count as such: where too few calls would tell, also what chance might explain."""
        rise = self.rise[others]
        result: Float64Array = rise + (self._raw[others] - rise) * (1 - tells)
        return result


class _Beside(NamedTuple):
    """Time next to calls, and in queues, by way and operation of the caller; aligned with each other."""

    place: Int64Array
    operation: Int64Array
    rise_ns: Float64Array
    z: Float64Array
    calls: Float64Array
    """Adjusted, in the incident."""
    seen: Int64Array
    """Of the window that has fewer."""


def _beside_calls(observed: Observed, drift: float) -> _Beside:
    n_operations = max(len(observed.names.operations), 1)
    tails = [
        (one, operation, slice(len(operation), None))
        for one, operation in zip(observed.both, observed.operation, strict=True)
    ]
    key = np.concatenate(
        [one.place[tail] * n_operations + operation[one.row[tail]] for one, operation, tail in tails]
    )
    known, strand = np.unique(key, return_inverse=True)
    late = np.repeat([0, 1], [len(one.row[tail]) for one, _, tail in tails])
    weight = np.concatenate([one.weight[tail] for one, _, tail in tails])
    compared = compare(
        Measured(
            value=np.concatenate(
                [
                    one.own_ns[tail] * factor
                    for (one, _, tail), factor in zip(tails, (drift, 1.0), strict=True)
                ]
            ),
            weight=weight,
            late=late,
            kind=np.concatenate([one.site[tail] for one, _, tail in tails]) * (len(known) + 1) + strand,
            of=strand,
            moment=np.concatenate([one.moment[tail] for one, _, tail in tails]),
        ),
        len(known),
    )
    seen = np.bincount(strand * 2 + late, minlength=2 * len(known)).reshape(-1, 2)
    return _Beside(
        place=known // n_operations,
        operation=known % n_operations,
        rise_ns=np.nan_to_num(compared.now - compared.usual),
        z=compared.z,
        calls=np.bincount(strand, weights=np.where(late == 1, weight, 0.0), minlength=len(known)).astype(
            np.float64
        ),
        seen=np.minimum(seen[:, 0], seen[:, 1]),
    )
