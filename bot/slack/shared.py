"""Which personal answers were shared with their channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.stores.events import SeenEvents


class Shared:
    """Each answer is shared once, however often the button is pressed, and whichever process hears of it.

    It is remembered for as long as deliveries are: what only one person sees is gone from their screen by then.
    """

    def __init__(self, events: SeenEvents) -> None:
        self._events = events

    async def begin(self, report_id: str, now: datetime) -> bool:
        """Whether nobody has shared it; from now on somebody has. Raises StateError."""
        return await self._events.first_time(_event(report_id), now)

    async def forget(self, report_id: str) -> None:
        """It could not be shared after all."""
        await self._events.forget(_event(report_id))


def _event(report_id: str) -> str:
    return f"share:{report_id}"
