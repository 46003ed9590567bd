"""Brings to the bot what happened, as Slack does: over its sockets or by signed requests, and with a deadline."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from demo.local_slack.workspace import Workspace

Payload = dict[str, Any]
EVENT = "events_api"
COMMAND = "slash_commands"
INTERACTION = "interactive"
OPTIONS = "options"
"""A type-ahead: an interaction that is no other."""
ACK_S = 3.0
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back. `problem` says why it is no acknowledgement."""

    payload: Any = None
    problem: str = ""


@dataclass(frozen=True)
class Late:
    """A delivery that was not acknowledged as it should be."""

    kind: str
    payload: Payload
    problem: str


@dataclass
class Sockets:
    """The bot's open sockets, and what is waited for on each."""

    opened: dict[web.WebSocketResponse, set[str]] = field(default_factory=dict)
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    there: asyncio.Event = field(default_factory=asyncio.Event)
    turn: itertools.count[int] = field(default_factory=itertools.count)

    async def serve(self, socket: web.WebSocketResponse, app_id: str) -> None:
        """Until it closes."""
        self.opened[socket] = set()
        self.there.set()
        try:
            hello = {
                "type": "hello",
                "num_connections": len(self.opened),
                "connection_info": {"app_id": app_id},
            }
            await socket.send_json(hello)
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            for envelope_id in self.opened.pop(socket):
                self._settle(envelope_id, Answer(problem="the socket closed"))
            if not self.opened:
                self.there.clear()

    async def send(self, kind: str, payload: Payload, attempt: int) -> Answer:
        """What the bot acknowledged with; it goes to one of the sockets, in turn."""
        socket = list(self.opened)[next(self.turn) % len(self.opened)]
        envelope_id = str(uuid.uuid4())
        envelope: Payload = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != EVENT
        if kind == EVENT:
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        self.waiting[envelope_id] = asyncio.get_running_loop().create_future()
        self.opened[socket].add(envelope_id)
        try:
            await socket.send_json(envelope)
            return await self.waiting[envelope_id]
        except ConnectionError:
            return Answer(problem="the socket closed")
        finally:
            self.waiting.pop(envelope_id, None)
            self.opened.get(socket, set()).discard(envelope_id)

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        if isinstance(message, dict) and (envelope_id := message.get("envelope_id")):
            self._settle(envelope_id, Answer(message.get("payload")))

    def _settle(self, envelope_id: str, answer: Answer) -> None:
        future = self.waiting.get(envelope_id)
        if future and not future.done():
            future.set_result(answer)

    async def drop(self) -> None:
        """End all of them as a failing network does: without a goodbye."""
        for socket in list(self.opened):
            await socket.close(code=aiohttp.WSCloseCode.GOING_AWAY, drain=False)


def signed(secret: str, body: str, at_s: float, content_type: str) -> dict[str, str]:
    """The headers by which a bot knows that the request is Slack's."""
    stamp = str(int(at_s))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def request_body(kind: str, payload: Payload) -> tuple[str, str]:
    """Body and content type of the request that brings it."""
    if kind == EVENT:
        return json.dumps(payload), JSON
    if kind == COMMAND:
        return urlencode(payload), FORM
    return urlencode({"payload": json.dumps(payload)}), FORM


class Deliveries:
    """Delivers, and writes down how quickly it was acknowledged.

    An event that is not is sent once more at once, as Slack does first; commands and clicks never are.
    """

    def __init__(self, workspace: Workspace, request_url: str | None, session: aiohttp.ClientSession) -> None:
        self.request_url = request_url
        self.sockets = Sockets()
        self.ack_s = ACK_S
        self.acks_ms: list[float] = []
        self.late: list[Late] = []
        self._workspace = workspace
        self._session = session

    async def deliver(self, kind: str, payload: Payload) -> Answer:
        """What the bot acknowledged with, if it did in time."""
        answer = await self._attempt(kind, payload, 0)
        if answer.problem and kind == EVENT:
            answer = await self._attempt(kind, payload, 1)
        return answer

    async def deliver_again(self, payload: Payload) -> Answer:
        """An event that was delivered before, as when Slack did not hear the acknowledgement."""
        return await self._attempt(EVENT, payload, 1)

    async def _attempt(self, kind: str, payload: Payload, attempt: int) -> Answer:
        begin_s = 0.0
        try:
            async with asyncio.timeout(self.ack_s):
                if self.request_url is None:
                    await self.sockets.there.wait()
                begin_s = time.perf_counter()
                answer = await self._send(kind, payload, attempt)
        except TimeoutError:
            answer = Answer(problem=f"no acknowledgement within {self.ack_s:g} s")
        if answer.problem:
            self.late.append(Late(kind, payload, answer.problem))
        else:
            self.acks_ms.append((time.perf_counter() - begin_s) * 1000)
        return answer

    async def _send(self, kind: str, payload: Payload, attempt: int) -> Answer:
        if self.request_url is None:
            return await self.sockets.send(INTERACTION if kind == OPTIONS else kind, payload, attempt)
        body, content_type = request_body(kind, payload)
        headers = signed(self._workspace.signing_secret, body, time.time(), content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        return await self.post(body, headers)

    async def post(self, body: str, headers: dict[str, str]) -> Answer:
        """One request to the bot, as it stands."""
        try:
            async with self._session.post(
                self.request_url or "", data=body.encode(), headers=headers
            ) as response:
                text = await response.text()
                problem = (
                    ""
                    if response.status == web.HTTPOk.status_code
                    else f"HTTP {response.status}: {text[:200]}"
                )
        except aiohttp.ClientError as exc:
            return Answer(problem=f"the bot cannot be reached ({type(exc).__name__})")
        return Answer(_json_or_text(text), problem)


def _json_or_text(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}
