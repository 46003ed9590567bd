"""Asks one question of one backend in an event loop of its own."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, TypeVar

import pytest

from backends.errors import BackendError
from backends.http import Patience
from backends.jaeger.opening import open_jaeger
from tests.local_server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from analyzers.table import SpanTable
    from backends.interface import Backend

T = TypeVar("T")

ARRIVAL_S = 60
AT_ONCE = Patience(timeout_s=20, attempts=3, first_wait_s=0, longest_wait_s=0)


def asked(open_backend: Callable[[], Backend], question: Callable[[Backend], Awaitable[T]]) -> T:
    """The answer; the backend is opened for it and closed after it."""

    async def ask() -> T:
        backend = open_backend()
        try:
            return await question(backend)
        finally:
            await backend.aclose()

    return asyncio.run(ask())


async def arrived(backend: Backend, trace_id: str, n_spans: int) -> SpanTable:
    """The trace, once so many of its spans can be read: servers store what they take a moment later."""
    async with asyncio.timeout(ARRIVAL_S):
        while len((answer := await backend.find_trace(trace_id)).spans) < n_spans:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.02)
        return answer.spans


def asked_jaeger(
    respond, question, url="jaeger://127.0.0.1:{port}", environment=None, patience=AT_ONCE, tls=None
):
    """The answer of a Jaeger adapter before a server that answers with `respond`, and what the server was asked."""

    async def ask():
        async with LocalServer(respond, tls=tls) as server:
            backend = open_jaeger(url.format(port=server.port), environment or {}, patience=patience)
            try:
                return await question(backend), server.requests
            finally:
                await backend.aclose()

    return asyncio.run(ask())


def failure_before(respond, question=lambda backend: backend.services(), **how):
    """The BackendError that the question ends with before such a server."""
    with pytest.raises(BackendError) as caught:
        asked_jaeger(respond, question, **how)
    return caught.value


def always(answer: bytes):
    """A server that sends these bytes whatever it is asked."""

    async def respond(request, writer):
        writer.write(answer)

    return respond


ask_services = functools.partial(asked_jaeger, question=lambda backend: backend.services())
