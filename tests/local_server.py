"""An HTTP server on a free loopback port that answers byte for byte as a test says, well or badly."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Awaitable, Callable
    from ssl import SSLContext


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


@dataclass
class LocalServer:
    """`async with LocalServer(respond) as server: ... server.port`. `respond` writes the whole answer itself."""

    respond: Callable[[Request, StreamWriter], Awaitable[None]]
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    tls: SSLContext | None = None
    _conversations: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> LocalServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        conversation = asyncio.current_task()
        assert conversation
        self._conversations.add(conversation)
        # The other side may leave at any moment: that is what these tests are about.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            try:
                first = await reader.readexactly(1)
                # What begins with no letter is not HTTP, a TLS greeting for example, and is answered at once.
                head = await reader.readuntil(b"\r\n\r\n") if first.isalpha() else b" /\r\n\r\n"
                request = _parsed(first + head)
                self.requests.append(request)
                await self.respond(request, writer)
                await writer.drain()
            finally:
                writer.close()
                await writer.wait_closed()


def _parsed(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    parts = urlsplit(first.split(" ")[1])
    return Request(
        path=unquote(parts.path),
        params={key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()},
        headers={name.lower(): value for name, _, value in (line.partition(": ") for line in lines)},
    )


def response(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A well-formed answer; header names are written with underscores."""
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"content-length: {len(body)}",
        "connection: close",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
