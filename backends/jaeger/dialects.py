"""Jaeger's two APIs as one: the same four questions, asked each in its own words."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from backends.errors import BackendBroken
from backends.formats.decoded import Decoded, NotThisFormat
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.refusal import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.http import Answer, HttpStore
    from backends.interface import SpanQuery

T = TypeVar("T")

US_NS = 1_000
STREAM_SEAM = re.compile(rb'(?<=\})\s*(?=\{"(?:result|error)")')  # no single JSON value can hold this
FOUND_OR_NOT = (200, 404)  # 404 is how both say that there is no such trace, and v3 that nothing matched


class Dialect(Protocol):
    """One of Jaeger's APIs."""

    resolution_ns: int
    """What its times are cut down to."""

    async def trace(self, trace_id: str) -> Decoded: ...

    async def search(self, query: SpanQuery, service: str, depth: int) -> Decoded:
        """At most `depth` traces. Service, operation, window and duration are searched; the rest is up to the API."""
        ...

    async def services(self) -> list[str]: ...

    async def operations(self, service: str) -> list[str]: ...


class _Operation(msgspec.Struct):
    name: str = ""


class _V3Services(msgspec.Struct):
    services: list[str] | None = None


class _V3Operations(msgspec.Struct):
    operations: list[_Operation] | None = None


class V3:
    """`/api/v3`: OTLP in JSON under `result`, nanoseconds. Does not search attributes."""

    resolution_ns = 1

    def __init__(self, http: HttpStore) -> None:
        self._http = http

    async def trace(self, trace_id: str) -> Decoded:
        path = f"/api/v3/traces/{trace_id}"
        answer = await self._http.get(path, both_spellings({"rawTraces": "true"}), answers=FOUND_OR_NOT)
        return await self._spans(answer)

    async def search(self, query: SpanQuery, service: str, depth: int) -> Decoded:
        params = {
            "query.serviceName": service,
            "query.startTimeMin": rfc3339(query.start_ns),
            "query.startTimeMax": rfc3339(query.end_ns),
            "query.searchDepth": str(depth),
            "query.rawTraces": "true",
        }
        if query.operation is not None:
            params["query.operationName"] = query.operation
        if query.min_duration_ns > 0:
            params["query.durationMin"] = f"{query.min_duration_ns}ns"
        answer = await self._http.get("/api/v3/traces", both_spellings(params), answers=FOUND_OR_NOT)
        return await self._spans(answer)

    async def services(self) -> list[str]:
        answer = await self._http.get("/api/v3/services")
        return _read(self._http, answer, _V3Services).services or []

    async def operations(self, service: str) -> list[str]:
        answer = await self._http.get("/api/v3/operations", {"service": service}, answers=FOUND_OR_NOT)
        found = _read(self._http, answer, _V3Operations).operations or []
        return [operation.name for operation in found]

    async def _spans(self, answer: Answer) -> Decoded:
        return await _decoded(self._http, answer, decode_streamed, nothing=b'{"resourceSpans":[]}')


class _V1Services(msgspec.Struct):
    data: list[str] | None = None


class _V1Operations(msgspec.Struct):
    data: list[_Operation] | None = None


