"""How the bot and its trace stores do, for whoever opens its home."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import TYPE_CHECKING

from analyzers.wording import NS_IN_S, duration_text
from backends.errors import BackendError
from renderers.slack import BackendState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services.ask import Stores
    from bot.slack.work import Work

ASKED_WITHIN_S = 3.0


class Health:
    """Asks each time: what was true a minute ago is of no use to anybody who looks here."""

    def __init__(self, stores: Stores, work: Work, since: datetime) -> None:
        self._stores = stores
        self._work = work
        self._since = since

    async def backends(self) -> tuple[BackendState, ...]:
        """The store that is asked, and whether it answers."""
        try:
            backend = self._stores.default()
        except BackendError as exc:
            return (BackendState("the trace store", works=False, detail=str(exc)),)
        if backend is None:
            return ()
        if not backend.capabilities.list_services:
            return (BackendState(backend.name, works=True, detail="finds traces by their id"),)
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                services = await backend.services()
        except BackendError as exc:
            return (BackendState(backend.name, works=False, detail=exc.problem),)
        except TimeoutError:
            slow = f"no answer within {ASKED_WITHIN_S:.0f} s"
            return (BackendState(backend.name, works=False, detail=slow),)
        count = f"{len(services):,} service{'s' * (len(services) != 1)}"
        return (BackendState(backend.name, works=True, detail=count),)

    def lines(self, now: datetime) -> tuple[str, ...]:
        """Version, how long it runs, what it works on."""
        running = duration_text(round((now - self._since).total_seconds()) * NS_IN_S)
        return (
            f"tracewhy {version('tracewhy')}, running for {running}",
            f"{self._work.count:,} answers being made, {self._work.waiting:,} waiting",
        )
