"""A receiver of OTLP over gRPC that keeps all it gets in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from analyzers.builder import build_table
from backends.formats.otlp_protobuf import decode_otlp_protobuf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.table import SpanTable

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"


class Sink:
    """Requests as they came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.requests: list[bytes] = []

    def table(self) -> SpanTable:
        """All spans received so far."""
        return build_table(
            [record for each in self.requests for record in decode_otlp_protobuf(each).records]
        )


@contextmanager
def running_sink() -> Iterator[Sink]:
    server = grpc.server(ThreadPoolExecutor(4))
    sink = Sink(server.add_insecure_port("127.0.0.1:0"))

    def keep(content: bytes, _context: Any) -> ExportTraceServiceResponse:
        sink.requests.append(content)
        return ExportTraceServiceResponse()

    handler = grpc.unary_unary_rpc_method_handler(
        keep, response_serializer=ExportTraceServiceResponse.SerializeToString
    )
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Export": handler}),))
    server.start()
    try:
        yield sink
    finally:
        server.stop(None).wait()
