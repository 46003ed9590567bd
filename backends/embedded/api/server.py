"""The owner's side of the API. Each answer needs the token; nothing is read of a request before it was shown."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from backends.embedded.api.wire import (
    LONGEST_SPANS,
    MSGPACK,
    WireError,
    error_to_wire,
    found_to_wire,
    minutes_to_wire,
)
from backends.embedded.api.wire_spans import NoSpans, WireSpans, to_be_kept
from backends.embedded.receivers.body import BodyRefused, read_body
from backends.embedded.receivers.intake import MIB, ShuttingDown
from backends.errors import BackendError, BackendRefused
from backends.interface import MinutesQuery, SpanQuery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from backends.embedded.receivers.intake import Intake
    from backends.interface import Backend

LONGEST_QUESTION = MIB
LEFT = 499  # nobody reads this answer any more
SPANS = msgspec.msgpack.Decoder(WireSpans)
TEXT = msgspec.msgpack.Decoder(str)
QUERY = msgspec.msgpack.Decoder(SpanQuery)
MINUTES = msgspec.msgpack.Decoder(MinutesQuery)
REFUSALS = (
    BackendError,
    BodyRefused,
    ShuttingDown,
    msgspec.DecodeError,
    UnicodeDecodeError,
    NoSpans,
)


def api_app(backend: Backend, intake: Intake, token: str) -> Starlette:
    """The application that answers questions about the store to those who know the token."""

    async def find_trace(body: bytes) -> object:
        return await asyncio.to_thread(found_to_wire, await backend.find_trace(TEXT.decode(body)))

    async def find_spans(body: bytes) -> object:
        return await asyncio.to_thread(found_to_wire, await backend.find_spans(QUERY.decode(body)))

    async def services(_body: bytes) -> object:
        return await backend.services()

    async def operations(body: bytes) -> object:
        return await backend.operations(TEXT.decode(body))

    async def minutes(body: bytes) -> object:
        return minutes_to_wire(await backend.minutes(MINUTES.decode(body)))

    async def keep(body: bytes) -> object:
        records = await asyncio.to_thread(lambda: to_be_kept(SPANS.decode(body)))
        return await intake.keep(records)

    questions = (find_trace, find_spans, services, operations, minutes)
    bounds = dict.fromkeys(questions, LONGEST_QUESTION) | {keep: LONGEST_SPANS}
    return Starlette(
        routes=[
            Route(f"/v1/{answer.__name__}", _endpoint(answer, bound, intake, token), methods=["POST"])
            for answer, bound in bounds.items()
        ]
    )


def _endpoint(
    answer: Callable[[bytes], Awaitable[object]], max_bytes: int, intake: Intake, token: str
) -> Callable[[Request], Awaitable[Response]]:
    expected = f"Bearer {token}".encode()

    async def respond(request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(shown, expected):
            return _packed(_refused("The token is not the owner's.", "Ask again; it was renewed."), 401)
        try:
            with intake.room() as room:
                return _packed(await answer(await read_body(request, room, max_bytes)))
        except ClientDisconnect:
            return Response(status_code=LEFT)
        except REFUSALS as exc:
            return _packed(*_told(exc))

    return respond


def _told(exc: Exception) -> tuple[WireError, int]:
    """The error for the way, and its HTTP status."""
    match exc:
        case BackendError():
            return error_to_wire(exc), 422
        case BodyRefused(status=status):
            return _refused(str(exc), "Ask for less at a time."), status
        case ShuttingDown():
            return _refused("The store is stopping.", "Start it again: tracewhy serve"), 503
        case _:
            return _refused("The request is not of this API.", "Use the same version."), 400


def _packed(answer: Any, status: int = 200) -> Response:
    return Response(msgspec.msgpack.encode(answer), status, media_type=MSGPACK)


def _refused(problem: str, advice: str) -> WireError:
    return WireError(BackendRefused.__name__, problem, advice)
