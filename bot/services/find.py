"""The traces that carry an attribute; where there are none, what there is instead."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.around import look_around
from analyzers.found import report_found
from analyzers.repair import repair
from bot.services.period_search import narrowed

if TYPE_CHECKING:
    from analyzers.repair import Repaired
    from analyzers.report import Find
    from analyzers.report_base import Condition
    from backends.interface import Found, SpanQuery
    from bot.services.period_search import PeriodSearch

READ_AROUND = 1_000
"""Traces of the period that are read where the store found nothing."""


async def answer_find(search: PeriodSearch) -> Find:
    """The traces asked for.

    Most stores search the attributes of spans and resources only. Where that finds nothing, the period's traces are read, since the
    attribute may be one of an event, or not exist at all.
    """
    repaired, searched = await search.read()
    if repaired.spans.trace_ids:
        return await asyncio.to_thread(report_found, repaired, searched)
    limit = max(search.plan.query.limit, READ_AROUND)
    query = replace(search.plan.query, attributes=(), limit=limit)
    around = await search.backend.find_spans(query)
    found = await asyncio.to_thread(_in_events, around, query, search.attributes)
    if found.spans.trace_ids:
        return await asyncio.to_thread(report_found, found, search.searched(around))
    keys = tuple(condition.key for condition in search.attributes)
    there = await asyncio.to_thread(look_around, around.spans, keys, truncated=around.truncated)
    # A least duration is no attribute, so none is missing.
    lengths = (condition.key for condition in search.where if condition not in search.attributes)
    there = replace(there, keys=(*there.keys, *lengths))
    return await asyncio.to_thread(report_found, repaired, searched, there)


def _in_events(around: Found, query: SpanQuery, conditions: tuple[Condition, ...]) -> Repaired:
    return repair(narrowed(around.spans, query, conditions))
