"""The slowest traces of a period."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.slowest import find_slowest

if TYPE_CHECKING:
    from analyzers.report import Slowest
    from bot.services.period_search import PeriodSearch


async def answer_slowest(search: PeriodSearch) -> Slowest:
    """The slowest traces, and what dominates them."""
    repaired, searched = await search.read()
    return await asyncio.to_thread(find_slowest, repaired, searched)
