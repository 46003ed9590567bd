"""OTLP over gRPC: what is kept, and what senders are told."""

import asyncio

import grpc
import grpc.aio
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from backends.embedded.receivers.bind import PortTaken
from backends.embedded.receivers.grpc import GrpcReceiver
from backends.embedded.receivers.intake import MIB
from backends.embedded.refusal import StoreBusy
from backends.errors import BackendError
from tests.backends.embedded.sending import RememberingSink, grpc_receiver, request_of

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def sent(request, sink=None, compression=None, options=None):
    """The answer to one request, and the sink after it."""
    sink = sink or RememberingSink()

    async def send():
        async with (
            grpc_receiver(sink, **(options or {})) as (server, _),
            grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
        ):
            return await TraceServiceStub(channel).Export(request, compression=compression)

    return asyncio.run(send()), sink


def refusal(data, sink=None, compression=None, options=None, closing=False):
    """The error that a raw request meets."""

    async def send():
        async with (
            grpc_receiver(sink or RememberingSink(), **(options or {})) as (server, intake),
            grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
        ):
            intake.closing = closing
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await channel.unary_unary(EXPORT)(data, compression=compression)
            return caught.value

    return asyncio.run(send())


def details(error):
    """The google.rpc.Status that came with an error."""
    return Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])


@pytest.mark.parametrize("compression", [None, grpc.Compression.Gzip])
def test_spans_are_kept_before_the_answer(compression):
    answer, sink = sent(request_of(3), compression=compression)

    assert not answer.HasField("partial_success")
    assert len(sink.kept) == 3


def test_unreadable_spans_are_rejected_and_the_others_kept():
    answer, sink = sent(request_of(3, trace_id=b"\x01" * 17))

    assert answer.partial_success.rejected_spans == 1
    assert "trace id" in answer.partial_success.error_message
    assert len(sink.kept) == 2


def test_a_malformed_request_is_an_invalid_argument():
    error = refusal(b"\xff\xff\xff")

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error.details().startswith("This is no OTLP request: ")


def test_a_request_with_more_parts_than_are_read_is_not_to_be_sent_again():
    error = refusal(b"\x0a\x00" * 150_000)

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert (
        error.details() == "The request holds more than 100,000 resources and scopes. Send smaller batches."
    )


def test_a_busy_store_asks_to_try_again():
    error = refusal(request_of(1).SerializeToString(), RememberingSink(error=StoreBusy(2.5)))

    retry = RetryInfo()
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details(error).details[0].Unpack(retry)
    assert retry.retry_delay.ToMilliseconds() == 2_500


def test_a_store_that_fails_is_unavailable_without_its_details():
    sink = RememberingSink(error=BackendError("The file /secret broke.", "Mend it."))

    error = refusal(request_of(1).SerializeToString(), sink)

    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert "/secret" not in error.details()


def test_more_at_a_time_than_memory_allows_asks_to_try_again():
    error = refusal(request_of(100).SerializeToString(), options={"max_waiting_bytes": 100})

    assert details(error).code == grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]
    assert len(details(error).details) == 1


@pytest.mark.parametrize("compression", [None, grpc.Compression.Gzip])
def test_a_request_that_is_too_large_shall_not_come_again(compression):
    error = refusal(bytes(25 * MIB), compression=compression)

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "grpc-status-details-bin" not in dict(error.trailing_metadata())


def test_while_stopping_nothing_is_taken():
    error = refusal(request_of(1).SerializeToString(), closing=True)

    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert "stopping" in error.details()


def test_a_port_that_is_taken_is_named():
    async def start_twice():
        async with grpc_receiver(RememberingSink()) as (server, intake):
            with pytest.raises(PortTaken) as caught:
                await GrpcReceiver(intake, "127.0.0.1", server.port).start()
            return server.port, caught.value

    port, error = asyncio.run(start_twice())

    assert f"port {port} of 127.0.0.1: another program does" in error.problem
    assert "--grpc-port" in error.advice


def test_an_sdk_exports_as_it_is():
    async def export():
        sink = RememberingSink()
        async with grpc_receiver(sink) as (server, _):
            await asyncio.to_thread(work_and_export, f"http://127.0.0.1:{server.port}")
        return sink.kept

    spans = asyncio.run(export())

    assert [(span.service, span.operation) for span in spans] == [("shop", "process_order")]
    assert dict(spans[0].reader.attributes(spans[0].source))["order.id"] == "7"
    assert [event.name for event in spans[0].reader.events(spans[0].source)] == ["exception"]


def work_and_export(endpoint):
    provider = TracerProvider(resource=Resource({"service.name": "shop"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint, insecure=True)))
    with provider.get_tracer("shop").start_as_current_span("process_order") as span:
        span.set_attribute("order.id", 7)
        span.record_exception(ValueError("no such order"))
    provider.shutdown()
