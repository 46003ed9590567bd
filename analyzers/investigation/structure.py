"""What requests call: operations that began to call others than before, or the same more often.

A function that fails early calls nobody, a cache that is cold calls a database, a loop calls once for each item. None of
it needs a status or shows in any single duration.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.association import fisher_tails
from analyzers.investigation.like_for_like import Measured, compare
from analyzers.table import NO_PARENT, Relation, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray, Float64Array, Int64Array
    from analyzers.investigation.observations import Observed
    from analyzers.table import SpanTable

SURE, LIKELY = 3.5, 2.0
"""Standard errors. What is likely is looked at closer."""
LEAST_P = 1e-15
"""Surer than this is not needed."""
NEARLY_NEW = 5.0
"""A shape is new whose odds were so many times less before: one that hardly came, or one beside which others hardly come now."""
FEWEST_VISITS = 5


@dataclass(frozen=True)
class NewShapes:
    """Operations that call other operations than before; aligned with each other."""

    operation: Int64Array
    requests: Float64Array
    """Share of the incident's requests in which the operation did so, and nothing beneath it did."""
    z: Float64Array
    calls_nothing: BoolArray
    """The operation ended without calling anybody, where it used to."""
    rows: Int64Array
    """Spans of the incident that did so."""


@dataclass(frozen=True)
class MoreCalls:
    """Operations called more often by the same caller than before; aligned with each other."""

    caller: Int64Array
    operation: Int64Array
    usual: Float64Array
    """Calls by one run of the caller."""
    now: Float64Array
    runs: Float64Array
    """Of the caller, by request of the incident."""
    z: Float64Array


def new_shapes(observed: Observed) -> NewShapes:
    """Sets of callees that an operation did not have in the baseline, or hardly ever.

    One run's new shape makes those above it look new too where they stop early: only the deepest counts. What hangs
    under a call says who answered, not what the caller did; and a run that says it failed is told of as a failure.
    """
    (early_op, late_op), (early_shape, late_shape) = observed.operation, observed.shape
    both_op, both_shape = np.concatenate((early_op, late_op)), np.concatenate((early_shape, late_shape))
    cell = np.unique(
        np.unique(both_shape, return_inverse=True)[1] * (int(both_op.max(initial=0)) + 1) + both_op,
        return_inverse=True,
    )[1]
    n_cells = int(cell.max(initial=-1)) + 1
    early, late = cell[: len(early_op)], cell[len(early_op) :]
    weights = [one.cohort.weight[one.cohort.spans.trace] for one in observed.both]
    counts = [
        np.bincount(cells, weights=w, minlength=n_cells)
        for cells, w in zip((early, late), weights, strict=True)
    ]
    raw = [np.bincount(cells, minlength=n_cells) for cells in (early, late)]
    operation = np.zeros(n_cells, dtype=np.int64)
    operation[cell] = both_op
    runs = [
        np.bincount(operation, weights=count, minlength=int(both_op.max(initial=0)) + 1) for count in counts
    ]
    runs_raw = [np.bincount(operation, weights=count, minlength=len(runs[0])) for count in raw]
    ratio = [count / np.maximum(run[operation], 1e-300) for count, run in zip(counts, runs, strict=True)]
    n_early, n_late = (run[operation].astype(np.float64) for run in runs_raw)
    z = share_z(ratio[0], ratio[1], n_early, n_late)
    known = (n_early >= FEWEST_VISITS) & (n_late >= FEWEST_VISITS)
    odds = [_odds(share, n) for share, n in zip(ratio, (n_early, n_late), strict=True)]
    new = known & (z > LIKELY) & (odds[1] > NEARLY_NEW * odds[0])
    z = np.where(new, _exact_z(raw, runs_raw, operation, np.flatnonzero(new)), 0.0)
    new &= z > LIKELY
    return _deepest(observed, late, new, operation, z)


def _odds(share: Float64Array, n: Float64Array) -> Float64Array:
    """For against, half a case added to each so that what was never seen is merely rare."""
    result: Float64Array = (share * n + 0.5) / ((1 - share) * n + 0.5)
    return result


def _exact_z(
    shapes: Sequence[Int64Array], runs: Sequence[Int64Array], operation: Int64Array, asked: Int64Array
) -> Float64Array:
    """Fisher's test of the shapes asked about, as standard errors; 0 for others. Angles flatter what was never seen before."""
    z = np.zeros(len(operation))
    for one in asked.tolist():
        early_runs, late_runs = (int(count[operation[one]]) for count in runs)
        z[one] = exact_share_z(int(shapes[0][one]), int(shapes[1][one]), early_runs, late_runs)
    return z


