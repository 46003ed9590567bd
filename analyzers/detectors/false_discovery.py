"""How many findings are false, controlled over all operations that are looked at together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array

FEWEST_TESTS = 1_000
"""Fewer operations are judged as strictly as so many: each has its share of the false alerts that a week may bring."""
MOST_FALSE = 0.2
"""Findings to expect of a week in which nothing happens to a thousand operations; each real one allows for so much more."""


def q_values(chance: Float64Array, tests: int | None = None) -> Float64Array:
    """Benjamini and Hochberg's (1995) adjusted p-values: the share of false findings if all up to this one were kept.

    Operations that call each other become slow together; for such positive dependence the method holds
    (Benjamini and Yekutieli, 2001).
    """
    number = max(len(chance), tests if tests is not None else FEWEST_TESTS)
    order = np.argsort(chance, kind="stable")
    raised = chance[order] * number / np.arange(1, len(chance) + 1)
    result = np.empty(len(chance))
    result[order] = np.minimum.accumulate(np.minimum(raised, 1.0)[::-1])[::-1]
    return result
