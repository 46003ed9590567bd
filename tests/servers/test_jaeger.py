"""A real Jaeger, filled by the real OpenTelemetry SDK, read through our adapter."""

import pytest
from opentelemetry import trace as otel
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from analyzers.table import Kind, Status
from backends.errors import BackendBroken
from backends.interface import SpanQuery
from backends.jaeger.opening import open_jaeger
from tests.backends.asking import AT_ONCE, arrived, asked
from tests.servers.jaeger import running_jaeger

pytestmark = pytest.mark.server

BEGIN_NS = 1_700_000_000_123_456_789  # no round number in any unit


@pytest.fixture
def tracer(jaeger):
    """A tracer whose spans reach Jaeger when the provider is shut down, as at the end of a program."""
    exporter = OTLPSpanExporter(endpoint=f"127.0.0.1:{jaeger.otlp_grpc_port}", insecure=True)
    provider = TracerProvider(resource=Resource({"service.name": "shop", "host.name": "web-1"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    yield provider.get_tracer("tests.servers", "1.0")
    provider.shutdown()


def sent_trace(tracer):
    """Sends a server span with a failed call in it; gives back their trace id and the two span ids."""
    root = tracer.start_span("GET /cart", kind=otel.SpanKind.SERVER, start_time=BEGIN_NS)
    call = tracer.start_span(
        "SELECT items",
        context=otel.set_span_in_context(root),
        kind=otel.SpanKind.CLIENT,
        attributes={"db.rows": 3, "db.share": 0.25, "db.cached": False},
        start_time=BEGIN_NS + 1,
    )
    call.record_exception(ValueError("no such table"), timestamp=BEGIN_NS + 2)
    call.set_status(otel.StatusCode.ERROR, "no such table")
    call.end(end_time=BEGIN_NS + 1_000_000_002)
    root.end(end_time=BEGIN_NS + 1_000_000_003)
    tracer.span_processor.force_flush()
    return f"{root.context.trace_id:032x}", root.context.span_id, call.context.span_id


def read_back(jaeger, trace_id):
    """The trace as our adapter reads it, once both spans are there."""
    return asked(
        lambda: open_jaeger(jaeger.url, {}, patience=AT_ONCE),
        lambda backend: arrived(backend, trace_id, n_spans=2),
    )


def test_spans_of_the_sdk_come_back_to_the_nanosecond(jaeger, tracer):
    trace_id, root_id, call_id = sent_trace(tracer)

    spans = read_back(jaeger, trace_id)

    assert spans.trace_ids == (trace_id,)
    assert spans.span_id.tolist() == [root_id, call_id]
    assert spans.parent_id.tolist() == [0, root_id]
    assert spans.start_ns.tolist() == [BEGIN_NS, BEGIN_NS + 1]
    assert spans.duration_ns.tolist() == [1_000_000_003, 1_000_000_001]


def test_what_the_sdk_says_about_a_span_comes_back(jaeger, tracer):
    trace_id, _, _ = sent_trace(tracer)

    spans = read_back(jaeger, trace_id)

    assert spans.services == ("shop",)
    assert spans.kind.tolist() == [Kind.SERVER, Kind.CLIENT]
    assert spans.status.tolist() == [Status.UNSET, Status.ERROR]
    assert spans.messages[spans.message[1]] == "no such table"
    assert dict(spans.resources[spans.resource[0]])["host.name"] == "web-1"
    assert spans.details.attributes(1) == {
        "db.rows": "3",
        "db.share": "0.25",
        "db.cached": "false",
        "otel.scope.name": "tests.servers",
        "otel.scope.version": "1.0",
    }
    (event,) = spans.details.events(1)
    assert (event.time_ns, event.name) == (BEGIN_NS + 2, "exception")
    assert dict(event.attributes)["exception.message"] == "no such table"


def test_asking_leaves_no_traces_of_its_own(jaeger, tracer):
    trace_id, _, _ = sent_trace(tracer)
    read_back(jaeger, trace_id)

    services = asked(lambda: open_jaeger(jaeger.url, {}), lambda backend: backend.services())

    assert services == ("shop",)


def test_more_traces_than_jaeger_keeps_is_an_error_in_its_own_words(jaeger):
    query = SpanQuery(start_ns=BEGIN_NS, end_ns=BEGIN_NS + 1, service="shop", limit=200_000)

    with pytest.raises(BackendBroken, match="search depth must be greater than 0 and less than max traces"):
        asked(
            lambda: open_jaeger(jaeger.url, {}, patience=AT_ONCE), lambda backend: backend.find_spans(query)
        )


@pytest.mark.parametrize("api", ["v1", "v3"])
def test_an_empty_jaeger_has_no_services_and_no_spans(jaeger_program, tmp_path, api):
    query = SpanQuery(start_ns=BEGIN_NS, end_ns=BEGIN_NS + 10**9)

    async def question(backend):
        return await backend.services(), await backend.operations("shop"), await backend.find_spans(query)

    with running_jaeger(jaeger_program, tmp_path) as empty:
        services, operations, answer = asked(lambda: open_jaeger(f"{empty.url}?api={api}", {}), question)

    assert (services, operations, len(answer.spans)) == ((), (), 0)


def test_the_server_is_stopped_also_when_a_test_fails(jaeger_program, tmp_path):
    with pytest.raises(ZeroDivisionError), running_jaeger(jaeger_program, tmp_path) as running:
        _ = 1 / 0

    with pytest.raises(Exception, match="Nothing answers"):
        asked(lambda: open_jaeger(running.url, {}, patience=AT_ONCE), lambda backend: backend.services())
