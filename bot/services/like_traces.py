"""A breakdown beside other traces of the same sort, where the store can give some."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from analyzers.absent_calls import FEWEST_TRACES, with_others
from analyzers.repair import repair
from backends.errors import BackendError
from backends.interface import SpanQuery

if TYPE_CHECKING:
    from analyzers.report import Breakdown
    from analyzers.table import SpanTable
    from backends.interface import Backend

MOST_TRACES = 100
MOST_SPANS = 50_000
"""Of all of them, were they as large as this one."""
AROUND_NS = 3_600_000_000_000
LONGEST_S = 3.0
"""For a store that others use as well; the answer stands without."""
NOT_READ = "other traces of its sort could not be read: what is missing may not be seen"


async def beside_others(backend: Backend, report: Breakdown, spans: SpanTable) -> Breakdown:
    """The report of this one trace with what it misses of what all others of the hour before and after have."""
    limit = min(MOST_TRACES, MOST_SPANS // max(report.span_count, 1))
    if not backend.capabilities.like_traces or report.root is None or limit <= FEWEST_TRACES:
        return report
    begun_ns = int(spans.start_ns.min())
    query = SpanQuery(
        max(begun_ns - AROUND_NS, 0),
        begun_ns + AROUND_NS,
        report.root.service,
        report.root.operation,
        limit=limit,
        evenly=backend.capabilities.search_evenly,
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            others = await backend.find_spans(query)
    except (BackendError, TimeoutError):
        return msgspec.structs.replace(report, notes=(*report.notes, NOT_READ))
    return await asyncio.to_thread(_compared, report, spans, others.spans)


def _compared(report: Breakdown, spans: SpanTable, others: SpanTable) -> Breakdown:
    return with_others(report, repair(spans).spans, repair(others))
