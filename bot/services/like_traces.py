"""Other traces of the same sort as one that is explained, where the store can give some: what they show of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from analyzers.absent_calls import FEWEST_TRACES, with_others
from analyzers.asynchrony import asynchronous_edges
from analyzers.repair import repair
from backends.errors import BackendError
from backends.interface import SpanQuery

if TYPE_CHECKING:
    from analyzers.asynchrony import EdgeKeys
    from analyzers.repair import Repaired
    from analyzers.report import Breakdown
    from analyzers.skew import HostOffset
    from analyzers.table import SpanTable
    from backends.interface import Backend

MOST_TRACES = 100
MOST_SPANS = 50_000
"""Of all of them, were they as large as this one."""
AROUND_NS = 3_600_000_000_000
LONGEST_S = 3.0
"""For a store that others use as well; the answer stands without."""
NOT_READ = "other traces of its sort could not be read: what is missing may not be seen"


@dataclass(frozen=True)
class Others:
    """Traces with the same root, of the hour before and after; the one that is asked for may be among them."""

    repaired: Repaired | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def habits(self) -> EdgeKeys:
        """Which calls nobody waits for, as these traces show it."""
        return frozenset() if self.repaired is None else asynchronous_edges(self.repaired.spans)

    @property
    def clocks(self) -> tuple[HostOffset, ...]:
        """By how much clocks were apart, as their calls show it."""
        return () if self.repaired is None else self.repaired.skew.agreed


NO_OTHERS = Others()


async def find_others(backend: Backend, spans: SpanTable) -> Others:
    """Others like the one trace in `spans`, repaired and not empty."""
    limit = min(MOST_TRACES, MOST_SPANS // len(spans))
    if not backend.capabilities.like_traces or limit <= FEWEST_TRACES:
        return NO_OTHERS
    root, begun_ns = int(spans.root_row[0]), int(spans.start_ns.min())
    query = SpanQuery(
        max(begun_ns - AROUND_NS, 0),
        begun_ns + AROUND_NS,
        spans.service_name(root),
        spans.operation_name(root),
        limit=limit,
        evenly=backend.capabilities.search_evenly,
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            others = await backend.find_spans(query)
    except (BackendError, TimeoutError):
        return Others(notes=(NOT_READ,))
    return Others(await asyncio.to_thread(repair, others.spans))


def beside_others(report: Breakdown, spans: SpanTable, others: Others) -> Breakdown:
    """The report of the one trace in `spans`, with what it misses of what all others have."""
    if others.repaired is not None:
        report = with_others(report, spans, others.repaired)
    return msgspec.structs.replace(report, notes=(*report.notes, *others.notes))
