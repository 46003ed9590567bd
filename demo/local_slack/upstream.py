"""What we ask the local Slack's own program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import aiohttp

    from demo.local_slack.program import Program

Json = dict[str, Any]


class Upstream:
    """The program behind the proxy. Addresses of its own in its answers become the proxy's."""

    def __init__(self, program: Program, session: aiohttp.ClientSession) -> None:
        self._program = program
        self._session = session
        self._token = {"Authorization": f"Bearer {program.workspace.bot_token}"}

    async def call(self, method: str, arguments: Json) -> Json:
        """The answer of a Web API method."""
        url = f"{self._program.url}/api/{method}"
        async with self._session.post(url, json=arguments, headers=self._token) as response:
            return await self._json(response)

    async def control(self, what: str, arguments: Json | None = None) -> Json:
        """Have a person do something; returns when the bot has been told."""
        url = f"{self._program.url}/_control/{what}"
        async with self._session.post(url, json=arguments or {}) as response:
            return await self._json(response)

    async def messages(self, channel: str) -> list[Json]:
        """Everything in the channel, threads and what only one sees included, oldest first."""
        async with self._session.get(f"{self._program.url}/_control/messages/{channel}") as response:
            found: list[Json] = (await self._json(response))["messages"]
        return found

    async def message_at(self, channel: str, ts: str) -> Json | None:
        """The message of that time, if there is one."""
        return next((each for each in await self.messages(channel) if each["ts"] == ts), None)

    async def channels(self) -> list[str]:
        """Every channel and direct conversation."""
        async with self._session.get(f"{self._program.url}/_control/state") as response:
            return [each["id"] for each in (await self._json(response))["channels"]]

    async def through(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        """Status, content type and body of any other request."""
        async with self._session.request(
            method, f"{self._program.url}{path}", data=body or None, headers=headers
        ) as response:
            return response.status, response.content_type, await response.read()

    async def person_does(self, action: Json) -> None:
        """Have the program's own web page do something: modals are sent so only."""
        async with self._session.ws_connect(f"{self._program.url}/ui") as socket:
            await socket.receive()
            await socket.send_json(action)

    async def _json(self, response: aiohttp.ClientResponse) -> Json:
        text = await response.text()
        found: Json = json.loads(text.replace(self._program.url, self._program.proxy_url))
        return found
