"""What both receivers do with a request: find room, decode, keep, count."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from backends.embedded.kept import Kept
from backends.embedded.receivers.otlp_stored import StoredDecoder
from backends.embedded.refusal import StoreBusy
from backends.errors import BackendError
from backends.formats.decoded import Decoded, NotThisFormat
from backends.formats.json_document import refuse_too_many, why_no_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_parts import OF_A_REQUEST, Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analyzers.record import SpanRecord
    from backends.embedded.receivers.sink import Sink

MIB = 1 << 20
MAX_REQUEST_BYTES = 20 * MIB  # the Collector's own bound for a request, after decompression
RETRY_AFTER_S = 1.0
LONGEST_MESSAGE = 1_000


class ShuttingDown(Exception):
    """No more spans are taken; whoever sends them may try again later, perhaps elsewhere."""


@dataclass(frozen=True)
class Taken:
    """What became of a request's spans."""

    kept: int
    rejected: int = 0
    note: str = ""
    """Why some were rejected, and whether others are kept in part; empty where all of all of them is kept."""


@dataclass
class Tally:
    """What was received since the start."""

    kept: int = 0
    rejected: int = 0
    refused_requests: int = 0
    """Malformed, too large or too many at a time: their senders were told."""
    trouble: str = ""
    """Why the store last kept nothing though it had room in memory; senders are not told such details."""


@dataclass
class Room:
    """Bytes that one request holds of what all requests together may."""

    intake: Intake
    held_bytes: int = 0

    def take(self, n_bytes: int) -> None:
        """Hold more.

        Raises:
            StoreBusy: all requests together would hold too much.
        """
        if self.intake.waiting_bytes + n_bytes > self.intake.max_waiting_bytes:
            raise StoreBusy(RETRY_AFTER_S)
        self.intake.waiting_bytes += n_bytes
        self.held_bytes += n_bytes


@dataclass
class Intake:
    """Takes encoded spans for a sink, as much at a time as memory allows."""

    sink: Sink
    max_waiting_bytes: int = 64 * MIB
    tally: Tally = field(default_factory=Tally)
    waiting_bytes: int = 0
    closing: bool = False
    decoder: StoredDecoder = field(default_factory=StoredDecoder)
    decoding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """One request at a time: Python runs one thread at a time anyway, and each switch costs."""

    @contextmanager
    def room(self) -> Iterator[Room]:
        """Room for one request, given back when the request is answered.

        Raises:
            ShuttingDown: nothing is taken any more.
        """
        if self.closing:
            raise ShuttingDown
        room = Room(self)
        try:
            yield room
        except Exception:
            self.tally.refused_requests += 1
            raise
        finally:
            self.waiting_bytes -= room.held_bytes

    async def take_protobuf(self, data: bytes) -> Taken:
        """Keep the spans of an ExportTraceServiceRequest.

        Raises:
            NotThisFormat: it is none.
            TooMuch: it holds more than is read at a time.
            StoreBusy, StoreFull: as the sink says.
        """
        return await self._take(data, partial(_decode_protobuf, self.decoder))

    async def take_json(self, data: bytes) -> Taken:
        """The same as OTLP/JSON."""
        return await self._take(data, _decode_json)

    async def keep(self, records: Sequence[SpanRecord]) -> Kept:
        """Keep decoded spans.

        Raises:
            StoreBusy, StoreFull: as the sink says.
        """
        try:
            kept = await self.sink.keep(records)
        except StoreBusy:
            raise
        except BackendError as exc:
            self.tally.trouble = str(exc)
            raise
        self.tally.kept += len(records)
        return kept

    async def _take(self, data: bytes, decode: Callable[[bytes], Decoded]) -> Taken:
        async with self.decoding:
            decoded = await asyncio.to_thread(decode, data)
        kept = await self.keep(decoded.records) if decoded.records else Kept(0)
        self.tally.rejected += decoded.unreadable
        left_out = f"Left out: {'; '.join(decoded.reasons)}." if decoded.unreadable else ""
        in_part = f"Too long, and kept in part: texts of {kept.shortened:,} spans." if kept.shortened else ""
        note = f"{left_out[:LONGEST_MESSAGE]} {in_part}".strip()
        return Taken(len(decoded.records), decoded.unreadable, note)


def _decode_json(data: bytes) -> Decoded:
    if data.strip() in {b"", b"{}"}:
        return Decoded([])
    refuse_too_many(data)
    try:
        return decode_otlp_json(data, whole_ids=True, most=OF_A_REQUEST)
    except NotThisFormat as exc:
        raise NotThisFormat(why_no_json(data) or str(exc)) from exc


def _decode_protobuf(decoder: StoredDecoder, data: bytes) -> Decoded:
    try:
        return decoder.decode(data)
    except Broken:  # and how much it holds is not known
        raise
    except NotThisFormat:
        if _is_empty_request(data):
            return Decoded([])
        raise


def _is_empty_request(data: bytes) -> bool:
    """Whether it is a request all of which is known and which just holds no spans."""
    try:
        request = ExportTraceServiceRequest.FromString(data)
    except DecodeError:
        return False
    request.DiscardUnknownFields()  # type: ignore[attr-defined, unused-ignore] # older stubs leave it out
    return request.ByteSize() == len(data)
