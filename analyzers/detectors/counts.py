"""How surprising so many failures are, where failures come in bursts: the beta-binomial distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.baselines.reference import median_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating]

LEAST_RHO = 1e-4
"""Failures are never quite independent."""


@dataclass(frozen=True)
class UsualErrors:
    """Share of calls that fail, and how alike the calls of one slot are in that; shape (n_operations,)."""

    ratio: Floats
    rho: Floats


def usual_errors(errors: Floats, calls: Floats) -> UsualErrors:
    """From days of slots, shape (n_operations, n_days, n_slots); by day, and the middle day's is taken.

    The share of a day is read with half a failure more, so that what never failed can. The intra-class correlation
    follows from how much more the slots of a day vary than the binomial would (method of moments); a bad day, that
    of the upper quartile, is taken for it, since most days show none.
    """
    failed, asked = errors.sum(axis=-1), calls.sum(axis=-1)
    there = asked > 0
    ratio = (failed + 0.5) / np.maximum(asked + 1.0, 1.0)
    usual = median_of(ratio, there)[..., 0]
    return UsualErrors(usual, np.maximum(_upper(_rho(errors, calls, ratio), there), LEAST_RHO))


def _rho(errors: Floats, calls: Floats, ratio: Floats) -> Floats:
    share = ratio[..., None]
    binomial = share * (1 - share)
    beyond = ((errors - calls * share) ** 2 - calls * binomial).sum(axis=-1)
    pairs = (binomial * calls * np.maximum(calls - 1, 0)).sum(axis=-1)
    rho: Floats = np.clip(beyond / np.maximum(pairs, 1e-12), 0.0, 0.5)
    return rho


def _upper(values: Floats, used: NDArray[np.bool_]) -> Floats:
    """The upper quartile of the values that are used; 0 of none."""
    ordered = np.sort(np.where(used, values, np.inf), axis=-1)
    at = np.maximum(np.ceil(used.sum(axis=-1) * 0.75).astype(np.int64) - 1, 0)
    found = np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0]
    upper: Floats = np.where(np.isfinite(found), found, 0.0)
    return upper


def chance_of_so_many(errors: Floats, calls: Floats, usual: UsualErrors) -> Floats:
    """P(X >= errors) for each operation, by summing the beta-binomial's terms; counts are rounded to whole ones."""
    return np.array(
        [
            _upper_tail(round(failed), round(asked), ratio, rho)
            for failed, asked, ratio, rho in zip(
                *(one.tolist() for one in (errors, calls, usual.ratio, usual.rho)), strict=True
            )
        ]
    )


def _upper_tail(failed: int, asked: int, ratio: float, rho: float) -> float:
    from scipy.special import betaln, gammaln  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; slow to import

    if failed <= 0:
        return 1.0
    both = 1 / rho - 1
    alpha, beta = ratio * both, (1 - ratio) * both
    # Beyond that many terms there is nothing left to add: each is smaller than the one before.
    count = np.arange(failed, min(asked, failed + 10_000) + 1, dtype=np.float64)
    ways = gammaln(asked + 1) - gammaln(count + 1) - gammaln(asked - count + 1)
    terms = ways + betaln(count + alpha, asked - count + beta) - betaln(alpha, beta)
    return float(min(np.exp(terms).sum(), 1.0))
