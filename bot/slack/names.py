"""Services and operations to choose from while somebody types."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from backends.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.services.ask import Stores

FRESH_S = 60.0
ANSWER_WITHIN_S = 0.2
"""A menu is filled with what is known by then: Slack waits three seconds, people do not."""
MOST_OFFERED = 100
"""Slack: options of a menu."""
LEAST_LIKENESS = 50
MOST_SERVICES_KEPT = 500


@dataclass
class _Kept:
    names: tuple[str, ...] = ()
    read_at_s: float = float("-inf")
    reading: asyncio.Task[None] | None = None


class Names:
    """Names of the store, read at most once a minute and never waited for long."""

    def __init__(self, stores: Stores, clock: Callable[[], float]) -> None:
        self._stores = stores
        self._clock = clock
        self._kept: dict[str | None, _Kept] = {}

    async def services(self, typed: str) -> tuple[str, ...]:
        """Services like what is typed, most alike first; all of them where nothing is."""
        return likest(typed, await self._names(None))

    async def operations(self, service: str, typed: str) -> tuple[str, ...]:
        """Operations of the service, the same way."""
        return likest(typed, await self._names(service))

    async def aclose(self) -> None:
        tasks = [kept.reading for kept in self._kept.values() if kept.reading is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _names(self, service: str | None) -> tuple[str, ...]:
        if service not in self._kept and len(self._kept) > MOST_SERVICES_KEPT:
            self._kept = {key: kept for key, kept in self._kept.items() if kept.reading is not None}
        kept = self._kept.setdefault(service, _Kept())
        if kept.reading is None and self._clock() - kept.read_at_s > FRESH_S:
            kept.reading = asyncio.create_task(self._read(kept, service))
        if kept.reading is not None:
            await asyncio.wait({kept.reading}, timeout=ANSWER_WITHIN_S)
        return kept.names

    async def _read(self, kept: _Kept, service: str | None) -> None:
        try:
            kept.names = await self._ask(service)
        except BackendError:
            pass  # what was known before is still offered; an answer will say what is wrong
        finally:
            kept.read_at_s = self._clock()
            kept.reading = None

    def _ask(self, service: str | None) -> Coroutine[None, None, tuple[str, ...]]:
        backend = self._stores.default()
        if backend is None or not backend.capabilities.list_services:
            return _none()
        return backend.services() if service is None else backend.operations(service)


async def _none() -> tuple[str, ...]:
    return ()


def likest(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """At most a hundred names: those that hold what is typed, then those that are like it."""
    wanted = typed.strip().lower()
    if not wanted:
        return tuple(names[:MOST_OFFERED])
    holding = [name for name in names if wanted in name.lower()]
    holding.sort(key=lambda name: (name.lower().find(wanted), len(name), name))
    like = process.extract(
        wanted,
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=MOST_OFFERED,
        score_cutoff=LEAST_LIKENESS,
    )
    return tuple(dict.fromkeys([*holding, *(name for name, _, _ in like)]))[:MOST_OFFERED]
