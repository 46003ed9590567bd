"""`embedded:///folder`: the store in a folder, asked through its owner, or opened here where nobody owns it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from backends.embedded.api.client import OwnerClient
from backends.embedded.api.owner_file import owner_file
from backends.embedded.backend import EmbeddedBackend
from backends.embedded.folder import DATABASE
from backends.embedded.span_store import KEEP_ALL, USUAL, SpanStore
from backends.errors import BackendUnreachable, UnusableAddress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analyzers.minutes import OperationMinutes
    from analyzers.record import SpanRecord
    from backends.embedded.api.owner_file import OwnerFile
    from backends.embedded.kept import Kept
    from backends.embedded.retention import Retention
    from backends.embedded.span_store import StoreLimits
    from backends.interface import Capabilities, Found, MinutesQuery, Progress, SpanQuery

SCHEME = "embedded://"
CONNECT_S = 2.0


class OpenedStore(Protocol):
    """A store, wherever it runs."""

    async def keep(self, records: Sequence[SpanRecord]) -> Kept: ...

    async def find_trace(self, trace_id: str) -> Found: ...

    async def find_spans(self, query: SpanQuery) -> Found: ...

    async def services(self) -> tuple[str, ...]: ...

    async def operations(self, service: str) -> tuple[str, ...]: ...

    async def minutes(self, query: MinutesQuery) -> OperationMinutes: ...

    async def aclose(self) -> None: ...


class OwnStore(EmbeddedBackend):
    """A store that this process owns while it asks."""

    def __init__(self, store: SpanStore) -> None:
        super().__init__(store)
        self._own = store

    async def keep(self, records: Sequence[SpanRecord]) -> Kept:
        return await self._own.keep(records)

    async def aclose(self) -> None:
        await self._own.aclose()


class StoreInFolder:
    """The backend: who owns the store is found out with the first question."""

    def __init__(
        self,
        folder: Path,
        *,
        may_create: bool = False,
        limits: StoreLimits = USUAL,
        retention: Retention = KEEP_ALL,
    ) -> None:
        """Limits and retention are for a store that is opened here; an owner has its own."""
        self.folder = folder
        self._may_create = may_create
        self._limits, self._retention = limits, retention
        self._opening: asyncio.Task[OpenedStore] | None = None

    @property
    def name(self) -> str:
        return f"{SCHEME}{self.folder}"

    @property
    def capabilities(self) -> Capabilities:
        return EmbeddedBackend.capabilities

    async def keep(self, records: Sequence[SpanRecord]) -> Kept:
        return await (await self._opened()).keep(records)

    async def find_trace(self, trace_id: str) -> Found:
        return await (await self._opened()).find_trace(trace_id)

    async def find_spans(self, query: SpanQuery) -> Found:
        return await (await self._opened()).find_spans(query)

    async def services(self) -> tuple[str, ...]:
        return await (await self._opened()).services()

    async def operations(self, service: str) -> tuple[str, ...]:
        return await (await self._opened()).operations(service)

    async def minutes(self, query: MinutesQuery) -> OperationMinutes:
        return await (await self._opened()).minutes(query)

    async def aclose(self) -> None:
        if self._opening and not self._opening.cancel() and not self._opening.exception():
            await self._opening.result().aclose()

    async def _opened(self) -> OpenedStore:
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
        return await self._opening

    async def _open(self) -> OpenedStore:
        owner = owner_file(self.folder)
        if owner and await _listens(owner):
            return OwnerClient(self.name, owner)
        if not self._may_create and not (self.folder / DATABASE).exists():
            raise BackendUnreachable(
                f"There is no store in {self.folder} yet.",
                "Start one with `tracewhy serve` and send spans to it, or load files: tracewhy ingest FILE",
            )
        return OwnStore(await asyncio.to_thread(SpanStore.open, self.folder, self._limits, self._retention))


async def _listens(owner: OwnerFile) -> bool:
    """An owner that was killed left its file behind."""
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection("127.0.0.1", owner.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def open_embedded(url: str, environment: Mapping[str, str], progress: Progress | None) -> StoreInFolder:  # noqa: ARG001 - what every store is given
    """The store that an `embedded:` URL names.

    Raises:
        UnusableAddress: it names no folder.
    """
    path = unquote(url.partition("://")[2])
    if not path.startswith(("/", "~", ".")) or "?" in url or "\0" in path:
        raise UnusableAddress(
            "The address of an embedded store names its folder and nothing else.",
            "Write it as embedded:///path/of/the/folder.",
        )
    return StoreInFolder(Path(path).expanduser())
