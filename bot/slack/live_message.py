"""One message that changes while work goes on, instead of many."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from bot.slack.trouble import CONNECTION_ERRORS

if TYPE_CHECKING:
    from bot.slack.reply import Reply
    from renderers.slack.message import SlackMessage

LOG = logging.getLogger(__name__)
EVERY_S = 1.5
"""Slack: about 50 edits a minute."""


class LiveMessage:
    """Shows the latest of what it is told: at most every second and a half, and the last at once.

    Whatever is told while the first message waits for its turn is what will be posted: in a crowded channel most answers
    are one message that was never edited.
    """

    def __init__(self, reply: Reply, every_s: float = EVERY_S) -> None:
        self._reply = reply
        self._every_s = every_s
        self._updates = reply.updates
        self._latest: SlackMessage | None = None
        self._shown: SlackMessage | None = None
        self._last = asyncio.Event()
        self._changed = asyncio.Event()
        self._showing: asyncio.Task[None] | None = None

    def show(self, message: SlackMessage) -> None:
        """Show this for now."""
        if self._last.is_set():
            return
        self._latest = message
        self._changed.set()
        if self._showing is None:
            self._showing = asyncio.create_task(self._show_until_last())

    async def finish(self, message: SlackMessage) -> None:
        """Show this at last.

        Raises:
            SlackClientError, or an error of the connection: it could not be shown.
        """
        self._latest = message
        self._last.set()
        self._changed.set()
        if self._showing is not None:
            await asyncio.wait({self._showing})
        if self._shown is not message:
            await self._put(message)

    async def _show_until_last(self) -> None:
        await self._last_within(self._reply.patience_s)
        while not self._last.is_set():
            try:
                await self._catch_up()
            except (SlackClientError, *CONNECTION_ERRORS) as exc:
                LOG.info("Progress could not be shown: %s.", type(exc).__name__)
            await self._last_within(self._every_s)
            await self._changed.wait()

    async def _catch_up(self) -> None:
        self._changed.clear()
        if self._shown is self._latest or not self._updates:
            return
        self._updates -= 1
        if self._shown is None:
            self._shown = await self._reply.send(self._wanted)
        else:
            await self._put(self._wanted())

    def _wanted(self) -> SlackMessage:
        if self._latest is None:
            raise RuntimeError("a message was shown before there was one")
        return self._latest

    async def _put(self, message: SlackMessage) -> None:
        if self._shown is None:
            self._shown = await self._reply.send(lambda: message)
        else:
            await self._reply.replace(message)
            self._shown = message

    async def _last_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._last.wait()
        except TimeoutError:
            pass
