"""What Slack has delivered before: an event comes again when its answer was slow, and sometimes for no reason."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from bot.stores.errors import StateError

if TYPE_CHECKING:
    from datetime import datetime

LOG = logging.getLogger(__name__)
MOST_KEPT = 5_000


class SeenEvents(Protocol):
    """Deliveries as the state keeps them."""

    async def first_time(self, event_id: str, now: datetime) -> bool: ...


class Seen:
    """Each delivery once: known to this process at once, and to all through the state."""

    def __init__(self, events: SeenEvents) -> None:
        self._events = events
        self._here: dict[str, None] = {}

    async def first_time(self, delivery: str, now: datetime) -> bool:
        """Whether this is new. While the state is down only what this process saw counts."""
        if delivery in self._here:
            return False
        self._here[delivery] = None
        if len(self._here) > MOST_KEPT:
            del self._here[next(iter(self._here))]
        try:
            return await self._events.first_time(delivery, now)
        except StateError as exc:
            LOG.warning("Deliveries are not remembered across restarts: %s", exc)
            return True
