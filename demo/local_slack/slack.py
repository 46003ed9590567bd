"""The local Slack: what people do in it, what is seen there, and what was wrong."""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from demo.local_slack.chat import unfurl_id
from demo.local_slack.deliveries import EVENT, OPTIONS, Answer, Late, request_body, signed
from demo.local_slack.elements import block_of, clicked
from demo.local_slack.program import Program
from demo.local_slack.proxy import Proxy
from demo.local_slack.rules import options_verdict
from demo.local_slack.views import shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from demo.local_slack.api import Refused
    from demo.local_slack.memory import Call
    from demo.local_slack.trouble import Trouble

Json = dict[str, Any]
T = TypeVar("T")
WAIT_S = 10.0
NO_MESSAGE = "0"


class LocalSlack:
    """A Slack on this machine; an async context manager.

    With a `program` that runs already it starts at once, and everything in that is forgotten first. `mode` says how
    the bot is told what happens: over the sockets it opens, or by requests to `request_url`.
    """

    def __init__(
        self,
        program: Program | None = None,
        *,
        mode: Literal["socket", "http"] = "socket",
        request_url: str = "",
    ) -> None:
        self._given = program
        self._request_url = request_url if mode == "http" else None
        self._left = AsyncExitStack()

    async def __aenter__(self) -> LocalSlack:
        async with AsyncExitStack() as left:
            program = self._given or left.enter_context(Program())
            self.workspace = program.workspace
            self.ui_url = program.url
            self._proxy = Proxy(program, self._request_url)
            await self._proxy.start(left)
            self._left = left.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._left.aclose()

    @property
    def base_url(self) -> str:
        """Of the Web API, with a slash at the end as slack_sdk wants it."""
        return self._proxy.api.base_url

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.app_token

    @property
    def signing_secret(self) -> str:
        return self.workspace.signing_secret

    @property
    def request_url(self) -> str:
        """Where the bot takes requests; may be set once it listens."""
        return self._proxy.deliveries.request_url or ""

    @request_url.setter
    def request_url(self, url: str) -> None:
        self._proxy.deliveries.request_url = url

    @property
    def refused(self) -> list[Refused]:
        """Each message or view that broke a rule of Slack's or of ours."""
        return self._proxy.api.refused

    @property
    def late(self) -> list[Late]:
        """What the bot did not acknowledge as it should."""
        return self._proxy.deliveries.late

    @property
    def acks_ms(self) -> list[float]:
        """How long each acknowledgement took."""
        return self._proxy.deliveries.acks_ms

    @property
    def calls(self) -> list[Call]:
        """Every Web API call the bot made."""
        return self._proxy.api.memory.calls

    @property
    def n_sockets(self) -> int:
        """How many sockets the bot has open."""
        return len(self._proxy.deliveries.sockets.opened)

    @property
    def ack_s(self) -> float:
        """How long an acknowledgement may take: three seconds, if not set."""
        return self._proxy.deliveries.ack_s

    @ack_s.setter
    def ack_s(self, seconds: float) -> None:
        self._proxy.deliveries.ack_s = seconds

    # What a person does.

    async def message(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """They write it there; gives back its time when the bot has been told."""
        arguments = {"user": user, "channel": channel, "text": text}
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        answer = await self._proxy.api.upstream.control("message", arguments)
        return str(answer["message"]["ts"])

    async def mention(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """They write to the bot by name. It is told twice, as Slack does: of a message and of a mention."""
        return await self.message(user, channel, f"<@{self.workspace.bot_user}> {text}", thread_ts)

    async def dm(self, user: str, text: str, thread_ts: str | None = None) -> str:
        """They write to the bot alone."""
        return await self.message(user, await self.dm_channel(user), text, thread_ts)

    async def dm_channel(self, user: str) -> str:
        """Where the bot and that person talk alone."""
        answer = await self._proxy.api.forward("conversations.open", {"users": user})
        return str(answer["channel"]["id"])

    async def command(self, name: str, text: str, user: str, channel: str) -> None:
        """They type it; what the bot says to them alone is among their `ephemerals`."""
        arguments = {"user": user, "channel": channel, "command": name, "text": text}
        await self._proxy.api.upstream.control("command", arguments)

    async def click(self, user: str, channel: str, ts: str, action_id: str, value: str | None = None) -> None:
        """They click what has this id in that message; `value` says which, where several have it."""
        message = await self.message_at(channel, ts)
        action = clicked(message.get("blocks", []), action_id, value)
        arguments = {"user": user, "channel": channel, "messageTs": ts, "action": action}
        await self._proxy.api.upstream.control("interact", arguments)

    async def click_in_view(self, user: str, action_id: str, value: str | None = None) -> None:
        """They click it in the modal they have open, or else in their Home."""
        view = self._view_of(user)
        action = clicked(view["blocks"], action_id, value)
        await self._interact(
            user, lambda payload: self._proxy.happenings.in_view(payload | {"actions": [action]}, view)
        )

    async def shortcut(self, user: str, callback_id: str) -> None:
        """They choose the app's shortcut from the menu."""
        more = {"callback_id": callback_id, "action_ts": f"{time.time():.6f}"}
        happenings = self._proxy.happenings
        await self._interact(
            user,
            lambda payload: happenings.interaction(
                "shortcut", user, more | {"trigger_id": payload["trigger_id"]}
            ),
        )

    async def submit_view(self, user: str, values: dict[str, str | Json]) -> Any:
        """They send the form they have open, with these values by action id; gives back what the bot said to that."""
        view = self._view_of(user)
        filled: dict[str, dict[str, Json]] = {}
        for action_id, value in values.items():
            block_id = block_of(view["blocks"], action_id)
            filled.setdefault(block_id, {})[action_id] = _input(view["blocks"], action_id, value)
        return await self._proxy.submitted({"t": "view_submit", "user": user, "values": filled})

    async def close_view(self, user: str) -> None:
        """They close the form."""
        self._proxy.api.memory.modals.pop(user, None)
        await self._proxy.api.upstream.person_does({"t": "view_close", "user": user})

    async def options(self, user: str, action_id: str, typed: str) -> list[Json]:
        """What they are offered after typing that into a type-ahead of their modal or Home."""
        view = self._view_of(user)
        more = {
            "action_id": action_id,
            "block_id": block_of(view["blocks"], action_id),
            "value": typed,
            "container": {"type": "view", "view_id": view["id"]},
            "view": shown(view),
        }
        payload = self._proxy.happenings.interaction("block_suggestion", user, more)
        answer = await self._proxy.tell(OPTIONS, payload)
        self._proxy.api.check(options_verdict(answer.payload), "block_suggestion", payload)
        offered: list[Json] = answer.payload.get("options") or answer.payload.get("option_groups") or []
        return offered

    async def open_home(self, user: str, tab: Literal["home", "messages"] = "home") -> None:
        """They open the app's page on that tab."""
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": await self.dm_channel(user),
            "tab": tab,
            "event_ts": f"{time.time():.6f}",
        }
        home = self._proxy.api.memory.homes.get(user)
        await self.event(event | ({"view": shown(home)} if home and tab == "home" else {}))

    async def share_link(self, user: str, channel: str, url: str, text: str = "") -> str:
        """They write a message with a link to a domain that the app unfurls."""
        ts = await self.message(user, channel, text or f"<{url}>")
        domain = url.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0]
        await self.event(
            {
                "type": "link_shared",
                "user": user,
                "channel": channel,
                "message_ts": ts,
                "links": [{"domain": domain, "url": url}],
                "source": "conversations_history",
                "unfurl_id": unfurl_id(channel, ts),
                "is_bot_user_member": True,
                "event_ts": f"{time.time():.6f}",
            }
        )
        return ts

    async def bot_message(self, channel: str, text: str, bot_id: str = "B0OTHER") -> None:
        """Another bot writes something; the program has no second bot, so that only ours gets to see it."""
        ts = f"{time.time():.6f}"
        event = {"type": "message", "subtype": "bot_message", "bot_id": bot_id, "text": text, "ts": ts}
        await self.event(event | {"channel": channel, "channel_type": "channel", "event_ts": ts})

    async def event(self, event: Json) -> Answer:
        """Anything else that Slack may tell of."""
        return await self._proxy.tell(EVENT, self._proxy.happenings.event(event))

    async def deliver(self, payload: Json, *, age_s: float = 0, secret: str | None = None) -> Answer:
        """An event's whole envelope as one request to `request_url`: forged, old or, sent twice, replayed."""
        body, content_type = request_body(EVENT, payload)
        key = self.signing_secret if secret is None else secret
        return await self._proxy.deliveries.post(body, signed(key, body, time.time() - age_s, content_type))

    def envelope(self, event: Json) -> Json:
        """The envelope of an event, for `deliver`."""
        return self._proxy.happenings.event(event)

    # What is seen.

    async def messages(self, channel: str) -> list[Json]:
        """What everyone in the channel sees outside of threads, oldest first."""
        return [each for each in await self._seen(channel) if each.get("thread_ts") in {None, each["ts"]}]

    async def thread(self, channel: str, ts: str) -> list[Json]:
        """The replies to that message, oldest first."""
        return [
            each for each in await self._seen(channel) if each.get("thread_ts") == ts and each["ts"] != ts
        ]

    async def message_at(self, channel: str, ts: str) -> Json:
        """That message, also if only one person sees it."""
        found = await self._proxy.api.upstream.message_at(channel, ts)
        if found is None:
            raise LookupError(f"no message at {ts} in {channel}")
        return self._proxy.api.whole(channel, found)

    async def ephemerals(self, user: str) -> list[Json]:
        """What only that person sees, in every channel."""
        upstream = self._proxy.api.upstream
        everywhere = {channel: await upstream.messages(channel) for channel in await upstream.channels()}
        return [
            self._proxy.api.whole(channel, each)
            for channel, here in everywhere.items()
            for each in here
            if each.get("ephemeral_to") == user
        ]

    def modal(self, user: str) -> Json | None:
        """What they have open, if anything."""
        view = self._proxy.api.memory.modals.get(user)
        return shown(view) if view else None

    def home(self, user: str) -> Json | None:
        """Their Home, if one was published."""
        view = self._proxy.api.memory.homes.get(user)
        return shown(view) if view else None

    def status(self, channel: str, thread_ts: str) -> str:
        """What the assistant says it is doing in that thread; empty for nothing."""
        return self._proxy.api.memory.statuses.get((channel, thread_ts), "")

    def prompts(self, channel: str) -> list[Json]:
        """The prompts suggested there."""
        return self._proxy.api.memory.prompts.get(channel, [])

    async def wait_for(self, look: Callable[[], Awaitable[T]], timeout_s: float = WAIT_S) -> T:
        """What `look` finds, as soon as that is something; it looks whenever the bot has done anything."""
        found: T | None = None
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    since = self._proxy.n_changes
                    if found := await look():
                        return found
                    await self._proxy.change_after(since)
        except TimeoutError as exc:
            calls = [each.method for each in self.calls]
            said = (
                f"nothing to see after {timeout_s:g} s; the bot called {calls}, refused were {self.refused}"
            )
            raise TimeoutError(f"{said}, not acknowledged in time {self.late}") from exc

    async def wait_for_socket(self, timeout_s: float = WAIT_S) -> None:
        """Until the bot has a socket open."""
        async with asyncio.timeout(timeout_s):
            await self._proxy.deliveries.sockets.there.wait()

    # What goes wrong.

    def play(
        self, trouble: Trouble, times: int = 1, *, method: str | None = None, retry_after_s: int = 1
    ) -> None:
        """Spoil the next so many answers (of that method): a status, a word from the package's description, an error."""
        self._proxy.troubles.plan(trouble, times, method, retry_after_s)

    def recover(self) -> None:
        """Nothing that was planned goes wrong any more."""
        self._proxy.troubles.stop()

    async def drop_sockets(self) -> None:
        """End the bot's connections."""
        await self._proxy.deliveries.sockets.drop()

    def archive(self, channel: str) -> None:
        """From now on nobody writes there."""
        self._proxy.api.memory.archived.add(channel)

    async def remove(self, channel: str, ts: str) -> None:
        """Somebody with the right to deletes a message, the bot's or another."""
        await self._proxy.api.forward("chat.delete", {"channel": channel, "ts": ts})

    async def _seen(self, channel: str) -> list[Json]:
        found = await self._proxy.api.upstream.messages(channel)
        return [self._proxy.api.whole(channel, each) for each in found if each.get("subtype") != "ephemeral"]

    def _view_of(self, user: str) -> Json:
        memory = self._proxy.api.memory
        view = memory.modals.get(user) or memory.homes.get(user)
        if view is None:
            raise LookupError(f"{user} has no modal open and no Home")
        return view

    async def _interact(self, user: str, rewrite: Callable[[Json], Json]) -> None:
        """A click for whose kind the program has no word."""
        key = uuid.uuid4().hex
        self._proxy.happenings.rewrites[key] = rewrite
        arguments = {"user": user, "channel": self.workspace.channels[0].id, "messageTs": NO_MESSAGE}
        await self._proxy.api.upstream.control("interact", arguments | {"action": {"action_id": key}})


def _input(blocks: list[Json], action_id: str, value: str | Json) -> Json:
    """What a form says of one input."""
    if isinstance(value, dict):
        return value
    return {
        name: each
        for name, each in clicked(blocks, action_id, value).items()
        if name not in {"action_id", "block_id"}
    }
