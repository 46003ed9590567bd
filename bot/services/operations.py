"""How operations and services did in a period."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.operation_minutes import operations_in_minutes, services_in_minutes, spans_in
from analyzers.operations import list_operations, list_services
from backends.interface import MinutesQuery

if TYPE_CHECKING:
    from analyzers.minutes import OperationMinutes
    from analyzers.report import Operations, Services
    from analyzers.searched import Searched
    from bot.services.period_search import PeriodSearch

FEW_SPANS = 20_000
"""Read in less than half a second; that is exact, and tells what is damaged."""


async def answer_operations(search: PeriodSearch) -> Operations:
    """Calls, errors and durations by operation."""
    if counted := await _counted(search):
        return await asyncio.to_thread(operations_in_minutes, *counted)
    repaired, searched = await search.read()
    return await asyncio.to_thread(list_operations, repaired, searched)


async def answer_services(search: PeriodSearch) -> Services:
    """The same by service, of what others ask of it."""
    if counted := await _counted(search):
        return await asyncio.to_thread(services_in_minutes, *counted)
    repaired, searched = await search.read()
    return await asyncio.to_thread(list_services, repaired, searched)


async def _counted(search: PeriodSearch) -> tuple[OperationMinutes, Searched] | None:
    """The store's own histograms, where it keeps them and there are more spans than are quickly read."""
    if not search.backend.capabilities.aggregates:
        return None
    period, searched = search.intent.period, search.of_store()
    minutes = await search.backend.minutes(
        MinutesQuery(period.start_ns, period.end_ns, searched.scope.service)
    )
    return (minutes, searched) if spans_in(minutes, searched) > FEW_SPANS else None
