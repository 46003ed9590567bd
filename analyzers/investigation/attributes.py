"""What slow or failing requests share that others do not, with control for the many values that are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.association import Association, associations
from analyzers.investigation.carriers import REQUEST, Value, carriers_of
from analyzers.investigation.conjunctions import joint_value
from analyzers.investigation.like_for_like import FEWEST_ALIKE, cell_quantile
from analyzers.investigation.measure import shares_of
from analyzers.investigation_report import SharedAttribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.investigation.carriers import Carriers
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.measure import Measure
    from analyzers.investigation.observations import Observed

LEAST_Q = 0.05
LEAST_LIFT = 1.5
LEAST_COVERAGE = 0.2
"""Of the slow requests; a value that fewer carry is not what they share."""
ALIKE = 0.9
"""Values whose carriers agree so far (Jaccard) are one."""
MOST_SHARED = 5
SLOW = 0.9
"""A request is slow that takes longer than this quantile of its kind in the baseline."""
FEWEST_OF_EACH = 5
OUTCOMES = (
    "http.status_code",
    "http.response.status_code",
    "http.status_text",
    "status.code",
    "status_code",
    "status.message",
    "error",
    "error.",
    "exception.",
    "otel.status_",
    "rpc.grpc.status_code",
    "rpc.response.status_code",
    "db.response.status_code",
)
"""Keys, or with a dot or an underscore at their end beginnings of keys, that say how a request ended."""


def shared_attributes(
    observed: Observed, service: str | None, *, failing: bool = False, measure: Measure = "mean"
) -> tuple[SharedAttribute, ...]:
    """The values that slow requests of the incident share (or failing ones), surest first."""
    cohort = observed.incident.cohort
    slow = cohort.failed if failing else slow_requests(observed)
    if min(int(slow.sum()), int((~slow).sum())) < FEWEST_OF_EACH:
        return ()
    carriers = carriers_of(cohort, service)
    if failing:
        carriers = carriers.without({one for one in carriers.values if is_outcome(one.key)})
    if not carriers.values:
        return ()
    kind = entries(observed)
    found = associations(carriers.carries, slow, kind)
    groups = _merged(carriers, found)
    if not failing:
        groups = [group for group in groups if _adds(cohort, carriers.carries[group[0]], kind)]
    shared = [_shared(observed, carriers, group, found[group[0]], measure) for group in groups[:MOST_SHARED]]
    joint = joint_value(carriers.carries, slow, [one.lift for one in found], kind)
    if joint is not None and (
        failing or _adds(cohort, carriers.carries[joint.first] & carriers.carries[joint.second], kind)
    ):
        first, second, lift, coverage, q_value = joint
        association = Association(lift, coverage, q_value)
        shared.append(_of_two(observed, carriers, first, second, association, measure))
    return tuple(shared)


def is_outcome(key: str) -> bool:
    """The attribute says how a request ended, which is no cause of it."""
    return any(key == one or (one[-1] in "._" and key.startswith(one)) for one in OUTCOMES)


def entries(observed: Observed) -> Int64Array:
    """The operation by which each request of the incident entered: only those of one are held against each other."""
    entry: Int64Array = observed.operation[1][observed.incident.cohort.spans.root_row]
    return entry


def without_ns(cohort: Cohort, carries: BoolArray, kind: Int64Array, measure: Measure = "mean") -> float:
    """The measure of the requests without those that carry it, each kind having the share that it has.

    A kind of which all requests carry it takes what it does: what it would take without nobody saw.
    """
    number = np.unique(kind, return_inverse=True)[1]
    n_kinds = int(number.max(initial=-1)) + 1
    left = ~carries | (np.bincount(number, weights=~carries, minlength=n_kinds) == 0)[number]
    weight = np.where(left, cohort.weight, 0.0)
    whole = np.bincount(number, weights=cohort.weight, minlength=n_kinds)
    kept = np.bincount(number, weights=weight, minlength=n_kinds)
    weight = weight * (whole / kept)[number]
    return float(shares_of(cohort.duration_ns, weight, measure) @ cohort.duration_ns)


def _adds(cohort: Cohort, carries: BoolArray, kind: Int64Array) -> bool:
    """Without the requests that carry it the rest takes less."""
    mean = float(np.average(cohort.duration_ns, weights=cohort.weight))
    return without_ns(cohort, carries, kind) < mean


def slow_requests(observed: Observed) -> BoolArray:
    """Incident requests that take longer than nearly all of their kind did."""
    both = [one.cohort for one in observed.both]
    entry = [codes[one.spans.root_row] for codes, one in zip(observed.operation, both, strict=True)]
    shape = [shapes[one.spans.root_row] for shapes, one in zip(observed.shape, both, strict=True)]
    n_operations = len(observed.names.operations)
    kind = np.unique(np.concatenate(shape), return_inverse=True)[1] * n_operations + np.concatenate(entry)
    kind = np.unique(kind, return_inverse=True)[1]
    n_early, n_kinds = len(both[0]), int(kind.max(initial=-1)) + 1
    value = both[0].duration_ns.astype(np.float64)
    by_kind = cell_quantile(value, both[0].weight, kind[:n_early], n_kinds, SLOW)
    by_kind[np.bincount(kind[:n_early], minlength=n_kinds) < 5 * FEWEST_ALIKE] = np.nan
    by_entry = cell_quantile(value, both[0].weight, entry[0], n_operations, SLOW)
    limit = by_kind[kind[n_early:]]
    limit = np.where(np.isnan(limit), by_entry[entry[1]], limit)
    slow: BoolArray = both[1].duration_ns > np.nan_to_num(limit, nan=np.inf)
    return slow


def _merged(carriers: Carriers, found: Sequence[Association]) -> list[list[int]]:
    """Groups of values that the same requests carry, each with its surest first; the surest group first."""
    telling = [
        number
        for number, one in enumerate(found)
        if one.q_value <= LEAST_Q and one.lift >= LEAST_LIFT and one.coverage >= LEAST_COVERAGE
    ]
    telling.sort(
        key=lambda number: (
            found[number].q_value,
            -found[number].lift,
            carriers.values[number].where != REQUEST,
            carriers.values[number],
        )
    )
    groups: list[list[int]] = []
    for number in telling:
        mine = carriers.carries[number]
        for group in groups:
            other = carriers.carries[group[0]]
            if (mine & other).sum() >= ALIKE * (mine | other).sum():
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def _shared(
    observed: Observed, carriers: Carriers, group: list[int], found: Association, measure: Measure
) -> SharedAttribute:
    value = carriers.values[group[0]]
    others = tuple(_text(carriers.values[one]) for one in group[1:])
    return _attribute(observed, value, carriers.carries[group[0]], found, measure, others)


def _of_two(
    observed: Observed, carriers: Carriers, first: int, second: int, found: Association, measure: Measure
) -> SharedAttribute:
    one, other = carriers.values[first], carriers.values[second]
    where = one.where if one.where == other.where else f"{one.where}, {other.where}"
    both = Value(where, f"{one.key} and {other.key}", f"{one.value} and {other.value}")
    return _attribute(observed, both, carriers.carries[first] & carriers.carries[second], found, measure)


def _attribute(
    observed: Observed,
    value: Value,
    carries: BoolArray,
    found: Association,
    measure: Measure,
    same_as: tuple[str, ...] = (),
) -> SharedAttribute:
    return SharedAttribute(
        key=value.key,
        value=value.value,
        where=value.where,
        lift=round(found.lift, 3),
        coverage_ratio=round(found.coverage, 4),
        q_value=found.q_value,
        incident_without_ns=round(without_ns(observed.incident.cohort, carries, entries(observed), measure)),
        same_as=same_as[:MOST_SHARED],
    )


def _text(value: Value) -> str:
    return f"{value.key}={value.value} of {value.where}"
