"""Services by how much of the change each explains: by its own time, by what its ways share, by failures and by shape.

A service is suspected for

- the rise of its own operations' time, wherever they run;
- the rise on ways to and from it. A way has two ends: it is shared out between them by how far the other ways of
  each rise as well. If a pod's network is slow, all its ways are; if one callee is, the caller's other ways are not;
- failures that began in it, and operations of it that stopped calling what they used to call, or call it more often.

Rises count by what they add to a request, less where they are small against what was usual: `rise * (1 - usual / now)`.
Neither a big service's wobble nor a tiny one's tenfold rise wins that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.ownership import CALLEE_PRIOR, CALLER_PRIOR, certainty, owners

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array
    from analyzers.investigation.evidence import Evidence
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.shift import Shifts
    from analyzers.investigation.structure import MoreCalls

BESIDE_PATH = 0.2
"""Weight of time that no request waited for."""
FAILURE_WORTH, SHAPE_WORTH = 4.0, 2.0
"""A request that begins to fail is worth one that takes five times as long; one that ends otherwise than before, half that."""
UNSURE = 1e-3
"""Weight of shifts that chance explains: they order those services that nothing else tells apart."""


@dataclass(frozen=True)
class Ranking:
    """Scores in shares of a usual request: 0.5 explains as much as half a request's usual time, or half of all failing."""

    owner: tuple[Float64Array, Float64Array]
    """For ways: the shares that the caller and the callee answer for."""
    failure_score: Float64Array
    """By service."""
    shape_score: Float64Array
    calls_score: Float64Array
    time_score: Float64Array
    added_ns: Float64Array
    """By request, for each line of the evidence of more calls."""

    @property
    def score(self) -> Float64Array:
        """Of each service."""
        return self.time_score + self.failure_score + self.shape_score + self.calls_score

    def order(self) -> list[int]:
        """Services, most suspect first; equals in the order of their names."""
        ranked: list[int] = np.argsort(-self.score, kind="stable").tolist()
        return ranked


def rank_services(observed: Observed, evidence: Evidence) -> Ranking:
    """Every service with its scores."""
    usual_ns = _usual_request_ns(observed)
    score = place_scores(observed, evidence.shifts) / usual_ns
    owner = owners(observed, evidence.shifts)
    added_ns = _added_ns(observed, evidence.calls)
    return Ranking(
        owner=owner,
        failure_score=_failures(observed, evidence),
        shape_score=_shapes(observed, evidence),
        calls_score=_calls(observed, evidence.calls, added_ns / usual_ns),
        time_score=_times(observed, score, owner),
        added_ns=added_ns,
    )


def place_scores(observed: Observed, shifts: Shifts) -> Float64Array:
    """Nanoseconds that each place adds to a request, discounted."""
    by_request = shifts.calls[1] / max(float(observed.incident.cohort.weight.sum()), 1e-300)
    rise = np.maximum(shifts.excess_ns, 0)
    ratio = rise / np.maximum(np.nan_to_num(shifts.now_ns), 1.0)
    waited = BESIDE_PATH + (1 - BESIDE_PATH) * shifts.on_path
    result: Float64Array = by_request * rise * ratio * waited * np.maximum(certainty(shifts.z), UNSURE)
    return result


def _usual_request_ns(observed: Observed) -> float:
    cohort = observed.baseline.cohort
    return max(float(np.average(cohort.duration_ns, weights=cohort.weight)), 1.0)


def _times(observed: Observed, score: Float64Array, owner: tuple[Float64Array, Float64Array]) -> Float64Array:
    result = np.zeros(len(observed.names.services))
    for number, key in enumerate(observed.places):
        if key.caller < 0:
            result[key.service] += score[number]
        else:
            result[key.caller] += score[number] * owner[0][number]
            result[key.service] += score[number] * owner[1][number]
    return result


def _failures(observed: Observed, evidence: Evidence) -> Float64Array:
    """Requests that began to fail in each service; a call that failed on its way is the callee's rather than the caller's."""
    result = np.zeros(len(observed.names.services))
    found = evidence.failures
    worth = FAILURE_WORTH * (found.now - found.usual) * certainty(found.z)
    callees = CALLEE_PRIOR / (CALLEE_PRIOR + CALLER_PRIOR)
    service_of = observed.names.service_of
    for place, score in zip(found.place.tolist(), worth.tolist(), strict=True):
        key = observed.places[place]
        if key.caller < 0:
            result += evidence.missing.shared_out(np.array([key.operation]), np.array([score]), service_of)
            continue
        result[key.service] += score * callees
        result[key.caller] += score * (1 - callees)
    return result


def _shapes(observed: Observed, evidence: Evidence) -> Float64Array:
    shapes = evidence.shapes
    score = shapes.requests * SHAPE_WORTH * certainty(shapes.z)
    return evidence.missing.shared_out(shapes.operation, score, observed.names.service_of)


def _added_ns(observed: Observed, calls: MoreCalls) -> Float64Array:
    """Time that more calls of the same callees add to a request."""
    result: Float64Array = (calls.now - calls.usual) * calls.runs * _inclusive_ns(observed)[calls.operation]
    return result


def _calls(observed: Observed, calls: MoreCalls, added: Float64Array) -> Float64Array:
    """Charged to who calls more often."""
    result = np.zeros(len(observed.names.services))
    np.add.at(result, observed.names.service_of[calls.caller], added * (1 - calls.usual / calls.now))
    return result


def _inclusive_ns(observed: Observed) -> Float64Array:
    """Mean time of a call of each operation in the incident, with what it called; beside the path it weighs less."""
    cohort = observed.incident.cohort
    held = (cohort.path.end_ns - cohort.path.begin_ns).astype(np.float64)
    held += BESIDE_PATH * (cohort.spans.duration_ns - held)
    operation = observed.operation[1]
    n_ops = len(observed.names.operations)
    count = np.maximum(np.bincount(operation, minlength=n_ops), 1)
    result: Float64Array = np.bincount(operation, weights=held, minlength=n_ops) / count
    return result
