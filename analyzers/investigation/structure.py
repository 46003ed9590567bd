"""What requests call: operations that began to call others than before, or the same more often.

A function that fails early calls nobody, a cache that is cold calls a database, a loop calls once for each item. None of
it needs a status or shows in any single duration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.table import NO_PARENT

if TYPE_CHECKING:
    from analyzers.investigation.observations import Observed
    from analyzers.table import BoolArray, Float64Array, Int64Array, SpanTable

SURE = 3.5
"""Standard errors; about one in 4,000 by chance, and there may be hundreds of shapes."""
NEARLY_NEW = 5.0
"""A shape that came so many times less often before is new."""
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

    One run's new shape makes those above it look new too where they stop early: only the deepest counts.
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
    new = known & (z > SURE) & (ratio[1] > NEARLY_NEW * ratio[0])
    return _deepest(observed, late, new, operation, z)


def share_z(
    early: Float64Array, late: Float64Array, n_early: Float64Array, n_late: Float64Array
) -> Float64Array:
    """How far the rise of a share is from chance, by angles, which hold for small shares too (Cohen's h)."""
    spread = np.sqrt(1 / np.maximum(n_early, 1) + 1 / np.maximum(n_late, 1))
    rise = 2 * np.arcsin(np.sqrt(np.clip(late, 0, 1))) - 2 * np.arcsin(np.sqrt(np.clip(early, 0, 1)))
    result: Float64Array = rise / spread
    return result


def _deepest(
    observed: Observed, late: Int64Array, new: BoolArray, operation: Int64Array, z: Float64Array
) -> NewShapes:
    cohort = observed.incident.cohort
    spans = cohort.spans
    changed = new[late] if len(late) else np.zeros(0, dtype=np.bool_)
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
    return NewShapes(operation[cells], share, z[cells], silent[cells])


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
    n_ops = len(observed.names.operations)
    tables = [_call_counts(observed, side, n_ops) for side in (0, 1)]
    keys = np.unique(np.concatenate([table.key for table in tables]))
    stats = [_by_key(table, keys) for table in tables]
    (n_early, mean_early, var_early, _), (n_late, mean_late, var_late, runs) = stats
    # A count that never varied gets the spread of a count that might: Poisson's, a tenth of it.
    floor = 0.1 * np.maximum(mean_early, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((var_early + floor) / n_early + (var_late + floor) / n_late)
        z = np.nan_to_num((mean_late - mean_early) / spread)
    found = np.flatnonzero(
        (n_early >= FEWEST_VISITS) & (n_late >= FEWEST_VISITS) & (z > SURE) & (mean_late > mean_early)
    )
    pair = keys[found] % (n_ops * n_ops)
    return MoreCalls(pair // n_ops, pair % n_ops, mean_early[found], mean_late[found], runs[found], z[found])


@dataclass(frozen=True)
class _Counts:
    key: Int64Array
    """Shape of the caller, caller and operation in one number."""
    count: Float64Array
    weight: Float64Array
    requests: float


def _call_counts(observed: Observed, side: int, n_ops: int) -> _Counts:
    """How often each run of an operation called each other one, where it did."""
    cohort = observed.both[side].cohort
    spans, operation, shape = cohort.spans, observed.operation[side], observed.shape[side]
    child = np.flatnonzero(spans.parent_row != NO_PARENT)
    of_caller = spans.parent_row[child].astype(np.int64) * n_ops
    pair, count = np.unique(of_caller + operation[child], return_counts=True)
    caller, called = pair // n_ops, pair % n_ops
    mixed = (shape[caller] % 1_000_003) * (n_ops * n_ops) + operation[caller] * n_ops + called
    weight = cohort.weight[spans.trace[caller]]
    return _Counts(mixed, count.astype(np.float64), weight, float(cohort.weight.sum()))


def _by_key(
    table: _Counts, keys: Int64Array
) -> tuple[Float64Array, Float64Array, Float64Array, Float64Array]:
    """(runs seen, mean count, its variance, runs by request) of each key."""
    at = np.searchsorted(keys, table.key)
    seen = np.bincount(at, minlength=len(keys)).astype(np.float64)
    weight = np.bincount(at, weights=table.weight, minlength=len(keys))
    mean = np.bincount(at, weights=table.weight * table.count, minlength=len(keys)) / np.maximum(
        weight, 1e-300
    )
    square = np.bincount(at, weights=table.weight * table.count**2, minlength=len(keys)) / np.maximum(
        weight, 1e-300
    )
    return seen, mean, np.maximum(square - mean**2, 0), weight / max(table.requests, 1e-300)
