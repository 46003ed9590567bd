"""What may be looked up for people in Slack: the trace stores, never files of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.questions.kinds import CAN_BE_ASKED
from bot.questions.not_understood import NotUnderstood

if TYPE_CHECKING:
    from backends.interface import Backend
    from bot.services.ask import Stores


class WithoutFiles:
    """The stores of the configuration alone: an address or a path in a question leads nowhere."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def default(self) -> Backend | None:
        return self._stores.default()

    def at(self, url: str) -> Backend:
        """Raises NotUnderstood, whatever is there: nobody in Slack is to learn which files exist."""
        raise NotUnderstood(f"“{url.strip()[:60]}” is nothing that traces can answer.", CAN_BE_ASKED)
