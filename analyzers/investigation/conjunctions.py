"""Two values that only together go with being slow: a shallow decision tree proposes them, other requests confirm them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.investigation.association import associations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analyzers.arrays import BoolArray, Int64Array

MOST_VALUES = 40
"""Offered to the tree, those with the highest lift."""
LEAST_LIFT = 2.0
WORTH_TRYING = 1.2
"""Lift of each value alone; values that only matter together show that much apart."""
BETTER = 1.5
"""How many times the lift of either value alone."""
LEAST_P = 0.001
FEWEST = 20
"""Slow requests in each half; a tree learns anything from fewer."""


class Joint(NamedTuple):
    """Two values, by number, and how together they go with being slow."""

    first: int
    second: int
    lift: float
    coverage: float
    q_value: float
    """Of the requests that the tree did not see."""


def joint_value(
    carries: NDArray[np.bool_], slow: BoolArray, lifts: Sequence[float], kind: Int64Array | None = None
) -> Joint | None:
    """The two values that together tell slow requests far better than each does; None where there are none.

    With kinds, requests are held against others of theirs.

    The tree sees every other request. What it proposes is tested on the rest alone, so it needs no allowance for the
    many pairs it could have picked.
    """
    learning = np.arange(len(slow)) % 2 == 0
    if min(int(slow[learning].sum()), int(slow[~learning].sum())) < FEWEST or len(carries) < 2:
        return None
    if sorted(lifts)[-2] < WORTH_TRYING:
        return None
    # A value that slow requests carry less often is another one's mirror image: the tree would take it for that.
    offered = np.argsort([-lift for lift in lifts], kind="stable")[
        : min(MOST_VALUES, np.sum(np.array(lifts) > 1))
    ]
    pair = _proposed(carries[offered][:, learning], slow[learning])
    if pair is None:
        return None
    first, second = sorted(int(offered[one]) for one in pair)
    of = np.zeros(len(slow), dtype=np.int64) if kind is None else kind
    return _confirmed(carries, slow, of, (first, second), ~learning, max(lifts[first], lifts[second]))


def _proposed(carries: NDArray[np.bool_], slow: BoolArray) -> tuple[int, int] | None:
    """The two values on the way to the tree's slowest leaf, if the way takes both as carried."""
    from sklearn.tree import (  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types; a second to import
        DecisionTreeClassifier,
    )

    tree = DecisionTreeClassifier(
        max_depth=2, min_samples_leaf=FEWEST // 2, class_weight="balanced", random_state=0
    )
    nodes = tree.fit(carries.T, slow).tree_
    # A value is 0 or 1, so to the right means carried.
    middle = int(nodes.children_right[0])
    if middle < 0 or nodes.children_right[middle] < 0:
        return None
    first, second = int(nodes.feature[0]), int(nodes.feature[middle])
    return None if first == second else (first, second)


def _confirmed(
    carries: NDArray[np.bool_],
    slow: BoolArray,
    kind: Int64Array,
    pair: tuple[int, int],
    tested: BoolArray,
    alone: float,
) -> Joint | None:
    first, second = pair
    both = carries[first] & carries[second]
    tried = associations(both[None, tested], slow[tested], kind[tested])[0]
    whole = associations(both[None, :], slow, kind)[0]
    if tried.q_value > LEAST_P or whole.lift < max(LEAST_LIFT, BETTER * alone):
        return None
    return Joint(first, second, whole.lift, whole.coverage, tried.q_value)
