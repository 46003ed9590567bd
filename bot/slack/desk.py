"""What every listener has at hand, and the one way in which each of them goes to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.slack.failures import explain_failures

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.slack.answering import Answering
    from bot.slack.asker import Asker
    from bot.slack.assistant import Assistant
    from bot.slack.delivery import Delivery
    from bot.slack.gate import Gate
    from bot.slack.names import Names
    from bot.slack.pictures import Pictures
    from bot.slack.seen import Seen
    from bot.slack.shared import Shared
    from bot.slack.showing import Showing
    from bot.slack.tasks import Tasks
    from bot.slack.work import Work
    from bot.slack.zones import Zones
    from bot.stores.reports import KeptReport
    from bot.stores.state_store import StateStore
    from renderers.slack import SlackMessage


@dataclass(frozen=True)
class Desk:
    """The parts of the bot in Slack."""

    tasks: Tasks
    seen: Seen
    gate: Gate
    state: StateStore
    answering: Answering
    delivery: Delivery
    showing: Showing
    work: Work
    zones: Zones
    names: Names
    assistant: Assistant
    pictures: Pictures
    shared: Shared
    clock: Callable[[], datetime]

    def take(
        self,
        delivery: str,
        asker: Asker,
        door: str,
        refuse: Callable[[SlackMessage], Awaitable[None]] | None,
        do: Callable[[], Awaitable[None]],
        subject: str = "",
        concerns: Callable[[], Awaitable[bool]] | None = None,
    ) -> asyncio.Task[None]:
        """Go to work after Slack was acknowledged: once for each delivery, and only for those who may.

        Args:
            delivery: by which a repetition is known.
            asker: who wants it.
            door: what they do, as the audit calls it.
            refuse: shows something to the asker alone; None where nobody asked in words, then nothing is said.
            do: the work.
            subject: what it is about, for the audit.
            concerns: whether it concerns us at all, where that has to be looked up.
        """

        async def work() -> None:
            async with explain_failures(tell):
                if concerns is not None and not await concerns():
                    return
                if not await self.seen.first_time(delivery, self.clock()):
                    return
                refusal = await self.gate.refusal(asker, door, subject)
                if refusal is None:
                    await do()
                elif refuse is not None:
                    await refuse(self.showing.refusal(refusal.problem, refusal.advice))

        async def tell(problem: str, advice: str) -> None:
            if refuse is not None:
                await refuse(self.showing.refusal(problem, advice))

        return self.tasks.start(work(), door)

    async def kept(self, report_id: str, asker: Asker) -> KeptReport | None:
        """An answer that the person may see: their own, or one given where they are."""
        kept = await self.state.reports.get(report_id)
        if kept is None or (kept.asked_by != asker.user and kept.channel != asker.channel):
            return None
        return kept
