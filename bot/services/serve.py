"""Running a store and the bot: what has to be done now and then."""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING, Protocol

from backends.errors import BackendError
from bot.stores.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from backends.embedded.receivers.intake import Tally

LOG = logging.getLogger(__name__)
RESTS = 1.0
"""Measuring self times takes half of the time at most, however much there is to be measured."""


class Running(Protocol):
    """A store that receives spans."""

    @property
    def tally(self) -> Tally: ...

    async def retire(self, now_ns: int) -> int: ...

    async def settle(self) -> int: ...


class StoreChores:
    """What a running store needs; trouble is said once, not every minute."""

    def __init__(
        self,
        running: Running,
        clock_ns: Callable[[], int],
        say: Callable[[str], None],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._running = running
        self._clock_ns = clock_ns
        self._say = say
        self._monotonic_s = monotonic_s
        self._said: dict[str, str] = {}
        self._rests_until_s = -math.inf

    async def retire(self) -> None:
        """Forget spans that are older, or take more room, than they may."""
        try:
            await self._running.retire(self._clock_ns())
            self._said.pop("retire", None)
        except BackendError as exc:
            self._say_once("retire", f"Old spans could not be removed. {exc}")

    async def settle(self) -> None:
        """Count the self times of traces that are quiet, unless that took so long last time that it is to rest."""
        began_s = self._monotonic_s()
        if began_s < self._rests_until_s:
            return
        try:
            await self._running.settle()
            self._said.pop("settle", None)
        except BackendError as exc:
            self._say_once("settle", f"Self times could not be counted. {exc}")
        ended_s = self._monotonic_s()
        self._rests_until_s = ended_s + RESTS * (ended_s - began_s)

    async def report(self) -> None:
        """Say what was received, where that has changed."""
        self._say_once("report", tally_text(self._running.tally))

    def _say_once(self, chore: str, line: str) -> None:
        if self._said.get(chore) != line:
            self._said[chore] = line
            self._say(line)


class Retiring(Protocol):
    """State that grows old."""

    async def retire(self, now: datetime) -> int: ...


class StateChores:
    """What the bot's state needs."""

    def __init__(self, state: Retiring, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._clock = clock

    async def retire(self) -> None:
        """Forget what is older than it may be."""
        try:
            await self._state.retire(self._clock())
        except StateError as exc:
            LOG.warning("Old answers could not be removed. %s", exc)


def tally_text(tally: Tally) -> str:
    """`12,000 spans kept, 3 rejected as unreadable, 1 request refused`."""
    parts = [f"{tally.kept:,} span{'s' * (tally.kept != 1)} kept"]
    if tally.rejected:
        parts.append(f"{tally.rejected:,} rejected as unreadable")
    if tally.refused_requests:
        plural = "s" * (tally.refused_requests != 1)
        parts.append(f"{tally.refused_requests:,} request{plural} refused")
    told = ", ".join(parts)
    return f"{told}. The store had trouble: {tally.trouble}" if tally.trouble else told
