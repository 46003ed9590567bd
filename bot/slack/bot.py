"""The bot in Slack, from start to stop."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import aiohttp

from bot.slack.answering import Answering
from bot.slack.app import slack_app
from bot.slack.assistant import Assistant
from bot.slack.client import web_client
from bot.slack.delivery import Delivery
from bot.slack.desk import Desk
from bot.slack.gate import Gate
from bot.slack.health import Health
from bot.slack.http import HttpMode
from bot.slack.names import Names
from bot.slack.pace import Pace
from bot.slack.pictures import Pictures
from bot.slack.seen import Seen
from bot.slack.shared import Shared
from bot.slack.showing import Showing
from bot.slack.socket import SocketMode
from bot.slack.tasks import Tasks
from bot.slack.work import Work
from bot.slack.workspace import UserGroups, Workspace
from bot.slack.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.services.ask import Stores
    from bot.slack.health import Others
    from bot.slack.pictures import Draw
    from bot.stores.state_store import StateStore
    from config.settings import AccessSettings, SlackSettings
    from renderers.slack import Links


class Mode(Protocol):
    """A way in which Slack reaches us."""

    @property
    def where(self) -> str: ...

    @property
    def url(self) -> str: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True)
class Parts:
    """What the bot is made of that is not Slack's."""

    stores: Stores
    state: StateStore
    access: AccessSettings
    links: Links
    clock: Callable[[], datetime]
    draw: Draw | None = None
    """None where answers are words alone."""
    others: Others = field(default_factory=dict)
    """Stores that are not asked, for the home tab."""


class SlackBot:
    """`async with SlackBot(settings, parts) as bot:` answers in Slack until the block ends."""

    def __init__(self, settings: SlackSettings, parts: Parts) -> None:
        self._settings = settings
        self._parts = parts
        self._running = AsyncExitStack()
        self._tasks = Tasks()
        self._mode: Mode | None = None

    @property
    def where(self) -> str:
        """How Slack and we reach each other, for people."""
        return self._mode.where if self._mode else "not running"

    async def idle(self) -> None:
        """Until nothing is being worked on any more."""
        await self._tasks.idle()

    @property
    def url(self) -> str:
        """Where Slack calls us; empty in Socket Mode."""
        return self._mode.url if self._mode else ""

    async def __aenter__(self) -> SlackBot:
        """Raises SlackRefused where the token is not accepted, PortTaken where the port is."""
        try:
            await self._start()
        except BaseException:
            await self._running.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing new is taken; answers under way say that they were stopped."""
        await self._running.aclose()

    async def _start(self) -> None:
        session = await self._running.enter_async_context(aiohttp.ClientSession(trust_env=True))
        client = web_client(_secret(self._settings.bot_token), self._settings.api_url, session)
        workspace = Workspace(client, self._parts.access)
        await workspace.sign_in()
        desk, health = self._desk(client, workspace)
        self._running.push_async_callback(desk.names.aclose)
        self._running.push_async_callback(desk.tasks.aclose)
        app = slack_app(client, workspace, desk, health, _secret(self._settings.signing_secret) or None)
        self._mode = self._chosen_mode(app, session)
        self._running.push_async_callback(self._mode.stop)
        await self._mode.start()

    def _chosen_mode(self, app: AsyncApp, session: aiohttp.ClientSession) -> Mode:
        settings = self._settings
        if settings.mode == "http":
            secret = _secret(settings.signing_secret)
            return HttpMode(app, secret, settings.http_host, settings.http_port, time.monotonic)
        return SocketMode(app, web_client(_secret(settings.app_token), settings.api_url, session))

    def _desk(self, client: AsyncWebClient, workspace: Workspace) -> tuple[Desk, Health]:
        parts, settings = self._parts, self._settings
        stores = parts.stores
        work = Work(settings.workers, settings.waiting)
        zones = Zones(client, time.monotonic)
        showing = Showing(parts.links)
        groups = UserGroups(client, parts.access.user_groups, time.monotonic)
        once = web_client(_secret(settings.bot_token), settings.api_url, client.session, repeats=False)
        delivery = Delivery(once, Pace(time.monotonic, asyncio.sleep), asyncio.sleep)
        pictures = Pictures(client, delivery, self._tasks, parts.draw, asyncio.sleep)
        gate = Gate(workspace.rules, groups, parts.state.audit, parts.clock)
        desk = Desk(
            tasks=self._tasks,
            seen=Seen(parts.state.events),
            gate=gate,
            state=parts.state,
            answering=Answering(
                stores,
                parts.state,
                gate,
                work,
                zones,
                showing,
                pictures,
                parts.clock,
                time.monotonic,
                settings.answer_timeout_s,
            ),
            delivery=delivery,
            showing=showing,
            work=work,
            zones=zones,
            names=Names(stores, time.monotonic),
            assistant=Assistant(client),
            pictures=pictures,
            shared=Shared(parts.state.events),
            clock=parts.clock,
        )
        return desk, Health(stores, parts.others, work, parts.clock())


def _secret(secret: object) -> str:
    reveal = getattr(secret, "get_secret_value", None)
    return str(reveal()) if reveal else ""
