"""OTLP over HTTP: POST /v1/traces, protobuf or JSON, answered in the form in which it was asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from google.protobuf.json_format import MessageToDict
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from backends.embedded.receivers.body import BodyRefused, read_body
from backends.embedded.receivers.grpc import CLOSING, FAILED, response, too_much
from backends.embedded.receivers.intake import RETRY_AFTER_S, ShuttingDown
from backends.embedded.receivers.rpc_status import (
    INTERNAL,
    INVALID_ARGUMENT,
    RESOURCE_EXHAUSTED,
    UNAVAILABLE,
    UNIMPLEMENTED,
    status_bytes,
    status_json,
)
from backends.embedded.refusal import StoreBusy, StoreFull
from backends.errors import BackendError
from backends.formats.decoded import NotThisFormat, TooMuch

if TYPE_CHECKING:
    from starlette.requests import Request

    from backends.embedded.receivers.intake import Intake, Taken

PROTOBUF, JSON = "application/x-protobuf", "application/json"
CODES = {
    400: INVALID_ARGUMENT,
    408: UNAVAILABLE,
    413: RESOURCE_EXHAUSTED,
    415: UNIMPLEMENTED,
    429: RESOURCE_EXHAUSTED,
    503: UNAVAILABLE,
}
WRONG_TYPE = f"Send OTLP as {PROTOBUF} or {JSON}."
LEFT = 499  # nobody reads this answer any more
Problem: TypeAlias = tuple[int, str, float | None]


def otlp_app(intake: Intake) -> Starlette:
    """The application that takes spans for the intake."""

    async def export(request: Request) -> Response:
        form = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if form not in {PROTOBUF, JSON}:
            return _refusal((415, WRONG_TYPE, None), PROTOBUF)
        try:
            return _accepted(await _take(request, intake, form), form)
        except ClientDisconnect:
            return Response(status_code=LEFT)
        except (BodyRefused, NotThisFormat, ShuttingDown, BackendError) as exc:
            return _refusal(_problem(exc), form)

    return Starlette(routes=[Route("/v1/traces", export, methods=["POST"])])


async def _take(request: Request, intake: Intake, form: str) -> Taken:
    with intake.room() as room:
        body = await read_body(request, room)
        try:
            return await (intake.take_json(body) if form == JSON else intake.take_protobuf(body))
        except TooMuch as exc:
            raise BodyRefused(413, too_much(exc)) from exc


def _problem(exc: Exception) -> Problem:
    """HTTP status, message and, where the sender shall try again, when."""
    match exc:
        case BodyRefused(status=status):
            return status, str(exc), None
        case NotThisFormat():
            return 400, f"This is no OTLP request: {exc}.", None
        case StoreBusy(retry_after_s=seconds):
            return 429, str(exc), seconds
        case StoreFull(retry_after_s=seconds):
            return 503, str(exc), seconds
        case BackendError():
            return 503, FAILED, RETRY_AFTER_S
        case _:
            return 503, CLOSING, RETRY_AFTER_S


def _accepted(taken: Taken, form: str) -> Response:
    message = response(taken)
    if form == PROTOBUF:
        return Response(message.SerializeToString(), media_type=PROTOBUF)
    return Response(msgspec.json.encode(MessageToDict(message)), media_type=JSON)


def _refusal(problem: Problem, form: str) -> Response:
    status, message, retry_after_s = problem
    headers = {} if retry_after_s is None else {"retry-after": str(max(1, math.ceil(retry_after_s)))}
    code = CODES.get(status, INTERNAL)
    body = (
        msgspec.json.encode(status_json(code, message))
        if form == JSON
        else status_bytes(code, message, retry_after_s)
    )
    return Response(body, status, headers=headers, media_type=form)
