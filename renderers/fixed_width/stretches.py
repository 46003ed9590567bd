"""A row's stretches of the critical path, asked how much of any period they cover."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Stretch: TypeAlias = tuple[int, int]
"""From and until, in nanoseconds from the root's start."""


@dataclass(frozen=True)
class Stretches:
    """Disjoint stretches in time order."""

    begins_ns: Sequence[int]
    ends_ns: Sequence[int]
    sums_ns: Sequence[int]
    """How much the first so many of them cover; one longer than the others."""

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> Stretches:
        found = list(stretches)
        lengths_ns = (until_ns - from_ns for from_ns, until_ns in found)
        return cls(
            [from_ns for from_ns, _ in found],
            [until_ns for _, until_ns in found],
            list(accumulate(lengths_ns, initial=0)),
        )

    def covered_ns(self, from_ns: int, until_ns: int) -> int:
        """How much of the period they cover."""
        return self._before_ns(until_ns) - self._before_ns(from_ns)

    def _before_ns(self, time_ns: int) -> int:
        begun = bisect_left(self.begins_ns, time_ns)
        if begun == 0:
            return self.sums_ns[0]
        return self.sums_ns[begun] - max(0, self.ends_ns[begun - 1] - time_ns)
