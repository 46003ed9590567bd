"""Socket Mode: we call Slack, and no port is open."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

PING_S = 10.0


class SocketMode:
    """`await start()` connects, and again whenever the connection is lost; `await stop()` ends that."""

    where = "connected to Slack by Socket Mode"
    url = ""

    def __init__(self, app: AsyncApp, app_client: AsyncWebClient) -> None:
        self._handler = AsyncSocketModeHandler(
            app, app_client.token, web_client=app_client, ping_interval=PING_S
        )
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect; while Slack cannot be reached, go on trying in the background."""
        self._connecting = asyncio.create_task(self._handler.connect_async())  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await asyncio.wait({self._connecting}, timeout=PING_S)

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
