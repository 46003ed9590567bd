"""Groups of like measurements held against each other: did they rise, by how much, and would chance do it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray, Float64Array, Int64Array

FEWEST_ALIKE = 4
"""Of a kind in each cohort; rarer ones are put together."""
TRIMMED = 0.98
"""Values beyond this quantile of their own cohort count as that quantile: one stray call is no shift."""
HIGH, FAR = 0.9, (0.95, 0.975, 0.9875)
"""Quantiles beyond which later values may lie more often: of like values, and of how far each lies above the middle of its like.
Pauses and lost packets touch few calls, but these much."""
MOMENTS = 8
"""Parts of a window; what differs from part to part differs from window to window as well."""
LEAST_NS, LEAST_SPREAD = 1_000.0, 0.01
"""What is shorter than a microsecond, or differs by less than a hundredth, differs by what clocks do."""
HALF = 0.5
"""A count is whole, the curve it is held against is not."""


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
    moment: Int64Array
    """Which of MOMENTS parts of its window each value is of."""
    rest: Int64Array | None = None
    """By what rare kinds are put together; by what is asked about where nothing is said."""


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
    # Means only: where the cohorts' mixes differ their limits do, and what is cut off at another height is not alike.
    trimmed = np.minimum(measured.value, limit[measured.of * 2 + measured.late])
    stats = _Grouped(group, measured.value, measured.weight, measured.late)
    usable = stats.comparable
    of = stats.one_each(measured.of)
    share = np.where(usable, stats.weight[1], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual, now = (
            np.bincount(of, weights=share * mean, minlength=n_asked)
            / np.bincount(of, weights=share, minlength=n_asked)
            for mean in stats.mean(trimmed)
        )
    tails = [stats.tail_z(beyond, of, n_asked) for beyond in stats.far_up(measured.of, n_asked)]
    ranks = stats.ranks(of, n_asked, measured.moment)
    steady = np.sqrt(ranks.unsteady)
    tail = _best_of(np.max(tails, axis=0), len(tails)) / steady
    sizes = stats.sizes(of, n_asked, ranks.unsteady)
    whole = _beyond_wobble(ranks.z, sizes.z, steady)
    kinds = _beyond_wobble(ranks.z_by_kind, sizes.z_by_kind, steady[of])
    return Compared(usual, now, np.maximum.reduce((whole, tail, _best_kind(kinds, usable, of, n_asked))))


def _groups(measured: Measured) -> Int64Array:
    """The kind of each value, or the rest of what it is asked about."""
    known, kinds = np.unique(measured.kind, return_inverse=True)
    n_kinds = len(known)
    count = np.bincount(kinds * 2 + measured.late, minlength=2 * n_kinds).reshape(-1, 2)
    rare = np.any(count < FEWEST_ALIKE, axis=1)
    rest = measured.of if measured.rest is None else measured.rest
    kind = np.where(rare[kinds], n_kinds + rest, kinds)
    groups: Int64Array = np.unique(kind, return_inverse=True)[1]
    return groups


def cell_quantile(
    value: Float64Array, weight: Float64Array, cell: Int64Array, n_cells: int, quantile: float
) -> Float64Array:
    """The weighted quantile of each cell; NaN for empty ones."""
    order = np.lexsort((value, cell))
    return _quantiles(order, value, weight, cell, n_cells, (quantile,))[0]


def _quantiles(
    order: Int64Array,
    value: Float64Array,
    weight: Float64Array,
    cell: Int64Array,
    n_cells: int,
    quantiles: tuple[float, ...],
) -> list[Float64Array]:
    """Weighted quantiles of each cell, of values whose order within their cells is known."""
    sorted_cell, sorted_value = cell[order], value[order]
    reached = np.cumsum(weight[order])
    ends = np.searchsorted(sorted_cell, np.arange(n_cells), side="right")
    begins = np.searchsorted(sorted_cell, np.arange(n_cells))
    before, after = np.r_[0.0, reached][begins], np.r_[0.0, reached][ends]
    found = []
    for quantile in quantiles:
        wanted = before + quantile * (after - before) * (1 - 1e-12)
        at = np.minimum(np.searchsorted(reached, wanted), np.maximum(ends - 1, 0))
        found.append(np.where(ends > begins, sorted_value[at] if len(value) else np.nan, np.nan))
    return found


class _Ranks(NamedTuple):
    z: Float64Array
    """Of each that is asked about, as if every value were drawn alone."""
    z_by_kind: Float64Array
    unsteady: Float64Array


class _Sizes(NamedTuple):
    z: Float64Array
    z_by_kind: Float64Array


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

    @cached_property
    def _order(self) -> Int64Array:
        return np.lexsort((self._value, self._group))

    def _sum(self, column: Float64Array) -> NDArray[np.float64]:
        """Of each group, in the baseline and in the incident: shape (2, n_groups)."""
        cells = np.bincount(self._group * 2 + self._late, weights=column, minlength=2 * self._n)
        return cells.astype(np.float64).reshape(-1, 2).T

    def mean(self, value: Float64Array) -> NDArray[np.float64]:
        """Of each group's values, in the baseline and in the incident."""
        return self._sum(self._given * value) / np.maximum(self.weight, 1e-300)

    @property
    def comparable(self) -> BoolArray:
        enough: BoolArray = np.logical_and(*(self.count >= FEWEST_ALIKE))
        return enough

    def one_each(self, column: Int64Array) -> Int64Array:
        """A column that is the same all over a group, one line a group."""
        result = np.zeros(self._n, dtype=np.int64)
        result[self._group] = column
        return result

    def ranks(self, of: Int64Array, n_asked: int, moment: Int64Array) -> _Ranks:
        """Mann-Whitney with weights: how surely a later value is higher than an earlier one; and how unsteady earlier ones are.

        Groups count by how much they tell (van Elteren, 1960): one of a thousand values more than one of ten.
        """
        order = self._order
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
        n_early, n_late = self._effective
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.nan_to_num(wins / (self.weight[0] * self.weight[1]) - 0.5)
            told = np.where(self.comparable, 12 * n_early * n_late / (n_early + n_late + 1), 0.0)
        total, whole = (np.bincount(of, weights=one, minlength=n_asked) for one in (apart * told, told))
        early = (late == 0) & self.comparable[group]
        high = self._given[order][early] * (midrank[early] / self.weight[0][group[early]] - 0.5)
        unsteady = _unsteadiness(high, of[group[early]], moment[order][early], n_asked)
        return _Ranks(total / np.sqrt(np.maximum(whole, 1e-300)), apart * np.sqrt(told), unsteady)

    def sizes(self, of: Int64Array, n_asked: int, unsteady: Float64Array) -> _Sizes:
        """By how many standard errors the mean ratio of later to earlier values is above one, wobble counted in.

        Ranks of ten values cannot be surer than ten values are, whether the later ones are twice or a hundred times as large;
        wobble can be told from the second by its size.
        """
        ratio = np.sign(self._value) * np.log1p(np.abs(self._value) / LEAST_NS)
        mean = self.mean(ratio)
        squares = self._sum(self._given * (ratio - mean[self._late, self._group]) ** 2)
        n_early, n_late = self._effective
        freedom = np.maximum(self.weight.sum(axis=0) * (1 - 2 / np.maximum(n_early + n_late, 3)), 1e-300)
        spread = np.maximum(squares.sum(axis=0) / freedom, LEAST_SPREAD**2) * unsteady[of]
        with np.errstate(invalid="ignore", divide="ignore"):
            told = np.where(self.comparable, n_early * n_late / (n_early + n_late), 0.0)
        rise = np.where(self.comparable, mean[1] - mean[0], 0.0)
        total, error = (
            np.bincount(of, weights=one, minlength=n_asked) for one in (rise * told, spread * told)
        )
        return _Sizes(total / np.sqrt(np.maximum(error, 1e-300)), rise * np.sqrt(told / spread))

    def far_up(self, of: Int64Array, n_asked: int) -> list[BoolArray]:
        """Values that are high among their like; then those that lie far above the middle of their like: so the farthest are
        found where there are many small groups, too."""
        middle, high = _quantiles(self._order, self._value, self._given, self._group, self._n, (0.5, HIGH))
        above = self._value - middle[self._group]
        limits = _quantiles(np.lexsort((above, of)), above, self._given, of, n_asked, FAR)
        return [self._value > high[self._group], *(above > limit[of] for limit in limits)]

    def tail_z(self, high: BoolArray, of: Int64Array, n_asked: int) -> Float64Array:
        """How surely more of the high values are later ones than should be.

        Were the cohorts alike, the later ones' part of them would be their part of all, in every group; counts of several
        groups are added up (Mantel and Haenszel, 1959). By the likelihood ratio, which holds for small counts as well.
        """
        beyond = self._sum(self._given * high) / np.maximum(self.weight, 1e-300)
        counts = np.where(self.comparable, beyond * self._effective, 0.0)
        part = self._effective[1] / np.maximum(self._effective.sum(axis=0), 1e-300)
        whole, late, due = (
            np.bincount(of, weights=one, minlength=n_asked).astype(np.float64)
            for one in (counts.sum(axis=0), counts[1], counts.sum(axis=0) * part)
        )
        late = np.maximum(late - HALF, due)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = _times_log(late, due) + _times_log(whole - late, whole - due)
        result: Float64Array = np.sqrt(2 * np.maximum(np.nan_to_num(ratio, posinf=0.0, neginf=0.0), 0.0))
        return result


