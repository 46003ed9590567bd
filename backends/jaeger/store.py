"""What the registry knows about Jaeger. httpx is imported when a Jaeger is asked: files need none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backends.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.interface import Backend, Progress

DEFAULT_PORT = {"jaeger": 16686, "jaeger+http": 16686, "jaeger+https": 443}


def _open(url: str, environment: Mapping[str, str], progress: Progress | None) -> Backend:
    from backends.jaeger.opening import open_jaeger  # noqa: PLC0415 - see the module's first line

    return open_jaeger(url, environment, progress)


STORE = Store(schemes=tuple(DEFAULT_PORT), example="jaeger://127.0.0.1:16686", open=_open)
