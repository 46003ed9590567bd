"""What people do in the local Slack. Everything returns when the bot has been told, and has said that it heard."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, Literal

from demo.local_slack.chat import unfurl_id
from demo.local_slack.deliveries import EVENT, OPTIONS, Answer, request_body, signed
from demo.local_slack.elements import block_of, clicked
from demo.local_slack.rules import options_verdict
from demo.local_slack.sights import Sights
from demo.local_slack.views import shown

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
NO_MESSAGE = "0"


class People(Sights):
    """Those who write, click and open."""

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
        key = self.workspace.signing_secret if secret is None else secret
        return await self._proxy.deliveries.post(body, signed(key, body, time.time() - age_s, content_type))

    def envelope(self, event: Json) -> Json:
        """The envelope of an event, for `deliver`."""
        return self._proxy.happenings.event(event)

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
