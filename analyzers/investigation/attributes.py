"""What slow or failing requests share that others do not, with control for the many values that are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.association import Association, associations
from analyzers.investigation.carriers import REQUEST, Value, carriers_of
from analyzers.investigation.conjunctions import joint_value
from analyzers.investigation.like_for_like import FEWEST_ALIKE, cell_quantile
from analyzers.report import SharedAttribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.investigation.carriers import Carriers
    from analyzers.investigation.observations import Observed
    from analyzers.table import BoolArray

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


def shared_attributes(
    observed: Observed, service: str | None, *, failing: bool = False
) -> tuple[SharedAttribute, ...]:
    """The values that slow requests of the incident share (or failing ones), surest first."""
    cohort = observed.incident.cohort
    slow = cohort.failed if failing else slow_requests(observed)
    if min(int(slow.sum()), int((~slow).sum())) < FEWEST_OF_EACH:
        return ()
    carriers = carriers_of(cohort, service)
    if not carriers.values:
        return ()
    found = associations(carriers.carries, slow)
    groups = _merged(carriers, found)
    shared = [_shared(observed, carriers, group, found[group[0]]) for group in groups[:MOST_SHARED]]
    joint = joint_value(carriers.carries, slow, [found[one].lift for one in range(len(found))])
    if joint is not None:
        first, second, lift, coverage, q_value = joint
        shared.append(_of_two(observed, carriers, first, second, Association(lift, coverage, q_value)))
    return tuple(shared)


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


def _shared(observed: Observed, carriers: Carriers, group: list[int], found: Association) -> SharedAttribute:
    value = carriers.values[group[0]]
    others = tuple(_text(carriers.values[one]) for one in group[1:])
    return _attribute(observed, value, carriers.carries[group[0]], found, others)


def _of_two(
    observed: Observed, carriers: Carriers, first: int, second: int, found: Association
) -> SharedAttribute:
    one, other = carriers.values[first], carriers.values[second]
    where = one.where if one.where == other.where else f"{one.where}, {other.where}"
    both = Value(where, f"{one.key} and {other.key}", f"{one.value} and {other.value}")
    return _attribute(observed, both, carriers.carries[first] & carriers.carries[second], found, ())


def _attribute(
    observed: Observed, value: Value, carries: BoolArray, found: Association, same_as: tuple[str, ...]
) -> SharedAttribute:
    cohort = observed.incident.cohort
    without = ~carries
    mean = (
        float(np.average(cohort.duration_ns[without], weights=cohort.weight[without]))
        if without.any()
        else 0.0
    )
    return SharedAttribute(
        key=value.key,
        value=value.value,
        where=value.where,
        lift=round(found.lift, 3),
        coverage_ratio=round(found.coverage, 4),
        q_value=found.q_value,
        incident_without_ns=round(mean),
        same_as=same_as[:MOST_SHARED],
    )


def _text(value: Value) -> str:
    return f"{value.key}={value.value} of {value.where}"