def exact_share_z(early: int, late: int, n_early: int, n_late: int) -> float:
    """How far the rise of a share is from chance, by Fisher's test, as standard errors."""
    chance = fisher_tails(np.array([late]), np.array([early + late]), n_late, n_early + n_late)
    return -NormalDist().inv_cdf(min(max(float(chance[0]), LEAST_P), 1 - LEAST_P))


def share_z(
    early: Float64Array, late: Float64Array, n_early: Float64Array, n_late: Float64Array
) -> Float64Array:
    """How far the rise of a share is from chance, by angles (Cohen's h), half a case added to each for small shares."""
    angles = [
        2 * np.arcsin(np.sqrt((np.clip(share, 0, 1) * n + 0.5) / (n + 1)))
        for share, n in ((early, n_early), (late, n_late))
    ]
    result: Float64Array = (angles[1] - angles[0]) / np.sqrt(
        1 / np.maximum(n_early, 1) + 1 / np.maximum(n_late, 1)
    )
    return result


def _deepest(
    observed: Observed, late: Int64Array, new: BoolArray, operation: Int64Array, z: Float64Array
) -> NewShapes:
    cohort = observed.incident.cohort
    spans = cohort.spans
    changed = new[late] if len(late) else np.zeros(0, dtype=np.bool_)
    changed &= (observed.callee[1] < 0) & (spans.status != Status.ERROR)
    changed &= ~_any_below(spans, changed)
    rows = np.flatnonzero(changed)
    cells = np.unique(late[rows])
    once = np.unique(late[rows].astype(np.int64) * (len(cohort) + 1) + spans.trace[rows])
    share = np.bincount(
        np.searchsorted(cells, once // (len(cohort) + 1)),
        weights=cohort.weight[once % (len(cohort) + 1)],
        minlength=len(cells),
    ) / max(float(cohort.weight.sum()), 1e-300)
    silent = np.zeros(len(new), dtype=np.bool_)
    silent[late[observed.shape[1] == 0]] = True
    return NewShapes(operation[cells], share, z[cells], silent[cells], rows)


def _any_below(spans: SpanTable, marked: BoolArray) -> BoolArray:
    """True for spans with a marked one anywhere beneath them."""
    result = np.zeros(len(spans), dtype=np.bool_)
    rows = np.flatnonzero(marked)
    while len(rows):
        parent = spans.parent_row[rows]
        parent = np.unique(parent[parent != NO_PARENT])
        rows = parent[~result[parent]].astype(np.int64)
        result[rows] = True
    return result


def more_calls(observed: Observed) -> MoreCalls:
    """Operations called more often by one run of a caller that calls the same operations as before."""
    n_operations = len(observed.names.operations)
    tables = [_call_counts(observed, side, n_operations) for side in (0, 1)]
    pairs, of = np.unique(np.concatenate([table.pair for table in tables]), return_inverse=True)
    kind = np.unique(np.concatenate([table.shape for table in tables]), return_inverse=True)[1]
    late = np.repeat([0, 1], [len(table.pair) for table in tables])
    weight = np.concatenate([table.weight for table in tables])
    count = np.concatenate([table.count for table in tables])
    moment = np.concatenate([table.moment for table in tables])
    compared = compare(Measured(count, weight, late, kind * (len(pairs) + 1) + of, of, moment), len(pairs))
    requests = max(float(observed.incident.cohort.weight.sum()), 1e-300)
    runs = np.bincount(of, weights=np.where(late == 1, weight, 0.0), minlength=len(pairs)) / requests
    rise = np.nan_to_num(compared.now - compared.usual)
    found = np.flatnonzero((compared.z > SURE) & (rise > 0))
    return MoreCalls(
        caller=pairs[found] // n_operations,
        operation=pairs[found] % n_operations,
        usual=compared.usual[found],
        now=compared.now[found],
        runs=runs[found],
        z=compared.z[found],
    )


@dataclass(frozen=True)
class _Counts:
    """How often each run of an operation called another, where it did."""

    pair: Int64Array
    """Caller and operation in one number."""
    shape: Int64Array
    """Of the caller's run."""
    count: Float64Array
    weight: Float64Array
    moment: Int64Array


def _call_counts(observed: Observed, side: int, n_operations: int) -> _Counts:
    cohort = observed.both[side].cohort
    spans, operation = cohort.spans, observed.operation[side]
    child = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.relation != Relation.ORPHAN))
    by_run = spans.parent_row[child].astype(np.int64) * n_operations + operation[child]
    run_and_called, count = np.unique(by_run, return_counts=True)
    caller = run_and_called // n_operations
    return _Counts(
        pair=operation[caller] * n_operations + run_and_called % n_operations,
        shape=observed.shape[side][caller],
        count=count.astype(np.float64),
        weight=cohort.weight[spans.trace[caller]],
        moment=cohort.moment[spans.trace[caller]],
    )
