"""How operations and services did in a period, beside what is usual at that hour."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from analyzers.minutes import NO_MINUTES, minutes_of
from analyzers.operation_minutes import (
    as_services,
    in_scope,
    names_in,
    operations_in_minutes,
    services_in_minutes,
    spans_in,
)
from analyzers.operation_names import by_shown_name, shown_names
from analyzers.operations import list_operations, list_services
from analyzers.same_hours import inside, windows_before
from analyzers.usual_rows import AnyTable, noted, with_usual
from backends.errors import BackendError
from backends.interface import MinutesQuery
from bot.services.period_search import matching
from bot.services.usual import Now, same_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analyzers.minutes import OperationMinutes
    from analyzers.repair import Repaired
    from analyzers.report import Operations, Services
    from analyzers.same_hours import Days
    from analyzers.searched import Searched
    from backends.interface import Found
    from bot.services.period_search import PeriodSearch

    FromMinutes: TypeAlias = Callable[[OperationMinutes, Searched], AnyTable]
    FromSpans: TypeAlias = Callable[[Repaired, Searched], AnyTable]
    Change: TypeAlias = Callable[[OperationMinutes], OperationMinutes]

FEW_SPANS = 20_000
"""Read in less than half a second; that is exact, and tells what is damaged."""
NO_HOUR = "what is usual is known by the hour: ask for a shorter period, or for one service"
NOT_READ = "what is usual at this hour could not be read"


@dataclass(frozen=True)
class Seen:
    """What is asked about: now, and on the days before."""

    minutes: OperationMinutes
    """Now; of the service that is asked about all operations."""
    spans: tuple[Repaired, Searched] | None = None
    """The spans of now, where they were read."""
    before: Found | None = None
    """The spans of the days before, where they were read along with these."""
    days: Days | None = None
    """Of what is asked about alone."""
    note: str | None = None
    """Why there are no days."""


async def answer_operations(search: PeriodSearch) -> Operations:
    """Calls, errors and durations by operation."""
    return await asyncio.to_thread(_operations, await _seen(search), search.of_store())


async def answer_services(search: PeriodSearch) -> Services:
    """The same by service, of what others ask of it."""
    return await asyncio.to_thread(_services, await _seen(search), search.of_store())


def _operations(seen: Seen, searched: Searched) -> Operations:
    # One name for all days, so that a template of the days before is one of now as well.
    every = (seen.minutes, *(seen.days.past if seen.days else ()))
    shown = shown_names(name for one in every for name in names_in(one, searched))
    return _table(
        seen,
        searched,
        partial(operations_in_minutes, shown=shown),
        partial(list_operations, shown=shown),
        partial(by_shown_name, shown=shown),
    )


def _services(seen: Seen, searched: Searched) -> Services:
    return _table(seen, searched, services_in_minutes, list_services, as_services)


def _table(
    seen: Seen,
    searched: Searched,
    from_minutes: FromMinutes[AnyTable],
    from_spans: FromSpans[AnyTable],
    by_row: Change,
) -> AnyTable:
    """From spans where they were read, else from histograms; `by_row` makes of these one for each row of the table."""
    report = from_minutes(seen.minutes, searched) if seen.spans is None else from_spans(*seen.spans)
    if seen.days is None:
        return noted(report, seen.note) if seen.note else report
    return with_usual(report, seen.days.each(by_row))


async def _seen(search: PeriodSearch) -> Seen:
    """The store's histograms where there are many spans, else the spans; and the days before."""
    stored = await _stored(search)
    if stored is not None and spans_in(stored, search.of_store()) > FEW_SPANS:
        return await _beside_days(search, Seen(stored))
    windows = windows_before(*_period(search)) if search.backend.capabilities.whole_periods else ()
    spans, before = await _at_once(search, windows) if windows else (await search.read(), None)
    minutes = await asyncio.to_thread(_counted, *spans) if stored is None else stored
    return await _beside_days(search, Seen(minutes, spans, before))


async def _at_once(
    search: PeriodSearch, windows: Sequence[tuple[int, int]]
) -> tuple[tuple[Repaired, Searched], Found]:
    """The spans of now and of the windows before: files that are read twice take twice as long."""
    query = search.plan.query
    long_ago = replace(query, start_ns=windows[-1][0], end_ns=windows[0][1])
    found = await search.backend.find_spans(replace(query, start_ns=long_ago.start_ns))
    now, before = [
        replace(found, spans=await asyncio.to_thread(matching, found.spans, one)) for one in (query, long_ago)
    ]
    return await search.answered_by(now), before


async def _stored(search: PeriodSearch) -> OperationMinutes | None:
    """The store's own histograms, where it keeps them."""
    if not search.backend.capabilities.aggregates:
        return None
    return await search.backend.minutes(MinutesQuery(*_period(search), search.scope.service, together=True))


def _period(search: PeriodSearch) -> tuple[int, int]:
    return search.intent.period.start_ns, search.intent.period.end_ns


def _counted(repaired: Repaired, searched: Searched) -> OperationMinutes:
    """The histograms of the spans that began in the period."""
    spans = repaired.spans
    counted = minutes_of(spans, spans.duration_ns) if len(spans) else NO_MINUTES
    return inside(counted, (searched.start_ns, searched.end_ns))


async def _beside_days(search: PeriodSearch, seen: Seen) -> Seen:
    """With the days before; the answer stands without them."""
    searched = search.of_store()
    if not spans_in(seen.minutes, searched):
        return seen
    try:
        days = await same_hours(search.backend, _now(search, seen))
    except BackendError:
        return replace(seen, note=NOT_READ)
    if days is None:
        return replace(seen, note=NO_HOUR)

    def asked(one: OperationMinutes) -> OperationMinutes:
        return one.take(in_scope(one, searched)) if len(one) else one

    return replace(seen, days=await asyncio.to_thread(days.each, asked))


def _now(search: PeriodSearch, seen: Seen) -> Now:
    counted_by_store = search.backend.capabilities.aggregates
    return Now(
        seen.minutes,
        _period(search),
        search.scope,
        search.now.tzinfo or UTC,
        whole=counted_by_store or seen.spans is None or not seen.spans[1].truncated,
        before=seen.before,
    )
