"""What a store knows of the same hours on the days before: the histograms that now is compared with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from analyzers.minutes import NO_MINUTES, minutes_of
from analyzers.repair import repair
from analyzers.report_base import Scope
from analyzers.same_hours import SOME_HOURS_NS, affordable, days_of, inside, rows_a_minute, windows_before
from backends.errors import CannotAsk
from backends.interface import MinutesQuery, SpanQuery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from analyzers.minutes import OperationMinutes
    from analyzers.same_hours import Days
    from analyzers.table import SpanTable
    from backends.interface import Backend, Found

MOST_ROWS = 1_000_000
"""Of histograms by the minute, read from some hours of all days together: about a second."""
LONGER_ROWS = 10_000_000
"""Likewise of periods of most of a day, for which one waits longer."""
SEARCHED_DAYS = 7
"""Where a store that others use as well has to give spans, so many days,"""
SEARCHED_TRACES = 500
"""and of each so many traces,"""
EMPTY_DAYS = 3
"""until so many in a row are empty: it does not reach back further."""
NS_IN_S = 1_000_000_000


@dataclass(frozen=True)
class Now:
    """What is compared with the days before: histograms of a period [start_ns, end_ns), of a service or of all."""

    minutes: OperationMinutes
    period: tuple[int, int]
    scope: Scope = field(default_factory=Scope)
    zone: tzinfo = UTC
    """The asker's, by which days are weekdays."""
    whole: bool = True
    """All its traces were read."""
    before: Found | None = None
    """All there is of the days before, where it was read along with now."""


async def same_hours(backend: Backend, now: Now) -> Days | None:
    """The days before, beside now.

    From what was read of them already; from histograms where the store keeps them; else from some traces of each of a
    few days.
    None where there is nothing to compare with: the period is too long to be at any hour, or its hours hold more than
    a store can tell at once.

    Raises:
        BackendError: the store gives no answer.
    """
    windows = _windows(backend, now)
    if not windows:
        return None
    try:
        past, whole = await _past(backend, windows, now)
    except CannotAsk:
        return None
    days = days_of(now.minutes, now.period, windows[: len(past)], past, _ahead_ns(now))
    return replace(days, whole=whole and now.whole)


def _windows(backend: Backend, now: Now) -> tuple[tuple[int, int], ...]:
    windows = windows_before(*now.period)
    if now.before is not None:
        return windows
    length_ns = now.period[1] - now.period[0]
    if backend.capabilities.aggregates:
        most_rows = MOST_ROWS if length_ns <= SOME_HOURS_NS else LONGER_ROWS
        return affordable(windows, rows_a_minute(now.minutes, length_ns), most_rows)
    # Some traces of a whole day would be those of its last minutes.
    return windows[:SEARCHED_DAYS] if length_ns <= SOME_HOURS_NS else ()


async def _past(
    backend: Backend, windows: Sequence[tuple[int, int]], now: Now
) -> tuple[list[OperationMinutes], bool]:
    """Of each window, newest first, and whether that is all there is of them."""
    if now.before is not None:
        minutes = await asyncio.to_thread(_counted, now.before.spans)
        return [inside(minutes, window) for window in windows], not now.before.truncated
    if backend.capabilities.aggregates:
        asked = [MinutesQuery(*window, now.scope.service, together=True) for window in windows]
        return [await backend.minutes(query) for query in asked], True
    return await _searched(backend, windows, now.scope)


async def _searched(
    backend: Backend, windows: Sequence[tuple[int, int]], scope: Scope
) -> tuple[list[OperationMinutes], bool]:
    """Some traces of each window, as far as the store reaches back."""
    past: list[OperationMinutes] = []
    whole = True
    for window in windows:
        query = SpanQuery(*window, scope.service, scope.operation, limit=SEARCHED_TRACES)
        found = await backend.find_spans(query)
        past.append(await asyncio.to_thread(_counted, found.spans))
        whole = whole and not found.truncated
        if len(past) >= EMPTY_DAYS and not any(len(day) for day in past[-EMPTY_DAYS:]):
            break
    return past, whole


def _counted(spans: SpanTable) -> OperationMinutes:
    """The histograms of durations of spans as a store gave them."""
    repaired = repair(spans).spans
    return minutes_of(repaired, repaired.duration_ns) if len(repaired) else NO_MINUTES


def _ahead_ns(now: Now) -> int:
    """By how much the asker's clocks are ahead of UTC when the period begins."""
    begins = datetime.fromtimestamp(now.period[0] // NS_IN_S, tz=now.zone)
    ahead = begins.utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds()) * NS_IN_S
