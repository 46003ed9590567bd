"""Socket Mode: we call Slack, and no port is open."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.slack.client import QUIET
from bot.slack.trouble import CONNECTION_ERRORS, REVOKED, code_of
from bot.slack.workspace import SlackRefused

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest
    from slack_sdk.web.async_client import AsyncWebClient

LOG = logging.getLogger(__name__)
PING_S = 10.0
ATTEMPT_S = 0.9 * PING_S
"""How long one address is tried. Slack's client waits for a ping's time before it tries the same one again."""
NOT_ACCEPTED = (
    "Slack does not accept the app-level token.",
    "Generate one with the scope connections:write and set TRACEWHY_SLACK__APP_TOKEN; tracewhy doctor checks it.",
)


class FreshAddresses(SocketModeClient):
    """Asks for another address after each attempt that failed.

    Slack takes each address once, and for half a minute only; its client would try the first one for ever.
    """

    async def connect(self) -> None:
        """Until there is a connection, or nobody wants one any more."""
        while not self.closed:
            if self.wss_uri is None:
                self.wss_uri = await self._address()
            try:
                async with asyncio.timeout(ATTEMPT_S):
                    await super().connect()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
            except TimeoutError:
                self.wss_uri = None
            else:
                return

    async def _address(self) -> str:
        while True:
            try:
                return await self.issue_new_wss_url()
            except (SlackClientError, *CONNECTION_ERRORS) as exc:
                LOG.warning("Slack gives no socket (%s): trying again in %.0f s.", _why(exc), PING_S)
            await asyncio.sleep(PING_S)


class SocketMode:
    """`await start()` connects, and again whenever the connection is lost; `await stop()` ends that."""

    url = ""

    def __init__(self, app: AsyncApp, app_client: AsyncWebClient) -> None:
        self._app = app
        self._client = FreshAddresses(
            app_client.token or "", logger=QUIET, web_client=app_client, ping_interval=PING_S
        )
        self._client.socket_mode_request_listeners.append(self._take)
        self._connecting: asyncio.Task[None] | None = None

    @property
    def where(self) -> str:
        """What is told when it runs."""
        if self._connecting is not None and self._connecting.done():
            return "connected to Slack by Socket Mode"
        return "not connected to Slack yet: going on trying; tracewhy doctor checks the way there"

    async def start(self) -> None:
        """Connect; while Slack cannot be reached, go on trying in the background.

        Raises:
            SlackRefused: the app-level token is not accepted.
        """
        try:
            self._client.wss_uri = await self._client.issue_new_wss_url()
        except SlackApiError as exc:
            if code_of(exc) in REVOKED:
                raise SlackRefused(*NOT_ACCEPTED) from exc
        except CONNECTION_ERRORS:
            pass  # said when it is tried again, at once
        self._connecting = asyncio.create_task(self._client.connect())
        await asyncio.wait({self._connecting}, timeout=PING_S)

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
        await self._client.close()  # type: ignore[no-untyped-call]  # likewise

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        begin_s = time.time()
        await send_async_response(client, request, await run_async_bolt_app(self._app, request), begin_s)


def _why(exc: BaseException) -> str:
    return (code_of(exc) if isinstance(exc, SlackApiError) else "") or type(exc).__name__
