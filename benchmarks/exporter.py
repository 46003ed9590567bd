"""A client that exports spans of a shop over OTLP gRPC, its requests made beforehand: a process of its own.

`python -m benchmarks.exporter PORT SPANS AT_ONCE SPANS_A_REQUEST`: prints `ready`, waits for a line, exports, and prints how many spans
were acknowledged, how often it was told to come back, and how many seconds it took.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from benchmarks.workload import EPOCH_NS, OPERATIONS, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
SPANS_OF_A_PROCESS = 512
"""In a row; then another one's follow."""
SPANS_A_TRACE = 20
NS_A_SPAN = 20_000
"""As if 50,000 a second had run."""


RETRYABLE = {grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE}
BACK_OFF_S = 0.05
"""Far less than it is asked for: a client without manners."""


@dataclass
class Exported:
    """What became of the requests."""

    spans_a_request: int
    acknowledged: int = 0
    refused: int = 0


def requests(n_spans: int, spans_a_request: int) -> list[bytes]:
    """Export requests with that many spans, about 500 bytes each."""
    return [_request(begin, spans_a_request) for begin in range(0, n_spans, spans_a_request)]


def _request(first: int, count: int) -> bytes:
    request = ExportTraceServiceRequest()
    for begin in range(first, first + count, SPANS_OF_A_PROCESS):
        _add_spans(request, begin, min(SPANS_OF_A_PROCESS, first + count - begin))
    return request.SerializeToString()


def _add_spans(request: ExportTraceServiceRequest, begin: int, count: int) -> None:
    """Spans of one process."""
    part = request.resource_spans.add()
    service = SERVICES[begin // SPANS_OF_A_PROCESS % len(SERVICES)]
    for key, value in (
        ("service.name", service),
        ("service.version", "1.4.2"),
        ("host.name", f"{service}-1"),
    ):
        part.resource.attributes.add(key=key).value.string_value = value
    group = part.scope_spans.add()
    group.scope.name = "opentelemetry.instrumentation.flask"
    for number in range(begin, begin + count):
        trace = (number // SPANS_A_TRACE + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128
        start_ns = EPOCH_NS + number * NS_A_SPAN
        span = group.spans.add(
            trace_id=trace.to_bytes(16),
            span_id=(number + 1).to_bytes(8),
            parent_span_id=b"" if number % SPANS_A_TRACE == 0 else number.to_bytes(8),
            name=OPERATIONS[number % len(OPERATIONS)],
            kind=2,
            start_time_unix_nano=start_ns,
            end_time_unix_nano=start_ns + 1_000_000 + number * 7_919 % 90_000_000,
        )
        for key, value in (
            ("http.request.method", "GET"),
            ("url.scheme", "http"),
            ("url.path", f"/product/{number % 5_003}"),
            ("http.route", "/product/{id}"),
            ("server.address", "frontend.shop.svc"),
            ("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"),
            ("network.peer.address", "10.1.2.3"),
            ("user.id", f"u{number * 7 % 100_003}"),
        ):
            span.attributes.add(key=key).value.string_value = value
        span.attributes.add(key="http.response.status_code").value.int_value = 200
        span.attributes.add(key="server.port").value.int_value = 8_080


async def export(port: int, bodies: list[bytes], at_once: int, spans_a_request: int) -> Exported:
    """Send each until it is acknowledged, as exporters do."""
    done, waiting = Exported(spans_a_request), iter(bodies)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(EXPORT, response_deserializer=ExportTraceServiceResponse.FromString)
        await asyncio.gather(*(_export_all(call, waiting, done) for _ in range(at_once)))
    return done


async def _export_all(call: Any, waiting: Iterator[bytes], done: Exported) -> None:
    for body in waiting:
        while True:
            try:
                answer = await call(body)
            except grpc.aio.AioRpcError as exc:
                if exc.code() not in RETRYABLE:
                    raise
                done.refused += 1
                await asyncio.sleep(BACK_OFF_S)
            else:
                done.acknowledged += done.spans_a_request - answer.partial_success.rejected_spans
                break


def main(port: int, n_spans: int, at_once: int, spans_a_request: int) -> None:
    bodies = requests(n_spans, spans_a_request)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    done = asyncio.run(export(port, bodies, at_once, spans_a_request))
    print(done.acknowledged, done.refused, time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
