"""A trace by its id, explained beside others of its sort and what is usual at that hour."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import TYPE_CHECKING

from analyzers.breakdown import break_down, with_reading
from analyzers.repair import repair
from bot.services.like_traces import NO_OTHERS, beside_others, find_others
from bot.services.unusual import beside_usual

if TYPE_CHECKING:
    from datetime import datetime

    from analyzers.repair import Repaired
    from analyzers.report import Breakdown
    from analyzers.report_base import Asked
    from backends.interface import Backend, Found
    from bot.services.like_traces import Others


async def explain_trace(backend: Backend, trace_id: str, asked: Asked, now: datetime) -> Breakdown:
    """The breakdown; of no trace where the store has none of that id.

    Raises:
        BackendError: the store gives no answer.
    """
    found = await backend.find_trace(trace_id)
    repaired = await asyncio.to_thread(repair, found.spans)
    others = await find_others(backend, repaired.spans) if len(repaired.spans) else NO_OTHERS
    report = await asyncio.to_thread(_breakdown, found, repaired, others, trace_id, asked)
    return await beside_usual(backend, report, found.spans, now.tzinfo or UTC)


def _breakdown(found: Found, repaired: Repaired, others: Others, trace_id: str, asked: Asked) -> Breakdown:
    if others.clocks:
        repaired = repair(found.spans, others.clocks)
    report = break_down(repaired, trace_id, asked, others.habits)
    report = with_reading(report, unreadable=found.unreadable, truncated=found.truncated, notes=found.notes)
    return beside_others(report, repaired.spans, others)
