"""How operations and services did in a period, beside what is usual at that hour."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.operation_minutes import (
    as_services,
    in_scope,
    operations_in_minutes,
    services_in_minutes,
    spans_in,
)
from analyzers.operations import list_operations, list_services
from analyzers.usual_rows import AnyTable, noted, with_usual
from backends.interface import MinutesQuery
from bot.services.usual import same_hours

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.minutes import OperationMinutes
    from analyzers.repair import Repaired
    from analyzers.report import Operations, Services
    from analyzers.same_hours import Days
    from analyzers.searched import Searched
    from bot.services.period_search import PeriodSearch

FEW_SPANS = 20_000
"""Read in less than half a second; that is exact, and tells what is damaged."""
NO_HISTOGRAMS = "what is usual at this hour is not known: this store keeps no histograms"
NO_HOUR = "what is usual is known by the hour: ask for a shorter period, or for one service"


async def answer_operations(search: PeriodSearch) -> Operations:
    """Calls, errors and durations by operation."""
    return await _table(search, operations_in_minutes, list_operations, lambda minutes: minutes)


async def answer_services(search: PeriodSearch) -> Services:
    """The same by service, of what others ask of it."""
    return await _table(search, services_in_minutes, list_services, as_services)


async def _table(
    search: PeriodSearch,
    from_minutes: Callable[[OperationMinutes, Searched], AnyTable],
    from_spans: Callable[[Repaired, Searched], AnyTable],
    by_row: Callable[[OperationMinutes], OperationMinutes],
) -> AnyTable:
    """From the store's histograms where there are many spans; `by_row` makes of them one for each row of the table."""
    minutes, searched = await _minutes(search), search.of_store()
    if minutes is not None and spans_in(minutes, searched) > FEW_SPANS:
        report = await asyncio.to_thread(from_minutes, minutes, searched)
    else:
        report = await asyncio.to_thread(from_spans, *await search.read())
    if minutes is None:
        return noted(report, NO_HISTOGRAMS)
    days = await _days(search, minutes) if report.rows else None
    if days is None:
        return noted(report, NO_HOUR)
    return await asyncio.to_thread(with_usual, report, days.each(by_row))


async def _minutes(search: PeriodSearch) -> OperationMinutes | None:
    """The store's own histograms, where it keeps them."""
    if not search.backend.capabilities.aggregates:
        return None
    period, scope = search.intent.period, search.scope
    return await search.backend.minutes(MinutesQuery(period.start_ns, period.end_ns, scope.service))


async def _days(search: PeriodSearch, minutes: OperationMinutes) -> Days | None:
    """What is asked about, now and on the days before."""
    period, searched = search.intent.period, search.of_store()
    days = await same_hours(search.backend, minutes, (period.start_ns, period.end_ns), searched.scope.service)

    def asked(one: OperationMinutes) -> OperationMinutes:
        return one.take(in_scope(one, searched)) if len(one) else one

    return None if days is None else days.each(asked)
