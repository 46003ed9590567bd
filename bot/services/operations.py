"""How operations and services did in a period."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.operations import list_operations, list_services

if TYPE_CHECKING:
    from analyzers.report import Operations, Services
    from bot.services.period_search import PeriodSearch


async def answer_operations(search: PeriodSearch) -> Operations:
    """Calls, errors and durations by operation."""
    repaired, searched = await search.read()
    return await asyncio.to_thread(list_operations, repaired, searched)


async def answer_services(search: PeriodSearch) -> Services:
    """The same by service, of what others ask of it."""
    repaired, searched = await search.read()
    return await asyncio.to_thread(list_services, repaired, searched)
