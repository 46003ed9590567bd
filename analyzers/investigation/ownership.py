"""Whose fault a slow way is: its caller's, or its callee's.

A way has two ends, and its time alone does not tell which of them is slow. What else the two do, does: a pod whose network is
slow shows it on all its ways; the callee of one slow way among many of its caller's is slow itself. Where server spans stand
directly over server spans, the time next to a call is the caller's own as well: code that became slow in one operation of the
caller shows on all ways of that operation, and on none of its others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.like_for_like import Measured, compare

if TYPE_CHECKING:
    from analyzers.investigation.observations import Observed
    from analyzers.table import Float64Array, Int64Array

CHANCE_Z, SURE_Z = 2.0, 4.0
"""Below the first a shift counts for nothing, from the second on in full."""
CALLEE_PRIOR, CALLER_PRIOR = 0.5, 0.35
"""With nothing else known a slow way is the callee's: it has one way in, callers have many out."""
FEWEST_TO_SUPPORT = 5
"""Calls in each window; a rarer way says nothing about the others."""
MOST_WAYS = 2_000
"""Compared with each other; of more, the rest is shared out by the priors."""


def certainty(z: Float64Array) -> Float64Array:
    """0 for what chance explains, 1 for what it does not."""
    return np.clip((z - CHANCE_Z) / (SURE_Z - CHANCE_Z), 0.0, 1.0)


def owners(observed: Observed) -> tuple[Float64Array, Float64Array]:
    """For each place that is a way, the shares of its caller and its callee in its rise; 0 and 0 for others."""
    strands = _Strands(observed)
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
    """Places, ways without client spans told apart by the caller's operation, and how much each rose."""

    def __init__(self, observed: Observed) -> None:
        both = observed.both
        strand_key, self._n_operations = [], len(observed.names.operations) + 1
        for one, operation in zip(both, observed.operation, strict=True):
            beside = np.zeros(len(one.row), dtype=np.int64)
            # Lines beyond the first for each span are times next to calls, or in queues.
            beside[len(operation) :] = 1 + operation[one.row[len(operation) :]]
            strand_key.append(one.place * self._n_operations + beside)
        keys, strand = np.unique(np.concatenate(strand_key), return_inverse=True)
        late = np.repeat([0, 1], [len(one.row) for one in both])
        weight = np.concatenate([one.weight for one in both])
        compared = compare(
            Measured(
                value=np.concatenate([one.own_ns for one in both]).astype(np.float64),
                weight=weight,
                late=late,
                kind=np.unique(
                    np.concatenate([one.site for one in both]) * len(keys) + strand, return_inverse=True
                )[1],
                of=strand,
            ),
            len(keys),
        )
        self.place: Int64Array = keys // self._n_operations
        self._operation = keys % self._n_operations - 1
        self.rise = np.maximum(np.nan_to_num(compared.now - compared.usual), 0) * certainty(compared.z)
        seen = np.bincount(strand * 2 + late, minlength=2 * len(keys)).reshape(-1, 2)
        self._telling = np.all(seen >= FEWEST_TO_SUPPORT, axis=1)
        requests = max(float(both[1].cohort.weight.sum()), 1e-300)
        self._by_request = (
            np.bincount(strand, weights=np.where(late == 1, weight, 0), minlength=len(keys)) / requests
        )
        self.held = self.rise * self._by_request
        places = observed.places
        self._caller = np.array([places[one].caller for one in self.place.tolist()], dtype=np.int64)
        self._callee = np.array([places[one].service for one in self.place.tolist()], dtype=np.int64)
        self.is_way = self._caller >= 0
        self._own = np.bincount(
            self._callee,
            weights=np.where(self.is_way, 0.0, self.held),
            minlength=len(observed.names.services),
        )
        self._own_of_operation = np.zeros(self._n_operations)
        own = np.flatnonzero(~self.is_way)
        operation = np.array([places[one].operation for one in self.place[own].tolist()], dtype=np.int64)
        np.add.at(self._own_of_operation, operation, self.held[own])
        ways = np.flatnonzero(self.is_way & self._telling)[:MOST_WAYS]
        self._ends: dict[int, list[int]] = {}
        for way in ways.tolist():
            for end in {int(self._caller[way]), int(self._callee[way])}:
                self._ends.setdefault(end, []).append(way)

    def support(self, way: int) -> tuple[float, float]:
        """How well what else the caller does, and the callee, agrees with being the slow one."""
        by_network = self._of_end(way, int(self._caller[way]), CALLER_PRIOR)
        by_code = self._of_code(way) if self._operation[way] >= 0 else 0.0
        return max(by_network, by_code), self._of_end(way, int(self._callee[way]), CALLEE_PRIOR)

    def _of_end(self, way: int, end: int, prior: float) -> float:
        others = np.array([one for one in self._ends.get(end, ()) if one != way], dtype=np.int64)
        own_rise = self._own[end] / max(float(self._by_request[way]), 1e-9)
        rise = max(float(self.rise[way]), 1.0)
        return max(self._agreeing(way, others, prior), prior * min(float(own_rise) / rise, 1.0))

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
        support = self._agreeing(way, np.array(others, dtype=np.int64), CALLER_PRIOR)
        return max(support, min(float(own_rise) / rise, 1.0))

    def _agreeing(self, way: int, others: Int64Array, prior: float) -> float:
        rise = max(float(self.rise[way]), 1.0)
        return (prior + float(np.minimum(self.rise[others] / rise, 1).sum())) / (1 + len(others))
