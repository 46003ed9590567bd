"""HTTP mode: Slack calls us. Each request is signed, fresh, and taken once."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_sdk.signature import SignatureVerifier

from bot.slack.replay_guard import ReplayGuard

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.async_app import AsyncApp

LOG = logging.getLogger(__name__)
PATH = "/slack/events"
LARGEST_BYTES = 1 << 20
SHUTDOWN_S = 2.0
TIMESTAMP = re.compile(r"[0-9]{1,12}")


class PortTaken(Exception):
    """Nothing can be received there. `problem` and `advice` together are the message."""

    def __init__(self, host: str, port: int, said: str) -> None:
        self.problem = f"Slack's requests cannot be received on port {port} of {host}: {said}."
        self.advice = "Stop whatever listens there, or set slack.http_port."
        super().__init__(f"{self.problem} {self.advice}")


class HttpMode:
    """`await start()` listens; `await stop()` lets go of the port."""

    def __init__(
        self, app: AsyncApp, signing_secret: str, host: str, port: int, clock: Callable[[], float]
    ) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._guard = ReplayGuard(clock)
        self._host = host
        self._wanted_port = port
        web_app = web.Application(client_max_size=LARGEST_BYTES)
        web_app.add_routes([web.post(PATH, self._take)])
        self._runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        self.port = port

    @property
    def where(self) -> str:
        """What is told when it runs."""
        return f"Slack calls {self.url}"

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self.port}{PATH}"

    async def start(self) -> None:
        """Raises PortTaken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._wanted_port)
        try:
            await site.start()
        except OSError as exc:
            await self._runner.cleanup()
            raise PortTaken(self._host, self._wanted_port, exc.strerror or "it is taken") from exc
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        try:
            body = await request.text()
        except (UnicodeDecodeError, LookupError):  # no UTF-8, or a charset that nobody knows
            return web.Response(status=400, text="This is no text.")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not TIMESTAMP.fullmatch(timestamp) or not self._verifier.is_valid(body, timestamp, signature):
            return web.Response(status=401, text="The signature or the timestamp is wrong.")
        if not self._guard.admits(signature):
            LOG.warning("A signed request came a second time and was refused.")
            return web.Response(status=401, text="This request was taken before.")
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))
