"""A store that another process owns, asked through that process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import httpx
import msgspec

from backends.embedded.api.wire import (
    LONGEST_SPANS,
    MSGPACK,
    WireError,
    WireFound,
    WireMinutes,
    error_from_wire,
    found_from_wire,
    minutes_from_wire,
)
from backends.embedded.api.wire_spans import NoSpans, to_wire
from backends.embedded.kept import Kept
from backends.errors import BackendBroken, BackendTimeout, BackendUnreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.minutes import OperationMinutes
    from analyzers.record import SpanRecord
    from backends.embedded.api.owner_file import OwnerFile
    from backends.interface import Found, MinutesQuery, SpanQuery

T = TypeVar("T")

ANSWER_S = 60.0
CONNECT_S = 5.0
GONE = "Look whether `tracewhy serve` still runs, and start it again if not."


class OwnerClient:
    """The questions of a backend, put to the owner of a store; and spans to keep."""

    def __init__(self, name: str, owner: OwnerFile) -> None:
        self._name = name
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{owner.port}/v1/",
            headers={"authorization": f"Bearer {owner.token}", "content-type": MSGPACK},
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            trust_env=False,
        )

    async def find_trace(self, trace_id: str) -> Found:
        return await self._found("find_trace", msgspec.msgpack.encode(trace_id))

    async def find_spans(self, query: SpanQuery) -> Found:
        return await self._found("find_spans", msgspec.msgpack.encode(query))

    async def services(self) -> tuple[str, ...]:
        return await self._ask("services", msgspec.msgpack.encode(None), tuple[str, ...])

    async def operations(self, service: str) -> tuple[str, ...]:
        return await self._ask("operations", msgspec.msgpack.encode(service), tuple[str, ...])

    async def minutes(self, query: MinutesQuery) -> OperationMinutes:
        return minutes_from_wire(await self._ask("minutes", msgspec.msgpack.encode(query), WireMinutes))

    async def keep(self, records: Sequence[SpanRecord]) -> Kept:
        """Return once the owner has the spans on its disk.

        Raises:
            StoreBusy, StoreFull: not all were kept; those that were stay once when they come again.
        """
        body = await asyncio.to_thread(lambda: msgspec.msgpack.encode(to_wire(records)))
        if len(body) <= LONGEST_SPANS or len(records) <= 1:
            return await self._ask("keep", body, Kept)
        half = len(records) // 2
        first, second = await self.keep(records[:half]), await self.keep(records[half:])
        return Kept(first.spans + second.spans, first.shortened + second.shortened)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _found(self, question: str, body: bytes) -> Found:
        wire = await self._ask(question, body, WireFound)
        try:
            return await asyncio.to_thread(found_from_wire, wire)
        except NoSpans as exc:
            raise self._broken() from exc

    async def _ask(self, question: str, body: bytes, kind: type[T]) -> T:
        """The owner's answer.

        Raises:
            BackendError: there is none.
        """
        try:
            answer = await self._client.post(question, content=body)
        except httpx.TimeoutException as exc:
            raise BackendTimeout(
                f"{self._name} did not answer within {ANSWER_S:.0f} s.", "Ask for a shorter period."
            ) from exc
        except httpx.HTTPError as exc:
            raise BackendUnreachable(f"The owner of {self._name} does not answer.", GONE) from exc
        return self._decoded(answer, kind)

    def _decoded(self, answer: httpx.Response, kind: type[T]) -> T:
        try:
            if answer.status_code != httpx.codes.OK:
                raise error_from_wire(msgspec.msgpack.decode(answer.content, type=WireError))
            return msgspec.msgpack.decode(answer.content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise self._broken() from exc

    def _broken(self) -> BackendBroken:
        return BackendBroken(f"What answers for {self._name} is not tracewhy.", GONE)
