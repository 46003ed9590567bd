"""The Web API as the bot finds it: the token first, then trouble that was asked for, then the rules, then the answer."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import web

from demo.local_slack import chat, other_methods, streams, views
from demo.local_slack.api import Api, Method, SlackError
from demo.local_slack.arguments import read_arguments
from demo.local_slack.memory import Call
from demo.local_slack.trouble import DropConnection, Troubles

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
OPEN_SOCKET = "apps.connections.open"

METHODS: dict[str, Method] = {
    "chat.postMessage": chat.post_message,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "chat.unfurl": chat.unfurl,
    "chat.startStream": streams.start_stream,
    "chat.appendStream": streams.append_stream,
    "chat.stopStream": streams.stop_stream,
    "views.open": views.open_view,
    "views.push": views.push_view,
    "views.update": views.update_view,
    "views.publish": views.publish_view,
    "blocks.validate": other_methods.validate_blocks,
    "assistant.threads.setStatus": other_methods.set_status,
    "assistant.threads.setTitle": other_methods.set_title,
    "assistant.threads.setSuggestedPrompts": other_methods.set_suggested_prompts,
    "usergroups.list": other_methods.list_groups,
    "usergroups.users.list": other_methods.list_group,
    "conversations.info": other_methods.channel_info,
    "conversations.history": other_methods.history,
    "conversations.replies": other_methods.replies,
    "files.completeUploadExternal": other_methods.complete_upload,
    "files.info": other_methods.file_info,
}
"""What is answered here or watched on its way; everything else is the program's."""


class WebApi:
    """Answers `/api/METHOD`."""

    def __init__(self, api: Api, troubles: Troubles, changed: Callable[[], None]) -> None:
        self._api = api
        self._troubles = troubles
        self._changed = changed

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method = request.match_info["method"]
        token, arguments = await read_arguments(request)
        self._api.memory.calls.append(Call(method, arguments))
        try:
            response = await self._troubles.meet(method, lambda: self._answered(method, token, arguments))
        except DropConnection:
            if request.transport:
                request.transport.abort()
            return web.Response()
        finally:
            self._changed()
        response.headers["X-OAuth-Scopes"] = ",".join(self._api.workspace.scopes)
        return response

    async def _answered(self, method: str, token: str | None, arguments: Json) -> Json:
        try:
            self._check_token(method, token)
            if method == OPEN_SOCKET:
                return {"ok": True, "url": self._socket_url()}
            own = METHODS.get(method)
            return await (own(self._api, arguments) if own else self._api.forward(method, arguments))
        except SlackError as exc:
            return exc.answer()

    def _socket_url(self) -> str:
        """An address for one socket."""
        ticket = uuid.uuid4().hex
        self._api.memory.tickets.add(ticket)
        base = self._api.base_url.removesuffix("/api/").replace("http", "ws", 1)
        return f"{base}/_socket?ticket={ticket}"

    def _check_token(self, method: str, token: str | None) -> None:
        workspace = self._api.workspace
        if not token:
            raise SlackError("not_authed")
        if token not in {workspace.bot_token, workspace.app_token}:
            raise SlackError("invalid_auth")
        wanted = workspace.app_token if method == OPEN_SOCKET else workspace.bot_token
        if token != wanted and method != "auth.test":
            raise SlackError("not_allowed_token_type")
