"""The critical path's stretches of one place, asked how much of any period they cover."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analyzers.report import Segment

Stretch: TypeAlias = tuple[int, int]
"""From and until, in nanoseconds from the root's start."""

Owner: TypeAlias = tuple[str, str, bool]
"""Service and operation; or caller and callee, and True."""


@dataclass(frozen=True)
class Stretches:
    """Disjoint stretches in time order. A place may have hundreds of thousands, and many rows: each is found by halving."""

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

    def within(self, from_ns: int, until_ns: int) -> Stretches:
        """Those that lie in that period as a whole."""
        first = bisect_left(self.begins_ns, from_ns)
        last = bisect_right(self.ends_ns, until_ns)
        return Stretches(
            self.begins_ns[first:last], self.ends_ns[first:last], self.sums_ns[first : max(first, last) + 1]
        )

    def covered_ns(self, from_ns: int, until_ns: int) -> int:
        """How much of the period they cover."""
        return self._before_ns(until_ns) - self._before_ns(from_ns)

    def _before_ns(self, time_ns: int) -> int:
        begun = bisect_left(self.begins_ns, time_ns)
        if begun == 0:
            return self.sums_ns[0]
        return self.sums_ns[begun] - max(0, self.ends_ns[begun - 1] - time_ns)


NO_STRETCHES = Stretches.of(())


def stretches_by_owner(path: Iterable[Segment]) -> Mapping[Owner, Stretches]:
    """The critical path's segments by what they belong to."""
    found: dict[Owner, list[Stretch]] = defaultdict(list)
    for segment in path:
        wire = segment.wire
        owner = (wire.caller, wire.callee, True) if wire else (segment.service, segment.operation, False)
        found[owner].append((segment.offset_ns, segment.offset_ns + segment.duration_ns))
    return {owner: Stretches.of(stretches) for owner, stretches in found.items()}
