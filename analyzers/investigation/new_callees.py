"""Whom an operation calls that it did not call before: what a person wants to know who reads that it calls others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.structure import NEARLY_NEW
from analyzers.table import NO_PARENT, Kind, Relation
from analyzers.wording import place_text

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.observations import Observed

OFTEN = 0.5
"""Of the runs that call the most usual new one; rarer ones are not named."""
MOST_NAMED = 2
MOSTLY_MORE = 0.5
"""Of the calls that are new; with fewer left out, the new ones come on top."""


def new_callees_text(observed: Observed, caller: int) -> str:
    """`a GET / and b GET /, which it did not before`, `a GET /, b GET / and 3 others, which it hardly did before`; nothing without any."""
    before, now = (_called(observed, side, caller) for side in (0, 1))
    found = _most_first(np.where(now > NEARLY_NEW * before, now, 0.0))
    if not len(found):
        return ""
    how = "hardly did" if before[found].any() else "did not"
    names = [place_text(*observed.names.operations[one]) for one in found.tolist()]
    return f"{_listed(names)}, which it {how} before"


def adds_calls(observed: Observed, caller: int) -> bool:
    """Whether its runs call more than before, rather than others instead: a proxy that gets other traffic calls others instead."""
    before, now = (_called(observed, side, caller) for side in (0, 1))
    added, left_out = (float(np.maximum(one, 0).sum()) for one in (now - before, before - now))
    return left_out < MOSTLY_MORE * added


def _most_first(share: Float64Array) -> Int64Array:
    """Those that are as good as most usual, most usual first."""
    found = np.flatnonzero(share > OFTEN * share.max(initial=0.0))
    return found[np.argsort(-share[found], kind="stable")]


def _listed(names: list[str]) -> str:
    named, left = names[:MOST_NAMED], len(names) - MOST_NAMED
    if left > 0:
        return f"{', '.join(named)} and {left:,} other{'s' * (left > 1)}"
    return " and ".join(named)


def _called(observed: Observed, side: int, caller: int) -> Float64Array:
    """Of each operation, the share of the caller's runs that call it."""
    cohort, operation = observed.both[side].cohort, observed.operation[side]
    spans, weight = cohort.spans, cohort.weight[cohort.spans.trace]
    n_operations = len(observed.names.operations)
    runs = weight[operation == caller].sum()
    child = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.relation != Relation.ORPHAN))
    child = child[operation[spans.parent_row[child]] == caller]
    answered = _answered(observed, side)[child]
    once = np.unique(spans.parent_row[child].astype(np.int64) * n_operations + answered)
    shares: Float64Array = np.bincount(
        once % n_operations, weights=weight[once // n_operations], minlength=n_operations
    ) / max(float(runs), 1e-300)
    return shares


def _answered(observed: Observed, side: int) -> Int64Array:
    """Each span's operation; of a call that has a span of its own, the operation that answers it."""
    spans, operation = observed.both[side].cohort.spans, observed.operation[side]
    server = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.kind == Kind.SERVER))
    server = server[spans.kind[spans.parent_row[server]] == Kind.CLIENT]
    answered = operation.copy()
    answered[spans.parent_row[server]] = operation[server]
    return answered
