"""What happened in the program, made whole: with everything Slack would have said of it, and with our addresses."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from demo.local_slack.deliveries import COMMAND, EVENT, INTERACTION
from demo.local_slack.elements import NothingToClick, clicked
from demo.local_slack.memory import ResponseUrl, Trigger
from demo.local_slack.views import UPSTREAM_ID, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.local_slack.api import Api

Json = dict[str, Any]


def read_happening(content_type: str, body: str) -> tuple[str, Json]:
    """Its kind, and its payload."""
    if content_type == "application/json":
        return EVENT, json.loads(body)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return (INTERACTION, json.loads(form["payload"])) if "payload" in form else (COMMAND, form)


class Happenings:
    """Completes payloads."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.rewrites: dict[str, Callable[[Json], Json]] = {}
        """What a click with this action id stands for: the program knows clicks on messages only."""

    def complete(self, kind: str, payload: Json) -> Json:
        """The payload as Slack sends it."""
        if kind == EVENT:
            return {**payload, "event": self._event(payload["event"])}
        self._api.memory.triggers[payload["trigger_id"]] = Trigger(_user(payload))
        if kind == COMMAND:
            return payload | {"response_url": self._response_url(payload["user_id"], payload["channel_id"])}
        if payload["type"] == "block_actions":
            return self._actions(payload)
        return payload | {"view": self._view(payload)}

    def event(self, event: Json) -> Json:
        """An event that the program does not know, in its envelope."""
        workspace = self._api.workspace
        return {
            "token": "verification-token",
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event_time": int(float(event["event_ts"])),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }

    def person(self, user: str) -> Json:
        """As interactions name whoever did it."""
        name = next((each.name for each in self._api.workspace.people if each.id == user), user)
        return {"id": user, "username": name, "name": name, "team_id": self._api.workspace.team_id}

    def interaction(self, kind: str, user: str, more: Json) -> Json:
        """An interaction that the program does not know."""
        workspace = self._api.workspace
        return {
            "type": kind,
            "token": "verification-token",
            "api_app_id": workspace.app_id,
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "user": self.person(user),
            "is_enterprise_install": False,
            "enterprise": None,
            **more,
        }

    def _event(self, event: Json) -> Json:
        more: Json = {}
        if event["type"] in {"message", "app_mention"} and "subtype" not in event:
            text = {"type": "text", "text": event.get("text") or " "}
            section = {"type": "rich_text_section", "elements": [text]}
            more = {
                "team": self._api.workspace.team_id,
                "client_msg_id": str(uuid.uuid4()),
                "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [section]}],
            }
        channel = self._api.workspace.channel(event.get("channel", ""))
        if channel and channel.is_private and "channel_type" in event:
            more["channel_type"] = "group"
        if event["type"] == "app_home_opened" and (home := self._api.memory.homes.get(event["user"])):
            more["view"] = shown(home)
        return event | more

    def _actions(self, payload: Json) -> Json:
        rewrite = self.rewrites.pop(payload["actions"][0].get("action_id", ""), None)
        if rewrite:
            return rewrite(payload)
        message = payload.pop("message", None)
        if message is None:
            return payload | self._in_home(payload)
        container, user = payload["container"], payload["user"]["id"]
        message = self._api.whole(container["channel_id"], message)
        payload["actions"] = [_as_sent(message, each) for each in payload["actions"]]
        thread = message.get("thread_ts", "")
        ephemeral = message.get("subtype") == "ephemeral"
        payload["container"] = (
            container | {"is_ephemeral": ephemeral} | ({"thread_ts": thread} if thread else {})
        )
        url = self._response_url(user, container["channel_id"], message["ts"], thread)
        # Of a message that only one person sees, Slack sends the place alone.
        return payload | {"response_url": url} | ({} if ephemeral else {"message": message})

    def _in_home(self, payload: Json) -> Json:
        """The web page's clicks in a Home come as clicks on no message."""
        home = self._api.memory.homes.get(payload["user"]["id"])
        return self.in_view(payload, home) if home else payload

    @staticmethod
    def in_view(payload: Json, view: Json) -> Json:
        """A click in a view: no message, no channel, no address to respond to."""
        for name in ("message", "channel", "response_url"):
            payload.pop(name, None)
        container = {"type": "view", "view_id": view["id"]}
        return payload | {"container": container, "view": shown(view)}

    def _view(self, payload: Json) -> Json:
        """The view that was submitted or closed, under the id that the bot knows."""
        come: Json = payload["view"]
        for view in self._api.memory.modals.values():
            if view[UPSTREAM_ID] == come["id"]:
                return shown(view) | {"state": come.get("state", {"values": {}})}
        return come

    def _response_url(self, user: str, channel: str, message_ts: str = "", thread_ts: str = "") -> str:
        base = self._api.base_url.removesuffix("/api/")
        return self._api.memory.response_url(base, ResponseUrl(user, channel, message_ts, thread_ts))


def _user(payload: Json) -> str:
    return str(payload.get("user_id") or payload["user"]["id"])


def _as_sent(message: Json, action: Json) -> Json:
    """The action of what was sent, where the page showed something like it instead."""
    value = action.get("value") or action.get("selected_option", {}).get("value")
    try:
        return {**action, **clicked(message.get("blocks", []), action["action_id"], value)}
    except NothingToClick:
        return action
