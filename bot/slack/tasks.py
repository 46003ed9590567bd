"""Work that goes on after Slack was acknowledged."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine

LOG = logging.getLogger(__name__)
LEAVE_S = 5.0
"""How long work that is stopped gets to say so."""


class Tasks:
    """Keeps hold of what runs (the event loop itself does not), and stops it at the end."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def idle(self) -> None:
        """Until nothing runs any more."""
        while self._running:
            await asyncio.wait(self._running)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            LOG.error("Work for Slack (%s) failed.", task.get_name(), exc_info=error)

    async def aclose(self) -> None:
        """Stop what still runs; each says so to whoever waits for it."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=LEAVE_S)
