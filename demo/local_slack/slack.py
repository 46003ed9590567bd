"""The local Slack: started and stopped, waited for, spoilt, and asked what the bot did wrong."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Literal, TypeVar

from demo.local_slack.people import People
from demo.local_slack.program import Program
from demo.local_slack.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from demo.local_slack.api import Refused
    from demo.local_slack.deliveries import Late
    from demo.local_slack.memory import Call
    from demo.local_slack.trouble import Trouble

T = TypeVar("T")
WAIT_S = 60.0


class LocalSlack(People):
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
    def ack_s(self) -> float:
        """How long an acknowledgement may take: three seconds, if not set."""
        return self._proxy.deliveries.ack_s

    @ack_s.setter
    def ack_s(self, seconds: float) -> None:
        self._proxy.deliveries.ack_s = seconds

    @property
    def trigger_s(self) -> float:
        """How long what happened lets the bot open a modal: three seconds, if not set."""
        return self._proxy.api.memory.trigger_s

    @trigger_s.setter
    def trigger_s(self, seconds: float) -> None:
        self._proxy.api.memory.trigger_s = seconds

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

    def play(
        self, trouble: Trouble, times: int = 1, *, method: str | None = None, retry_after_s: int = 1
    ) -> None:
        """Spoil the next so many answers (of that method): a status, a word from the package's description, an error."""
        self._proxy.troubles.plan(trouble, times, method, retry_after_s)

    async def drop_sockets(self) -> None:
        """End the bot's connections."""
        await self._proxy.deliveries.sockets.drop()

    def archive(self, channel: str) -> None:
        """From now on nobody writes there."""
        self._proxy.api.memory.archived.add(channel)

    async def remove(self, channel: str, ts: str) -> None:
        """Somebody with the right to deletes a message, the bot's or another."""
        await self._proxy.api.forward("chat.delete", {"channel": channel, "ts": ts})
