"""The strict proxy: where the bot finds Slack, and where the program tells what happened."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from demo.local_slack.api import Api, SlackError
from demo.local_slack.deliveries import COMMAND, EVENT, Answer, Deliveries
from demo.local_slack.happenings import Happenings, read_happening
from demo.local_slack.responses import acknowledged, respond
from demo.local_slack.rules import view_verdict
from demo.local_slack.trouble import Troubles
from demo.local_slack.upstream import Upstream
from demo.local_slack.web_api import WebApi

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from demo.local_slack.memory import ResponseUrl
    from demo.local_slack.program import Program

Json = dict[str, Any]
HEARTBEAT_S = 10


class Proxy:
    """Listens where the program was told; made and ended within one event loop."""

    def __init__(self, program: Program, request_url: str | None) -> None:
        self._program = program
        self._request_url = request_url
        self._changes = asyncio.Condition()
        self.n_changes = 0
        self._telling: set[asyncio.Task[None]] = set()
        self._submitted: asyncio.Future[Any] | None = None

    async def start(self, left: AsyncExitStack) -> None:
        """Begin to listen; ended by the stack."""
        session = await left.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30), trust_env=False)
        )
        upstream = Upstream(self._program, session)
        self.api = Api(self._program.workspace, f"{self._program.proxy_url}/api/", upstream)
        self.troubles = Troubles()
        self.deliveries = Deliveries(self._program.workspace, self._request_url, session)
        self.happenings = Happenings(self.api)
        await upstream.control("reset")
        runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        left.push_async_callback(runner.cleanup)
        left.push_async_callback(self.deliveries.sockets.drop)
        await runner.setup()
        await web.SockSite(runner, self._program.listener.dup()).start()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=64 * 2**20)
        web_api = WebApi(self.api, self.troubles, self.changed)
        application.add_routes(
            [
                web.route("*", "/api/{method}", web_api.answer),
                web.get("/_socket", self._socket),
                web.post("/_happened", self._happened),
                web.post("/_respond/{key}", self._respond),
                web.route("*", "/{path:.*}", self._through),
            ]
        )
        return application

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.api.memory.tickets:
            return web.Response(status=404)
        self.api.memory.tickets.discard(ticket)
        if self.troubles.refuses_socket():
            return web.Response(status=503)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S)
        await socket.prepare(request)
        await self.deliveries.sockets.serve(socket, self.api.workspace.app_id)
        return socket

    async def _happened(self, request: web.Request) -> web.Response:
        """From the program. It waits for the answer, as it has to act on some."""
        kind, happened = read_happening(request.content_type, await request.text())
        payload = self.happenings.complete(kind, happened)
        answer = await self.tell(kind, payload)
        if kind == COMMAND:
            await self._acknowledged(payload["response_url"], answer)
        self.changed()
        said = self._of_view(payload, answer) if payload.get("type") == "view_submission" else None
        response = web.json_response(said) if said else web.Response()
        response.force_close()
        return response

    async def tell(self, kind: str, payload: Json) -> Answer:
        """Bring it to the bot, twice if that was asked for."""
        answer = await self.deliveries.deliver(kind, payload)
        if kind == EVENT and self.troubles.duplicates():
            await self.deliveries.deliver_again(payload)
        self.changed()
        return answer

    async def _acknowledged(self, url: str, answer: Answer) -> None:
        try:
            await acknowledged(self.api, self._response(url.rsplit("/", 1)[-1]), answer.payload)
        except SlackError:
            self.changed()  # written down in `refused`; the asker sees nothing

    def _of_view(self, payload: Json, answer: Answer) -> Any:
        """What becomes of the form that was sent, for the program and for whoever waits for it."""
        user, said = payload["user"]["id"], answer.payload
        action = said.get("response_action") if isinstance(said, dict) else None
        if action in {"update", "push"}:
            self.api.check(view_verdict(said.get("view"), "modal"), "view_submission", said)
        elif action != "errors" and not answer.problem:
            self.api.memory.modals.pop(user, None)
        if self._submitted and not self._submitted.done():
            self._submitted.set_result(said)
        return said if action else None

    async def submitted(self, action: Json) -> Any:
        """Have the web page send the form, and give back what the bot said to it."""
        self._submitted = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(self.deliveries.ack_s + 5):
            await self.api.upstream.person_does(action)
            return await self._submitted

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            response = self._response(request.match_info["key"])
            await respond(self.api, response, await request.json())
        except SlackError as exc:
            status = 404 if exc.error in {"expired_url", "used_url"} else 400
            return web.json_response(exc.answer(), status=status)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        finally:
            self.changed()
        return web.Response(text="ok")

    def _response(self, key: str) -> ResponseUrl:
        response = self.api.memory.responses.get(key)
        if response is None:
            raise SlackError("expired_url")
        return response

    async def _through(self, request: web.Request) -> web.Response:
        headers = {
            name: request.headers[name]
            for name in ("Content-Type", "Authorization")
            if name in request.headers
        }
        status, content_type, body = await self.api.upstream.through(
            request.method, request.path_qs, await request.read(), headers
        )
        return web.Response(status=status, body=body, content_type=content_type)

    def changed(self) -> None:
        """Wake whoever waits for something to be seen."""
        self.n_changes += 1
        task = asyncio.ensure_future(self._tell_waiting())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_waiting(self) -> None:
        async with self._changes:
            self._changes.notify_all()

    async def change_after(self, n_changes: int) -> None:
        """Until the bot has done more than that."""
        async with self._changes:
            await self._changes.wait_for(lambda: self.n_changes > n_changes)
