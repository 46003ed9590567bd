"""How fast messages may follow each other in a channel."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

EVERY_S = 1.0
"""Slack: chat.postMessage about once a second a channel, short bursts allowed."""
BURST = 4
MOST_CHANNELS = 1_000


@dataclass
class _Lane:
    """One channel: who posts there waits for whoever began before."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    full_at_s: float = 0.0
    """When a whole burst is allowed again."""
    users: int = 0


class Pace:
    """A queue for each channel: first come first served, a burst at once, then about one a second."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, channel: str) -> AsyncIterator[None]:
        """One message's turn. Whoever is told to wait by Slack within it lets the rest of the channel wait too."""
        lane = self._lanes.setdefault(channel, _Lane())
        lane.users += 1
        try:
            async with lane.lock:
                await self._wait(lane)
                yield
        finally:
            lane.users -= 1
            self._forget_idle()

    async def _wait(self, lane: _Lane) -> None:
        now_s = self._clock()
        lane.full_at_s = max(lane.full_at_s, now_s) + EVERY_S
        ahead_s = lane.full_at_s - now_s - BURST * EVERY_S
        if ahead_s > 0:
            await self._sleep(ahead_s)

    def _forget_idle(self) -> None:
        if len(self._lanes) > MOST_CHANNELS:
            now_s = self._clock()
            self._lanes = {
                channel: lane for channel, lane in self._lanes.items() if lane.users or lane.full_at_s > now_s
            }
