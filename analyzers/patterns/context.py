"""One trace, as the patterns look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import waited_for
from analyzers.clocks import host_of
from analyzers.critical_path import critical_path
from analyzers.durations import impossible_durations
from analyzers.patterns.calls import CallReader
from analyzers.savings import Replay
from analyzers.table import NO_PARENT
from analyzers.wording import place_text
from analyzers.worth import is_worth_telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.patterns.calls import Call
    from analyzers.table import SpanTable

LEAST_DOUBT_SHARE = 0.01
"""A smaller doubt does not change three digits by much."""


@dataclass(frozen=True)
class Claim:
    """What a pattern says of a trace, before it is known what mending it would save."""

    row: int
    """The span it is told of."""
    rows: tuple[int, ...]
    """The spans it speaks of; two claims about mostly the same ones mean the same."""
    mended: Int64Array
    """The spans that would take no time."""
    count: int
    tell: Callable[[int], str]
    """The sentence for people, from what would be saved, ns."""
    at_most_ns: int | None = None
    """Where only a part of a span's own time would go: how long that part is."""


class TraceContext:
    """What every pattern needs to know of a trace, worked out once. Its rows count from 0 and hold that trace alone."""

    def __init__(self, spans: SpanTable, trace: int, waited: BoolArray | None = None) -> None:
        first, last = (int(row) for row in spans.trace_begin[trace : trace + 2])
        rows = np.arange(first, last)
        self.spans = spans if len(rows) == len(spans) else spans.take(rows)
        self.waited = waited_for(self.spans) if waited is None else waited[rows]
        self.path = critical_path(self.spans, self.waited)
        self.root = int(self.spans.root_row[trace])
        self.parent: list[int] = self.spans.parent_row.tolist()
        self.start_ns: list[int] = self.spans.start_ns.tolist()
        self.end_ns: list[int] = self.spans.end_ns.tolist()
        self.own_ns: list[int] = self.path.own_ns.tolist()
        self._trace = trace
        self._calls = CallReader(self.spans)

    @property
    def duration_ns(self) -> int:
        return self.end_ns[self.root] - self.start_ns[self.root]

    @cached_property
    def impossible(self) -> BoolArray:
        """Which spans came with times that cannot be."""
        return impossible_durations(self.spans)

    def has_sound_children(self, row: int) -> bool:
        """Whether the times of all its children can be, so that one sees when nothing ran beneath it."""
        return not self.impossible[self.children.get(row, [])].any()

    @cached_property
    def _host(self) -> list[int]:
        host: list[int] = host_of(self.spans)[0].tolist()
        return host

    @cached_property
    def replay(self) -> Replay:
        return Replay(self.spans, self._trace, self.waited)

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """The children that each span waited for, by start."""
        found: dict[int, list[int]] = {}
        for row in np.flatnonzero(self.waited).tolist():
            if self.parent[row] != NO_PARENT:
                found.setdefault(self.parent[row], []).append(row)
        return found

    @cached_property
    def _size(self) -> list[int]:
        """How many spans hang under each, itself included."""
        size = [1] * len(self.parent)
        for row in range(len(size) - 1, -1, -1):
            if self.parent[row] != NO_PARENT:
                size[self.parent[row]] += size[row]
        return size

    @cached_property
    def _depth_first(self) -> tuple[list[int], Int64Array]:
        """Where each row stands depth first, and the row that stands at each place: a subtree is one stretch."""
        place: list[int] = []
        free: list[int] = []
        top = 0
        for row, above in enumerate(self.parent):
            at = top if above == NO_PARENT else free[above]
            if above == NO_PARENT:
                top += self._size[row]
            else:
                free[above] += self._size[row]
            place.append(at)
            free.append(at + 1)
        rows = np.empty(len(place), dtype=np.int64)
        rows[place] = np.arange(len(place))
        return place, rows

    def subtrees(self, rows: Iterable[int]) -> Int64Array:
        """These rows and all that hang under them."""
        place, by_place = self._depth_first
        parts = [by_place[place[row] : place[row] + self._size[row]] for row in rows]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    @cached_property
    def critical_ns(self) -> list[int]:
        """What each span and all under it hold of the critical path."""
        total = list(self.own_ns)
        for row in range(len(total) - 1, -1, -1):
            if self.parent[row] != NO_PARENT:
                total[self.parent[row]] += total[row]
        return total

    def call(self, row: int) -> Call | None:
        return self._calls.call(row)

    def is_query(self, row: int) -> bool:
        call = self.call(row)
        return call is not None and call.kind == "query"

    def is_recorded_call(self, row: int) -> bool:
        """Whether a span is the caller's side of a call of which the other side was recorded."""
        return self._calls.is_recorded_call(row)

    def waits_for_pool(self, row: int) -> bool:
        return row not in self.children and self._calls.waits_for_pool(row)

    def exact(self, row: int) -> str:
        return self._calls.exact(row)

    @cached_property
    def calls(self) -> dict[int, Call]:
        """Every call that its caller waited for, where a pattern among its neighbours could be worth telling.

        Patterns look at the calls under one span, or one above it; where all under that holds too little of the
        critical path, nothing is read.
        """
        rows = (row for parent in self.children if self._may_matter(parent) for row in self.children[parent])
        return {row: call for row in sorted(rows) if (call := self.call(row))}

    def _may_matter(self, parent: int) -> bool:
        above = self.parent[parent]
        return self.is_worth(self.critical_ns[parent if above == NO_PARENT else above])

    def is_worth(self, saved_ns: int) -> bool:
        """Whether saving so much is worth telling of."""
        return is_worth_telling(saved_ns, self.duration_ns)

    def surely_ns(self, between_ns: int, row: int, other: int) -> int:
        """What certainly passed of the time between an instant of one span and one of another, whichever clocks timed them."""
        doubt_ns = int(self.spans.clock_error_ns[[row, other]].max())
        if doubt_ns < LEAST_DOUBT_SHARE * between_ns or self._host[row] == self._host[other]:
            return between_ns
        return max(between_ns - doubt_ns, 0)

    def calls_by_parent(self) -> Iterator[tuple[int, list[int]]]:
        """Each span that calls, and its calls by start."""
        for parent, children in self.children.items():
            calls = [row for row in children if row in self.calls]
            if calls:
                yield parent, calls

    def but_longest(self, rows: Iterable[int]) -> list[int]:
        """The rows without the one that took longest: one call for all would take at least as long as any of them."""
        ordered = list(rows)
        ordered.remove(max(ordered, key=lambda row: (self.end_ns[row] - self.start_ns[row], -row)))
        return ordered

    def name(self, row: int) -> str:
        """`payment POST /charge`"""
        return place_text(self.spans.service_name(row), self.spans.operation_name(row))

    def share(self, duration_ns: int) -> float:
        return duration_ns / self.duration_ns if self.duration_ns else 0.0
