"""A breakdown beside what is usual at that hour, where the store can tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from analyzers.unusual import durations_in, minute_of, with_unusual
from backends.errors import BackendError
from bot.services.usual import Now, same_hours

if TYPE_CHECKING:
    from datetime import tzinfo

    from analyzers.report import Breakdown
    from analyzers.table import SpanTable
    from backends.interface import Backend

NOT_READ = "what is usual at that hour could not be read"


async def beside_usual(backend: Backend, report: Breakdown, spans: SpanTable, zone: tzinfo) -> Breakdown:
    """The report of these spans with what was unusual about them, by days of the zone; it stands without, too."""
    if not backend.capabilities.aggregates or not report.span_count:
        return report
    try:
        days = await same_hours(backend, Now(durations_in(spans), minute_of(spans), zone=zone))
    except BackendError:
        return msgspec.structs.replace(report, notes=(*report.notes, NOT_READ))
    return report if days is None else await asyncio.to_thread(with_unusual, report, spans, days)
