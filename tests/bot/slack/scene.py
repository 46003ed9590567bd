"""The bot in a real local Slack, over drawn traces: what people do there, and what they see."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from backends.interface import Capabilities
from bot.slack.bot import Parts, SlackBot
from bot.stores.state_store import StateStore
from config.settings import AccessSettings, SlackSettings
from demo.local_slack.slack import LocalSlack
from demo.local_slack.workspace import ALICE as ALICE_HERSELF
from demo.local_slack.workspace import BOB as BOB_HIMSELF
from renderers.slack import Links
from renderers.slack.actions import action_of
from tests.bot.drawn_stores import DrawnBackend, DrawnStores

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from demo.local_slack.program import Program

ALICE, BOB = ALICE_HERSELF.id, BOB_HIMSELF.id
GENERAL, INCIDENTS, WITHOUT_BOT = "C01GEN", "C02OPS", "C03ALONE"
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
FIRST_TRACE, SECOND_TRACE = f"{1:032x}", f"{2:032x}"
SHOP = """
    frontend POST /checkout   0..400   server
      checkout charge         10..390  server
    ---
    frontend GET /cart        0..180   server
      cart     load           10..170  server
    ---
    frontend GET /            0..20    server
"""
UNHURRIED_S = 60.0
"""What may take three seconds in Slack: how long it takes here says how busy the machine is. Who forgets it is still late."""
EVERYTHING = Capabilities(list_services=True, search=True, search_without_service=True, search_slowest=True)


@dataclass
class ShopBackend(DrawnBackend):
    """A small shop that can be asked everything; `gate`, where it is not set, makes it slow."""

    picture: str = SHOP
    name: str = "shop"
    capabilities: Capabilities = EVERYTHING
    gate: asyncio.Event | None = None
    asked: list[object] = field(default_factory=list)
    before: Callable[[], Awaitable[None]] | None = None

    async def find_trace(self, trace_id):
        await self._come_to(trace_id)
        return await super().find_trace(trace_id)

    async def find_spans(self, query):
        await self._come_to(query)
        return await super().find_spans(query)

    async def services(self):
        return ("cart", "checkout", "frontend", "payment")

    async def operations(self, service):
        return {"frontend": ("GET /", "GET /cart", "POST /checkout"), "checkout": ("charge",)}.get(
            service, ()
        )

    async def _come_to(self, what):
        self.asked.append(what)
        if self.before is not None:
            await self.before()
        if self.gate is not None:
            await self.gate.wait()


@dataclass
class Scene:
    """What a test has at hand."""

    slack: LocalSlack
    state: StateStore
    bot: SlackBot
    backend: ShopBackend

    async def replies(self, channel, ts, at_least=1):
        """The answers in a thread once they are finished."""

        async def look():
            found = [one for one in await self.slack.thread(channel, ts) if one.get("bot_id") or is_ours(one)]
            return found if len(found) >= at_least and not any(map(is_progress, found)) else None

        return await self.slack.wait_for(look)

    async def reply(self, channel, ts):
        """The one answer in a thread."""
        return (await self.replies(channel, ts))[-1]

    async def whispered(self, user, at_least=1):
        """What that person alone sees once it is finished."""

        async def look():
            found = await self.slack.ephemerals(user)
            return found if len(found) >= at_least and not any(map(is_progress, found)) else None

        return await self.slack.wait_for(look)

    async def direct(self, user, at_least=1):
        """What the bot wrote to that person, in whatever thread."""
        channel = await self.slack.dm_channel(user)

        async def look():
            found = [one for one in await self.slack._seen(channel) if is_ours(one)]
            return found if len(found) >= at_least and not any(map(is_progress, found)) else None

        return await self.slack.wait_for(look)

    async def click_forged(self, user, channel, ts, action_id, value):
        """A click whose value is not what stood in the message."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        arguments = {"user": user, "channel": channel, "messageTs": ts, "action": action}
        await self.slack._proxy.api.upstream.control("interact", arguments)

    async def quiet(self):
        """Until the bot has done whatever it was going to do."""
        async with asyncio.timeout(UNHURRIED_S):
            await self.bot.idle()

    async def audit(self):
        return [(one.user, one.action, one.outcome) for one in reversed(await self.state.audit.latest(100))]


def is_ours(message):
    return message.get("user") == "U0BOT"


def is_progress(message):
    """Whether it is still being worked on."""
    return any(id_of(element) == "cancel" for element in elements(message))


def elements(message):
    return [element for block in message.get("blocks") or () for element in block.get("elements") or ()]


def id_of(element):
    return element.get("action_id") if isinstance(element, dict) else None


def ids(message):
    """The ids of what can be clicked."""
    return [id_of(element) for element in elements(message) if id_of(element)]


def clickable(message, action):
    """The id of the first element for that action."""
    found = [one for one in ids(message) if action_of(one) == action]
    assert found, f"{action} is not among {ids(message)} of {words(message)}"
    return found[0]


def words(message):
    """Everything that a message says."""
    return message.get("text", "") + json.dumps(message.get("blocks"), ensure_ascii=False)


@asynccontextmanager
async def scene(
    program: Program,
    folder,
    backend=None,
    access=None,
    links=None,
    mode="socket",
    state=None,
    before_start=None,
    draw=None,
    others=None,
    **settings,
):
    """A bot that listens."""
    backend = backend or ShopBackend()
    async with (
        LocalSlack(program, mode=mode) as slack,
        await StateStore.open(f"sqlite:///{folder / 'state.db'}") as store,
    ):
        slack.ack_s = slack.trigger_s = UNHURRIED_S
        if before_start is not None:
            before_start(slack)
        given = SlackSettings(
            bot_token=slack.bot_token,
            app_token=slack.app_token,
            signing_secret=slack.signing_secret,
            api_url=slack.base_url,
            mode=mode,
            http_port=0,
            **settings,
        )
        parts = Parts(
            stores=DrawnStores(backend),
            state=state or store,
            access=access or AccessSettings(),
            links=links or Links(),
            clock=lambda: NOON,
            draw=draw,
            others=others or {},
        )
        async with SlackBot(given, parts) as bot:
            if mode == "http":
                slack.request_url = bot.url
            else:
                await slack.wait_for_socket()
            yield Scene(slack, store, bot, backend)


def in_slack(circumstances, talk, *, lets_be_late=False, **more):
    """What the talk comes to; whatever the bot said was valid, and what it was told acknowledged."""

    async def run():
        async with scene(**circumstances, **more) as here:
            came = await talk(here)
            await here.quiet()
            assert not here.slack.refused, here.slack.refused
            assert not here.slack.late or lets_be_late, here.slack.late
            return came

    return asyncio.run(run())
