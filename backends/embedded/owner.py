"""The process that owns a store: its receivers and its API, from start to stop."""

from __future__ import annotations

import os
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from backends.embedded.api.owner_file import VERSION, OwnerFile, written
from backends.embedded.api.server import api_app
from backends.embedded.receivers.grpc import GrpcReceiver
from backends.embedded.receivers.http import otlp_app
from backends.embedded.receivers.http_server import HttpServer
from backends.embedded.receivers.intake import MIB, Intake
from backends.embedded.receivers.sink import Sink

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from backends.embedded.receivers.intake import Tally
    from backends.embedded.settling import MeasureSelfTimes
    from backends.interface import Backend

LOOPBACK = "127.0.0.1"
TOKEN_BYTES = 32
ASKED_BYTES = 64 * MIB


class OwnedStore(Sink, Protocol):
    """What is owned: it keeps spans, forgets old ones, and is closed at the end."""

    async def retire(self, now_ns: int) -> int: ...

    async def settle(self, measure: MeasureSelfTimes) -> int: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class Listening:
    """Where spans shall be received, and how much of them at a time."""

    host: str
    grpc_port: int
    http_port: int
    max_waiting_bytes: int
    drain_s: float


class Owner:
    """`async with Owner(...) as owner:` receives spans until the block ends; what was begun then is finished first."""

    def __init__(
        self,
        folder: Path,
        store: OwnedStore,
        backend: Backend,
        listening: Listening,
        measure: MeasureSelfTimes,
    ) -> None:
        self.folder = folder
        self.backend = backend
        self._measure = measure
        self.host = listening.host
        self._store = store
        self._drain_s = listening.drain_s
        self._intake = Intake(store, listening.max_waiting_bytes)
        # Questions have room of their own: they are answered while senders are told to wait.
        self._asked = Intake(store, ASKED_BYTES, self._intake.tally)
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._grpc = GrpcReceiver(self._intake, listening.host, listening.grpc_port)
        self._http = HttpServer(otlp_app(self._intake), listening.host, listening.http_port, "OTLP over HTTP")
        self._api = HttpServer(
            api_app(backend, self._asked, self._token), LOOPBACK, 0, "The API of the store"
        )
        self._running = AsyncExitStack()

    @property
    def grpc_port(self) -> int:
        return self._grpc.port

    @property
    def http_port(self) -> int:
        return self._http.port

    @property
    def tally(self) -> Tally:
        return self._intake.tally

    async def retire(self, now_ns: int) -> int:
        """Forget what is older, or takes more room, than it may; how many spans that were."""
        return await self._store.retire(now_ns)

    async def settle(self) -> int:
        """Count the self times of traces that were quiet since this was called last; how many traces that were."""
        return await self._store.settle(self._measure)

    async def __aenter__(self) -> Owner:
        """Raises PortTaken where a port is; nothing listens then."""
        try:
            self._running.push_async_callback(self._store.aclose)
            for server in (self._grpc, self._http, self._api):
                await server.start()
                self._running.push_async_callback(server.stop, self._drain_s)
            owner = OwnerFile(VERSION, self._api.port, self._token, os.getpid())
            self._running.enter_context(written(self.folder, owner))
        except BaseException:
            await self._running.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The servers stop before the store closes: whoever was answered has the spans on the disk."""
        self._intake.closing = self._asked.closing = True
        await self._running.aclose()
