"""An HTTP server within this event loop, without signal handlers and logs of its own."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import uvicorn

from backends.embedded.receivers.bind import listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

KEEP_ALIVE_S = 75
MOST_CONNECTIONS = 512


class HttpServer:
    """Serves an ASGI application from `start` until `stop`."""

    def __init__(self, app: Any, host: str, port: int, what: str) -> None:
        self._host = host
        self._what = what
        self._app = app
        self.port = port

    async def start(self) -> None:
        """Raises PortTaken where it cannot listen."""
        self._socket = listen(self._host, self.port, self._what)
        self.port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            limit_concurrency=MOST_CONNECTIONS,
        )
        self._server = _Quiet(config)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.ready.wait()

    async def stop(self, grace_s: float) -> None:
        """Accept nothing new, and finish what was accepted."""
        self._server.config.timeout_graceful_shutdown = max(1, round(grace_s))
        self._server.should_exit = True
        await self._serving


class _Quiet(uvicorn.Server):
    """Leaves signals to whoever owns the process, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
