"""What failed in a period."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.errors_by_service import find_errors_by_service, nothing_failed

if TYPE_CHECKING:
    from analyzers.report import Errors
    from bot.services.period_search import PeriodSearch


async def answer_errors(search: PeriodSearch) -> Errors:
    """The failures of a period by service. Where there are none, how many requests went well."""
    repaired, searched = await search.read(failed=True)
    if repaired.spans.trace_ids:
        return await asyncio.to_thread(find_errors_by_service, repaired, searched)
    return nothing_failed(*await search.whatever_came_of_it().read())
