"""OTLP over gRPC: the method Export of TraceService."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import grpc
import grpc.aio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)

from backends.embedded.receivers.bind import listen, refused
from backends.embedded.receivers.intake import MAX_REQUEST_BYTES, MIB, ShuttingDown
from backends.embedded.receivers.rpc_status import RESOURCE_EXHAUSTED, status_bytes
from backends.embedded.refusal import StoreBusy, StoreFull
from backends.errors import BackendError
from backends.formats.decoded import NotThisFormat, TooMuch

if TYPE_CHECKING:
    from backends.embedded.receivers.intake import Intake, Taken

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"
STATUS_DETAILS = "grpc-status-details-bin"
OPTIONS = (
    ("grpc.so_reuseport", 0),  # else two servers could share a port, and each would get some of the spans
    ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
    ("grpc.max_concurrent_streams", 128),
    ("grpc.max_metadata_size", MIB // 64),
)
CLOSING = "tracewhy is stopping and takes no more spans."
FAILED = "The store could not keep these spans. Whoever runs tracewhy serve was told why."


class GrpcReceiver:
    """Listens from `start` until `stop`."""

    def __init__(self, intake: Intake, host: str, port: int) -> None:
        self._intake = intake
        self._host = host
        self.port = port
        self._server = grpc.aio.server(options=OPTIONS)
        export = grpc.unary_unary_rpc_method_handler(self._export)
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE, {"Export": export}),)
        )

    async def start(self) -> None:
        """Raises PortTaken where it cannot listen."""
        # gRPC says nothing useful of a port that is taken, and that on stderr; so the port is tried first.
        probe = listen(self._host, self.port, "OTLP over gRPC")
        self.port = probe.getsockname()[1]
        probe.close()
        try:
            self._server.add_insecure_port(f"{_bracketed(self._host)}:{self.port}")
        except RuntimeError as exc:
            raise refused(self._host, self.port, "OTLP over gRPC", OSError(0, "gRPC refused it")) from exc
        await self._server.start()

    async def stop(self, grace_s: float) -> None:
        """Accept nothing new, and finish what was accepted."""
        await self._server.stop(grace_s)

    async def _export(self, data: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        try:
            with self._intake.room() as room:
                room.take(len(data))
                taken = await self._intake.take_protobuf(data)
        except NotThisFormat as exc:
            await _refuse(context, grpc.StatusCode.INVALID_ARGUMENT, f"This is no OTLP request: {exc}.")
        except TooMuch as exc:  # senders would retry RESOURCE_EXHAUSTED
            await _refuse(context, grpc.StatusCode.INVALID_ARGUMENT, too_much(exc))
        except ShuttingDown:
            await _refuse(context, grpc.StatusCode.UNAVAILABLE, CLOSING)
        except (StoreBusy, StoreFull) as exc:
            await _try_later(context, exc)
        except BackendError:
            await _refuse(context, grpc.StatusCode.UNAVAILABLE, FAILED)
        return response(taken).SerializeToString()


def response(taken: Taken) -> ExportTraceServiceResponse:
    """What a sender is told; without `partial_success` everything was kept. With no span rejected it is a warning."""
    if not taken.note:
        return ExportTraceServiceResponse()
    return ExportTraceServiceResponse(
        partial_success=ExportTracePartialSuccess(rejected_spans=taken.rejected, error_message=taken.note)
    )


def too_much(exc: TooMuch) -> str:
    """What the sender of such a request is told."""
    return f"The request holds {exc}. Send smaller batches."


async def _try_later(context: grpc.aio.ServicerContext[bytes, bytes], exc: StoreBusy | StoreFull) -> NoReturn:
    """Senders retry RESOURCE_EXHAUSTED only with a RetryInfo."""
    details = status_bytes(RESOURCE_EXHAUSTED, str(exc), exc.retry_after_s)
    context.set_trailing_metadata(((STATUS_DETAILS, details),))
    await _refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, str(exc))


async def _refuse(
    context: grpc.aio.ServicerContext[bytes, bytes], code: grpc.StatusCode, problem: str
) -> NoReturn:
    await context.abort(code, problem)
    raise AssertionError("abort returns to nobody")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
