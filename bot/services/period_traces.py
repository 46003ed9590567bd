"""The traces of a period, to be held against those of another: some from all over it where there are too many for all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analyzers.batch import one_batch
from analyzers.builder import build_table
from analyzers.found import of_traces
from analyzers.repair import repair
from bot.services.period_search import WHOLE_PERIOD, narrowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray
    from analyzers.repair import Repaired
    from analyzers.report_base import Condition
    from analyzers.table import SpanTable
    from backends.interface import Backend, Found, SpanQuery

SLICES = 8
"""Where a store gives only the newest traces, the period is asked for in so many pieces."""


@dataclass(frozen=True)
class PeriodTraces:
    """What a store gave of a period."""

    spans: SpanTable
    """Not repaired."""
    matching: int | None = None
    """Of how many these are some, from all over the period; None where they are all, or nobody counted."""
    chosen: bool = False
    """There are more traces than these."""
    unreadable: int = 0
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.spans.trace_ids)

    @cached_property
    def repaired(self) -> Repaired:
        return repair(self.spans)

    def part(self, traces: BoolArray) -> PeriodTraces:
        """Just these traces."""
        return replace(self, spans=of_traces(self.spans, traces))


def together(several: Sequence[PeriodTraces]) -> PeriodTraces:
    """The traces of all, each once."""
    return PeriodTraces(
        _joined([one.spans for one in several]),
        chosen=any(one.chosen for one in several),
        unreadable=sum(one.unreadable for one in several),
        notes=tuple(dict.fromkeys(note for one in several for note in one.notes)),
    )


async def read_traces(
    backend: Backend, query: SpanQuery, conditions: tuple[Condition, ...] = ()
) -> PeriodTraces:
    """At most `query.limit` traces with a span that matches, from all over the period; those that meet the conditions.

    Raises:
        BackendError: the store gives no answer.
    """
    parts = [_taken(found, query, conditions) for found in await _found(backend, query)]
    return parts[0] if len(parts) == 1 else await asyncio.to_thread(together, parts)


async def _found(backend: Backend, query: SpanQuery) -> Sequence[Found]:
    capabilities = backend.capabilities
    if capabilities.whole_periods:
        return [await backend.find_spans(replace(query, limit=WHOLE_PERIOD))]
    if capabilities.search_evenly:
        return [await backend.find_spans(replace(query, evenly=True))]
    return [await backend.find_spans(piece) for piece in _pieces(query)]


def _pieces(query: SpanQuery) -> list[SpanQuery]:
    bounds = np.linspace(query.start_ns, query.end_ns, SLICES + 1).astype(np.int64).tolist()
    bounds[0], bounds[-1] = query.start_ns, query.end_ns
    limit = max(query.limit // SLICES, 1)
    return [
        replace(query, start_ns=start, end_ns=end, limit=limit)
        for start, end in pairwise(bounds)
        if start < end
    ]


def _taken(found: Found, query: SpanQuery, conditions: tuple[Condition, ...]) -> PeriodTraces:
    # What the store counted were not held against conditions that it was not asked.
    counted = all(one.op == "=" and (one.key, one.value) in query.attributes for one in conditions)
    return PeriodTraces(
        narrowed(found.spans, query, conditions),
        matching=found.matching if found.truncated and counted else None,
        chosen=found.truncated,
        unreadable=found.unreadable,
        notes=() if found.truncated else found.notes,
    )


def _joined(tables: Sequence[SpanTable]) -> SpanTable:
    """All traces once: one that reaches into two pieces of the period came whole with both."""
    if len(tables) == 1:
        return tables[0]
    seen: set[str] = set()
    batches = []
    for table in tables:
        fresh = np.array([trace_id not in seen for trace_id in table.trace_ids], dtype=np.bool_)
        seen.update(table.trace_ids)
        new = of_traces(table, fresh)
        batches.append(new.details.batch.take(new.details.position))
    return build_table(one_batch(batches))
