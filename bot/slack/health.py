"""How the bot and its trace stores do, for whoever opens its home."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeAlias

from analyzers.wording import NS_IN_S, duration_text
from backends.errors import BackendError
from renderers.slack import BackendState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from backends.interface import Backend
    from bot.services.ask import Stores
    from bot.slack.work import Work

ASKED_WITHIN_S = 3.0
MOST_OTHERS = 5
Others: TypeAlias = "Mapping[str, Callable[[], Backend]]"
"""Stores by their names in the configuration; opening one may raise BackendError."""


class Health:
    """Asks each time: what was true a minute ago is of no use to anybody who looks here."""

    def __init__(self, stores: Stores, others: Others, work: Work, since: datetime) -> None:
        self._stores = stores
        self._others = others
        self._work = work
        self._since = since

    async def backends(self) -> tuple[BackendState, ...]:
        """The store that is asked, then the others of the configuration, and whether each of them answers."""
        asked = {"the trace store": self._stores.default, **dict(list(self._others.items())[:MOST_OTHERS])}
        found = await asyncio.gather(*(_state(name, open_one) for name, open_one in asked.items()))
        return tuple(state for state in found if state is not None)

    def lines(self, now: datetime) -> tuple[str, ...]:
        """Version, how long it runs, what it works on."""
        running = duration_text(round((now - self._since).total_seconds()) * NS_IN_S)
        return (
            f"tracewhy {version('tracewhy')}, running for {running}",
            f"{self._work.count:,} answers being made, {self._work.waiting:,} waiting",
        )


async def _state(name: str, open_one: Callable[[], Backend | None]) -> BackendState | None:
    """How one store does; None where there is none."""
    try:
        backend = open_one()
        if backend is None:
            return None
        name = backend.name
        if not backend.capabilities.list_services:
            return BackendState(name, works=True, detail="finds traces by their id")
        async with asyncio.timeout(ASKED_WITHIN_S):
            services = await backend.services()
    except BackendError as exc:
        return BackendState(name, works=False, detail=exc.problem)
    except TimeoutError:
        return BackendState(name, works=False, detail=f"no answer within {ASKED_WITHIN_S:.0f} s")
    return BackendState(name, works=True, detail=f"{len(services):,} service{'s' * (len(services) != 1)}")