class V1:
    """`/api`: Jaeger's own JSON, microseconds. Searches attributes, as text."""

    resolution_ns = US_NS

    def __init__(self, http: HttpStore) -> None:
        self._http = http

    async def trace(self, trace_id: str) -> Decoded:
        answer = await self._http.get(f"/api/traces/{trace_id}", {"raw": "true"}, answers=FOUND_OR_NOT)
        return await self._spans(answer)

    async def search(self, query: SpanQuery, service: str, depth: int) -> Decoded:
        params = {
            "service": service,
            "start": str(query.start_ns // US_NS),
            "end": str(-(-query.end_ns // US_NS)),
            "limit": str(depth),
            "raw": "true",
        }
        if query.operation is not None:
            params["operation"] = query.operation
        if query.min_duration_ns >= US_NS:
            params["minDuration"] = f"{query.min_duration_ns // US_NS}us"
        if tags := searchable_tags(query):
            params["tags"] = json.dumps(tags)
        return await self._spans(await self._http.get("/api/traces", params, answers=FOUND_OR_NOT))

    async def services(self) -> list[str]:
        answer = await self._http.get("/api/services")
        return _read(self._http, answer, _V1Services).data or []

    async def operations(self, service: str) -> list[str]:
        answer = await self._http.get("/api/operations", {"service": service})
        return [operation.name for operation in _read(self._http, answer, _V1Operations).data or []]

    async def _spans(self, answer: Answer) -> Decoded:
        decoded = await _decoded(self._http, answer, decode_jaeger_json, nothing=b'{"data":[]}')
        if answer.status != 404 and b'"errors":[' in answer.body[-4096:]:  # beside the data, at the end
            problem = f"{self._http.name} reported a problem beside its answer.{quoted(answer.body)}"
            decoded = replace(decoded, reasons=(*decoded.reasons, problem))
        return decoded


def cut_to(query: SpanQuery, resolution_ns: int) -> SpanQuery:
    """The query as it applies to spans whose times were cut down to that resolution, so that none is lost."""
    return replace(
        query,
        start_ns=query.start_ns // resolution_ns * resolution_ns,
        min_duration_ns=query.min_duration_ns // resolution_ns * resolution_ns,
    )


def searchable_tags(query: SpanQuery) -> dict[str, str]:
    """The attributes that Jaeger finds by their text.

    It writes lists and maps in other ways than we do, and does not index the scope's name, though it shows it, nor
    the service's.
    """
    return {
        key: value
        for key, value in query.attributes
        if not value.startswith(("[", "{")) and not key.startswith(("otel.", "service.name"))
    }


def both_spellings(params: dict[str, str]) -> dict[str, str]:
    """Each parameter in camelCase, for newer servers, and in snake_case; the server ignores what it does not know."""
    spelled = dict(params)
    for name, value in params.items():
        spelled["".join(f"_{char.lower()}" if char.isupper() else char for char in name)] = value
    if "query.searchDepth" in params:
        spelled["query.num_traces"] = params["query.searchDepth"]  # its older name
    return spelled


def rfc3339(time_ns: int) -> str:
    """The instant with all its nanoseconds."""
    seconds, rest_ns = divmod(time_ns, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest_ns:09d}Z"


def decode_streamed(body: bytes) -> Decoded:
    """The spans of a v3 answer, which may be one object or a stream of them, one after the other."""
    parts = [decode_otlp_json(part) for part in STREAM_SEAM.split(body)]
    return Decoded(
        records=[span for part in parts for span in part.records],
        unreadable=sum(part.unreadable for part in parts),
        reasons=tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)),
    )


async def _decoded(
    http: HttpStore, answer: Answer, decode: Callable[[bytes], Decoded], nothing: bytes
) -> Decoded:
    """The spans of an answer, decoded beside the event loop, since a large one takes a while; reasons as sentences."""
    try:
        decoded = await asyncio.to_thread(decode, nothing if answer.status == 404 else answer.body)
    except NotThisFormat as exc:
        raise BackendBroken(
            f"{http.name} sent traces that cannot be read: {exc}.",
            "If only long answers fail, something on the way cuts them: ask for a shorter period.",
        ) from exc
    sentences = tuple(f"{http.name}: a span was left out: {reason}." for reason in decoded.reasons)
    return replace(decoded, reasons=sentences)


def _read(http: HttpStore, answer: Answer, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(b"{}" if answer.status == 404 else answer.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise BackendBroken(
            f"{http.name} sent names in a form that cannot be read.",
            "Check that Jaeger's query service answers at this address, and not something else.",
        ) from exc
