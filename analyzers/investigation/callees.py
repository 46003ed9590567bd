"""Whom each span calls, also where nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.table import NO_PARENT, Kind
from analyzers.wire import NO_CALLEE

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.naming import Names
    from analyzers.table import SpanTable

ALMOST_ALL = 0.9
"""Of the calls of an operation: what these do, the others would have done too."""
MOST = 0.5
FEWEST_ANSWERED = 4


def callees_of(
    cohorts: tuple[Cohort, Cohort], operations: tuple[Int64Array, Int64Array], names: Names
) -> list[Int64Array]:
    """Code of the service that each span calls, -1 for spans that are no call.

    A call without an answer went where like ones usually go: those by the same caller after the same call before it, else those
    by the same caller, else all of that name. What is usual is learned from the baseline, where it made any.
    """
    code = {service: number for number, service in enumerate(names.services)}
    found = []
    for cohort in cohorts:
        own = np.array([code.get(name, -1) for name in cohort.spans.services] + [-1], dtype=np.int64)
        found.append(own[np.where(cohort.callee == NO_CALLEE, len(own) - 1, cohort.callee)])
    cut = len(operations[0])
    operation, callee = np.concatenate(operations), np.concatenate(found)
    alone = np.concatenate([one.children == 0 for one in cohorts])
    guessed = np.concatenate([one.spans.kind == Kind.UNSPECIFIED for one in cohorts])
    callee[guessed & np.concatenate([_is_entered(one.spans) for one in cohorts])] = -1
    mostly = _mostly_calls(operation, callee, alone, len(names.operations))
    callee[guessed & ~mostly[operation]] = -1
    silent = alone & (callee < 0) & mostly[operation]
    context = _contexts(cohorts, operations, np.split(callee, [cut]), names)
    late = np.arange(len(operation)) >= cut
    for least, keys in (
        (ALMOST_ALL, context[0]),
        (ALMOST_ALL, context[1]),
        (ALMOST_ALL, operation),
        (MOST, context[0]),
    ):
        asked = np.flatnonzero(silent & (callee < 0))
        if len(asked):
            callee[asked] = _usual(keys, callee, ~alone, late, asked, least, len(names.services))
    return np.split(callee, [cut])


def _is_entered(spans: SpanTable) -> BoolArray:
    """Spans by which a service is entered: whatever they call, they are no calls themselves."""
    parent = spans.parent_row
    result: BoolArray = (parent == NO_PARENT) | (spans.service[parent] != spans.service)
    return result


def _mostly_calls(
    operation: Int64Array, callee: Int64Array, alone: BoolArray, n_operations: int
) -> BoolArray:
    """Operations almost all of whose spans with children are calls: of others a run that called one service alone is no
    call, but one that ended early, or took a short way."""
    answered = np.bincount(operation[~alone], minlength=n_operations)
    calls = np.bincount(operation[(callee >= 0) & ~alone], minlength=n_operations)
    result: BoolArray = (calls > 0) & (calls >= ALMOST_ALL * answered)
    return result


def _contexts(
    cohorts: tuple[Cohort, Cohort],
    operations: tuple[Int64Array, Int64Array],
    callees: list[Int64Array],
    names: Names,
) -> tuple[Int64Array, Int64Array]:
    """Numbers for (name, caller, call before), and for (name, caller), of each span."""
    n_operations, n_services = len(names.operations) + 1, len(names.services) + 1
    after, by = [], []
    for cohort, operation, callee in zip(cohorts, operations, callees, strict=True):
        parent = cohort.spans.parent_row
        above = np.where(parent == NO_PARENT, -1, operation[parent]) if len(operation) else operation
        order = np.lexsort((cohort.spans.start_ns, parent))
        before = np.full(len(operation), -1, dtype=np.int64)
        same = parent[order][1:] == parent[order][:-1]
        before[order[1:][same]] = callee[order[:-1][same]]
        by.append((above + 1) * n_operations + operation)
        after.append(by[-1] * n_services + before + 1)
    return np.concatenate(after), np.concatenate(by)


def _usual(
    keys: Int64Array,
    callee: Int64Array,
    answered: BoolArray,
    late: BoolArray,
    asked: Int64Array,
    least: float,
    n_services: int,
) -> Int64Array:
    """The service that so many answered spans of the same key call, -1 without one; of the baseline, where it knows enough."""
    known, at = np.unique(keys, return_inverse=True)
    calls = answered & (callee >= 0)
    result = np.full(len(known), -1, dtype=np.int64)
    for rows in (np.flatnonzero(calls), np.flatnonzero(calls & ~late)):
        whole = np.bincount(at[rows], minlength=len(known))
        pair, count = np.unique(at[rows] * n_services + callee[rows], return_counts=True)
        key = pair // n_services
        sure = (count >= least * whole[key]) & (count >= FEWEST_ANSWERED)
        result[whole >= FEWEST_ANSWERED] = -1
        result[key[sure]] = pair[sure] % n_services
    return result[at[asked]]
