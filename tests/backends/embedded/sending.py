"""Requests as exporters make them, and a sink that remembers."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from backends.embedded.kept import Kept
from backends.embedded.receivers.grpc import GrpcReceiver
from backends.embedded.receivers.http import otlp_app
from backends.embedded.receivers.http_server import HttpServer
from backends.embedded.receivers.intake import Intake

if TYPE_CHECKING:
    import asyncio

START_NS = 1_795_183_511_000_000_000
PROTOBUF = "application/x-protobuf"
JSON = "application/json"


@dataclass
class RememberingSink:
    """Keeps spans in memory, or raises what it is told to raise; `gate` holds `keep` back while it is not set."""

    kept: list = field(default_factory=list)
    error: Exception | None = None
    shortened: int = 0
    gate: asyncio.Event | None = None
    reached: asyncio.Event | None = None

    async def keep(self, records):
        if self.reached:
            self.reached.set()
        if self.gate:
            await self.gate.wait()
        if self.error:
            raise self.error
        self.kept += list(records)
        return Kept(len(records), self.shortened)


def request_of(n_spans, service="cart", **changed):
    """Spans of one trace; `changed` is set on the first of them."""
    spans = [
        Span(
            trace_id=b"\xab" * 16,
            span_id=number.to_bytes(8),
            name="GET /cart",
            kind=2,
            start_time_unix_nano=START_NS,
            end_time_unix_nano=START_NS + 1_000,
            attributes=[KeyValue(key="user.id", value=AnyValue(string_value="42"))],
        )
        for number in range(1, n_spans + 1)
    ]
    spans[:1] = [Span.FromString(spans[0].SerializeToString() + Span(**changed).SerializeToString())]
    part = ResourceSpans(scope_spans=[ScopeSpans(spans=spans)])
    part.resource.attributes.add(key="service.name").value.string_value = service
    return ExportTraceServiceRequest(resource_spans=[part])


@asynccontextmanager
async def http_receiver(sink, **options):
    """An HTTP receiver on a free port, and its intake."""
    intake = Intake(sink, **options)
    server = HttpServer(otlp_app(intake), "127.0.0.1", 0, "OTLP over HTTP")
    await server.start()
    try:
        yield server, intake
    finally:
        await server.stop(1)


@asynccontextmanager
async def grpc_receiver(sink, **options):
    """A gRPC receiver on a free port, and its intake."""
    intake = Intake(sink, **options)
    server = GrpcReceiver(intake, "127.0.0.1", 0)
    await server.start()
    try:
        yield server, intake
    finally:
        await server.stop(1)
