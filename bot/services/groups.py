"""Which attribute tells a kind of people, such as gold users: looked up in what a store holds."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING

from analyzers.carried import all_attributes
from backends.errors import BackendError
from backends.interface import SpanQuery
from bot.questions.local_time import epoch_ns

if TYPE_CHECKING:
    from datetime import datetime

    from analyzers.table import SpanTable
    from backends.interface import Backend

LOOKED_BACK_NS = 24 * 3_600 * 1_000_000_000
SOME_TRACES = 200
OF_PEOPLE = frozenset("user customer enduser client tenant account session".split())
"""What such a key begins with."""
TELLING = frozenset("tier plan segment type level group role cohort".split())
"""What stands in the last part of such a key: `net.peer=internal` tells nobody's tier."""
MOST_ROWS = 20_000
"""Spans that are looked at; more of them hardly have other keys."""


async def keys_holding(backend: Backend, value: str, now: datetime) -> list[tuple[str, str]]:
    """(key, value as it is written) of attributes of the last day that have this value, the most frequent first.

    Empty where some recent traces have none, or the store cannot be searched as a whole.
    """
    if not backend.capabilities.search_without_service:
        return []
    now_ns = epoch_ns(now.astimezone(UTC))
    query = SpanQuery(
        max(now_ns - LOOKED_BACK_NS, 0),
        now_ns + 1,
        limit=SOME_TRACES,
        evenly=backend.capabilities.search_evenly,
    )
    try:
        found = await backend.find_spans(query)
    except BackendError:
        return []
    return await asyncio.to_thread(_held, found.spans, value.casefold())


def _held(spans: SpanTable, value: str) -> list[tuple[str, str]]:
    """Every key once, with the value as it is written most often."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in range(0, len(spans), max(1, len(spans) // MOST_ROWS)):
        counts.update(
            (key, one) for key, one in all_attributes(spans, row).items() if one.casefold() == value
        )
    by_key = dict(sorted(counts, key=lambda pair: (counts[pair], pair)))
    often = {key: sum(counts[pair] for pair in counts if pair[0] == key) for key in by_key}
    return sorted(by_key.items(), key=lambda pair: (-often[pair[0]], pair))


def tells_people(key: str) -> bool:
    """Whether an attribute of this name says of what kind somebody is, without being asked back."""
    first, *_ = key.lower().split(".")
    last = key.lower().rpartition(".")[2]
    return first in OF_PEOPLE or not TELLING.isdisjoint(last.replace("-", "_").split("_"))
