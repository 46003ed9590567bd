"""How much longer everything takes, in all services alike: what a busier machine or another hour does, and no service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.like_for_like import cell_quantile

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array
    from analyzers.investigation.observations import Observed

MOST_DRIFT = 0.15
"""More than hours of a day differ by is a change, even where all share it."""
FEWEST_SEEN = 10
"""Calls of a place in each window, for its median."""
FEWEST_SERVICES = 4
"""Of fewer, one that is broken is too large a part of what is usual."""


def drift_of(observed: Observed) -> float:
    """The factor by which the middle service's usual time rose; 1.0 where there are too few to tell.

    Every service has a vote by the root of its time, so that neither one large service, however slow, nor many
    tiny ones decide.
    """
    ratio, time = _places(observed)
    known = np.flatnonzero(~np.isnan(ratio))
    service = np.array([key.service for key in observed.places], dtype=np.int64)
    voters = np.unique(service[known])
    if len(voters) < FEWEST_SERVICES:
        return 1.0
    votes = [_middle(ratio[here], time[here]) for here in (known[service[known] == one] for one in voters)]
    weight = np.sqrt([time[known[service[known] == one]].sum() for one in voters])
    return float(np.clip(_middle(np.array(votes), weight), 1 / (1 + MOST_DRIFT), 1 + MOST_DRIFT))


def _places(observed: Observed) -> tuple[Float64Array, Float64Array]:
    """(median now to median before, usual time in all) of each place; NaN where too few calls tell."""
    n_places = len(observed.places)
    median = [
        cell_quantile(one.own_ns.astype(np.float64), one.weight, one.place, n_places, 0.5)
        for one in observed.both
    ]
    seen = [np.bincount(one.place, minlength=n_places) for one in observed.both]
    usable = (np.minimum(*seen) >= FEWEST_SEEN) & (np.nan_to_num(median[0]) > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(usable, median[1] / median[0], np.nan)
    return ratio, np.where(usable, seen[0] * np.nan_to_num(median[0]), 0.0)


def _middle(value: Float64Array, weight: Float64Array) -> float:
    """The weighted median."""
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order])
    at = int(np.searchsorted(reached, reached[-1] / 2))
    return float(value[order][min(at, len(value) - 1)])
