"""The body of a request, decompressed, and bounded on the way."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

from backends.embedded.receivers.intake import MAX_REQUEST_BYTES

if TYPE_CHECKING:
    from starlette.requests import Request

    from backends.embedded.receivers.intake import Room

ARRIVAL_S = 30.0
"""How long a body may take to arrive."""
ENCODINGS = {"": None, "identity": None, "gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class BodyRefused(Exception):
    """The body cannot be taken: the HTTP status, and why."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


async def read_body(request: Request, room: Room, max_bytes: int = MAX_REQUEST_BYTES) -> bytes:
    """The whole body as it was before compression.

    Raises:
        BodyRefused: too large, too slow, damaged, or of an encoding that is not known.
        StoreBusy: there is no room for it now.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise BodyRefused(415, "The content encoding is not known. Send gzip, or no encoding.")
    packed = await _arrived(request, room, max_bytes)
    window = ENCODINGS[encoding]
    return packed if window is None else await asyncio.to_thread(_unpacked, packed, window, room, max_bytes)


async def _arrived(request: Request, room: Room, max_bytes: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(ARRIVAL_S):
            async for chunk in request.stream():
                room.take(len(chunk))
                body += chunk
                if len(body) > max_bytes:
                    raise _too_large(max_bytes)
    except TimeoutError as exc:
        raise BodyRefused(408, f"The body did not arrive within {ARRIVAL_S:.0f} s.") from exc
    return bytes(body)


def _unpacked(packed: bytes, window: int, room: Room, max_bytes: int) -> bytes:
    """Never more than `max_bytes`, whatever a bomb holds."""
    unpacking = zlib.decompressobj(window)
    try:
        body = unpacking.decompress(packed, max_bytes + 1)
    except zlib.error as exc:
        raise BodyRefused(400, "The compressed body is damaged.") from exc
    if len(body) > max_bytes:
        raise _too_large(max_bytes)
    if not unpacking.eof:
        raise BodyRefused(400, "The compressed body ends too early.")
    room.take(len(body))
    return body


def _too_large(max_bytes: int) -> BodyRefused:
    return BodyRefused(
        413, f"A request may have {max_bytes >> 20} MiB after decompression. Send smaller batches."
    )
