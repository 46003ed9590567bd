"""Times and rates: the best of several runs, since noise only ever adds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5


class Figure(NamedTuple):
    """One line of the results."""

    what: str
    value: float
    unit: str
    goal: str = ""

    def __str__(self) -> str:
        value = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return f"| {self.what} | {value} {self.unit} | {self.goal} |"


def best_s(run: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds that the quickest of several runs took, after one that does not count."""
    run()
    return min(_timed_s(run) for _ in range(runs))


def _timed_s(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
