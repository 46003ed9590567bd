"""Groups of like measurements held against each other: did they rise, by how much, and would chance do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.table import BoolArray, Float64Array, Int64Array

FEWEST_ALIKE = 4
"""Of a kind in each cohort; rarer ones are put together."""
TRIMMED = 0.98
"""Values beyond this quantile of their own cohort count as that quantile: one stray call is no shift."""
HIGH = 0.9
"""The quantile of the baseline that only a tenth of like values exceed."""


@dataclass(frozen=True)
class Measured:
    """Values of both cohorts, one line each."""

    value: Float64Array
    weight: Float64Array
    late: Int64Array
    """1 in the incident, 0 in the baseline."""
    kind: Int64Array
    """Only values of one kind are held against each other."""
    of: Int64Array
    """What is asked about; each kind belongs to one."""


@dataclass(frozen=True)
class Compared:
    """One line for each of what was asked about; NaN where nothing could be compared."""

    usual: Float64Array
    """Mean in the baseline, for the kinds of the incident."""
    now: Float64Array
    z: Float64Array
    """How far from chance, in standard errors: of ranks, or of the share of values that are unusually high."""


def compare(measured: Measured, n_asked: int) -> Compared:
    """Like values held against like. A kind that either cohort hardly has is compared as part of one rest."""
    group = _groups(measured)
    limit = cell_quantile(
        measured.value, measured.weight, measured.of * 2 + measured.late, 2 * n_asked, TRIMMED
    )
    value = np.minimum(measured.value, limit[measured.of * 2 + measured.late])
    stats = _Grouped(group, value, measured.weight, measured.late)
    usable = stats.comparable
    of = stats.one_each(measured.of)
    share = np.where(usable, stats.weight[1], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual, now = (
            np.bincount(of, weights=share * mean, minlength=n_asked)
            / np.bincount(of, weights=share, minlength=n_asked)
            for mean in stats.mean
        )
    ranks, tails = (_combined(z, usable, of, n_asked) for z in (stats.rank_z(), stats.tail_z()))
    return Compared(usual, now, np.maximum(ranks, tails))


def _groups(measured: Measured) -> Int64Array:
    """The kind of each value, or the rest of what it is asked about."""
    known, kinds = np.unique(measured.kind, return_inverse=True)
    n_kinds = len(known)
    count = np.bincount(kinds * 2 + measured.late, minlength=2 * n_kinds).reshape(-1, 2)
    rare = np.any(count < FEWEST_ALIKE, axis=1)
    kind = np.where(rare[kinds], n_kinds + measured.of, kinds)
    groups: Int64Array = np.unique(kind, return_inverse=True)[1]
    return groups


def cell_quantile(
    value: Float64Array, weight: Float64Array, cell: Int64Array, n_cells: int, quantile: float
) -> Float64Array:
    """The weighted quantile of each cell; NaN for empty ones."""
    order = np.lexsort((value, cell))
    reached = np.cumsum(weight[order])
    ends = np.searchsorted(cell[order], np.arange(n_cells), side="right")
    begins = np.searchsorted(cell[order], np.arange(n_cells))
    before = np.r_[0.0, reached][begins]
    after = np.r_[0.0, reached][ends]
    wanted = before + quantile * (after - before) * (1 - 1e-12)
    at = np.minimum(np.searchsorted(reached, wanted), np.maximum(ends - 1, 0))
    result: Float64Array = np.where(ends > begins, value[order][at] if len(value) else np.nan, np.nan)
    return result


class _Grouped:
    """Sums over groups, for either cohort."""

    def __init__(
        self, group: Int64Array, value: Float64Array, weight: Float64Array, late: Int64Array
    ) -> None:
        self._group, self._value, self._given, self._late = group, value, weight, late
        self._n = int(group.max(initial=-1)) + 1
        self.weight = self._sum(weight)
        self.count = self._sum(np.ones(len(group)))
        self._effective = self.weight**2 / np.maximum(self._sum(weight**2), 1e-300)
        self.mean = self._sum(weight * value) / np.maximum(self.weight, 1e-300)

    def _sum(self, column: Float64Array) -> NDArray[np.float64]:
        """Of each group, in the baseline and in the incident: shape (2, n_groups)."""
        cells = np.bincount(self._group * 2 + self._late, weights=column, minlength=2 * self._n)
        return cells.astype(np.float64).reshape(-1, 2).T

    @property
    def comparable(self) -> BoolArray:
        enough: BoolArray = np.logical_and(*(self.count >= FEWEST_ALIKE))
        return enough

    def one_each(self, column: Int64Array) -> Int64Array:
        """A column that is the same all over a group, one line a group."""
        result = np.zeros(self._n, dtype=np.int64)
        result[self._group] = column
        return result

    def rank_z(self) -> Float64Array:
        """Mann-Whitney with weights: how surely a later value is higher than an earlier one."""
        order = np.lexsort((self._value, self._group))
        group, value, late = self._group[order], self._value[order], self._late[order]
        first = np.ones(len(group), dtype=np.bool_)
        first[1:] = (group[1:] != group[:-1]) | (value[1:] != value[:-1])
        tie = np.cumsum(first) - 1
        early_weight = np.where(late == 0, self._given[order], 0.0)
        below = np.cumsum(early_weight) - early_weight
        tied = np.bincount(tie, weights=early_weight)
        start = below[first] - np.r_[0.0, np.cumsum(self.weight[0])][group[first]]
        midrank = (start + tied / 2)[tie]
        wins = np.bincount(
            group, weights=np.where(late == 1, self._given[order] * midrank, 0.0), minlength=self._n
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            auc = wins / (self.weight[0] * self.weight[1])
            n_early, n_late = self._effective
            spread = np.sqrt((n_early + n_late + 1) / (12 * n_early * n_late))
            z: Float64Array = np.nan_to_num((auc - 0.5) / spread, posinf=0.0, neginf=0.0)
        return z

    def tail_z(self) -> Float64Array:
        """How surely more of the later values are higher than all but a tenth of the earlier ones."""
        cell = self._group * 2 + self._late
        high = cell_quantile(self._value, self._given, cell, 2 * self._n, HIGH)[::2]
        beyond = self._sum(self._given * (self._value > high[self._group])) / np.maximum(self.weight, 1e-300)
        n_early, n_late = self._effective
        with np.errstate(invalid="ignore", divide="ignore"):
            pooled = (beyond * self._effective).sum(axis=0) / (n_early + n_late)
            # The threshold is estimated from the earlier values: half a value more on either side.
            spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0.01) * (1 / n_early + 1 / n_late))
            rise = beyond[1] - beyond[0] - 0.5 / np.maximum(n_early, 1) - 0.5 / np.maximum(n_late, 1)
            z: Float64Array = np.nan_to_num(rise / spread, posinf=0.0, neginf=0.0)
        return z


def _combined(z: Float64Array, usable: BoolArray, of: Int64Array, n_asked: int) -> Float64Array:
    """One figure from several groups (Stouffer's method)."""
    count = np.bincount(of, weights=usable, minlength=n_asked)
    total = np.bincount(of, weights=np.where(usable, z, 0.0), minlength=n_asked)
    result: Float64Array = total / np.sqrt(np.maximum(count, 1))
    return result