def _unsteadiness(high: Float64Array, of: Int64Array, moment: Int64Array, n_asked: int) -> Float64Array:
    """How many times more values of one moment vary together than they would if each were drawn alone; 1 at least.

    Calls of one request, and requests of one minute, are slow together: so many fewer values there are in truth (the design
    effect of Kish, 1965). Known from few moments, each is drawn half-way to the middle one of all that are asked about.
    """
    together = np.bincount(of * MOMENTS + moment, weights=high, minlength=n_asked * MOMENTS)
    alone = np.bincount(of, weights=high**2, minlength=n_asked)
    seen = alone > 0
    factor = (together.reshape(-1, MOMENTS) ** 2).sum(axis=1) / np.maximum(alone, 1e-300)
    factor *= MOMENTS / (MOMENTS - 1)
    usual = float(np.median(factor[seen])) if seen.any() else 1.0
    result: Float64Array = np.maximum(np.where(seen, (factor + usual) / 2, 1.0), 1.0)
    return result


def _beyond_wobble(ranks: Float64Array, sizes: Float64Array, steady: Float64Array) -> Float64Array:
    """Surely higher by ranks that wobble makes less sure; or by ranks alone, where no wobble is as large as the rise."""
    return np.maximum(ranks / steady, np.minimum(ranks, sizes))


def _best_kind(z: Float64Array, usable: BoolArray, of: Int64Array, n_asked: int) -> Float64Array:
    """The surest of the kinds of each that is asked about: where few requests are touched, the others hide them."""
    best = np.zeros(n_asked)
    np.maximum.at(best, of[usable], z[usable])
    return _best_of(best, np.maximum(np.bincount(of[usable], minlength=n_asked), 1))


def _times_log(count: Float64Array, due: Float64Array) -> Float64Array:
    """count * log(count / due), 0 for nothing."""
    result: Float64Array = np.where(count > 0, count * np.log(np.maximum(count, 1e-300) / due), 0.0)
    return result


def _best_of(z: Float64Array, tries: int | Int64Array) -> Float64Array:
    """What the best of several tests is worth: the chance that any of them goes so far is larger."""
    result: Float64Array = np.sqrt(np.maximum(z * z - 2 * np.log(tries), 0.0))
    return result
