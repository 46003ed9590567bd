"""A real Collector with the two processors that sample, between the real SDK and a real store."""

import subprocess

import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context

from backends.interface import SpanQuery
from backends.jaeger.opening import open_jaeger
from tests.backends.asking import AT_ONCE, asked
from tests.servers.otelcol import HEAD_SAMPLING, TAIL_SAMPLING, WEIGHTS, running_otelcol, write_config

pytestmark = pytest.mark.server

BEGIN_NS = 1_700_000_000_000_000_000
SENT, FAILED = 2_000, 20


def send_traces(port, service):
    """Traces of two spans each; some fail."""
    exporter = OTLPSpanExporter(endpoint=f"127.0.0.1:{port}", insecure=True)
    provider = TracerProvider(resource=Resource({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=3 * SENT))
    tracer = provider.get_tracer("tests.servers")
    for number in range(SENT):
        root = tracer.start_span("GET /cart", kind=SpanKind.SERVER, start_time=BEGIN_NS)
        child = tracer.start_span("price", set_span_in_context(root), start_time=BEGIN_NS)
        child.end(end_time=BEGIN_NS + 1_000_000)
        if number < FAILED:
            root.set_status(StatusCode.ERROR, "no cart")
        root.end(end_time=BEGIN_NS + 2_000_000)
    provider.shutdown()


def kept(jaeger, service):
    """What the store has of it."""
    query = SpanQuery(start_ns=BEGIN_NS, end_ns=BEGIN_NS + 10**9, service=service, limit=10_000)
    return asked(
        lambda: open_jaeger(jaeger.url, {}, patience=AT_ONCE), lambda backend: backend.find_spans(query)
    ).spans


@pytest.mark.parametrize("processors", [HEAD_SAMPLING, TAIL_SAMPLING])
def test_the_configurations_of_the_article_are_valid(otelcol_program, tmp_path, processors):
    config = write_config(tmp_path, processors, 4317, 4318)

    result = subprocess.run(
        [otelcol_program, "validate", "--config", f"file:{config}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")


def test_head_sampling_says_how_many_each_trace_stands_for(jaeger, otelcol_program, tmp_path):
    with running_otelcol(otelcol_program, tmp_path, HEAD_SAMPLING, jaeger.otlp_grpc_port) as port:
        send_traces(port, "head")

    spans = kept(jaeger, "head")

    roots = spans.adjusted_count[spans.parent_id == 0]
    assert roots == pytest.approx(10, rel=0.001)
    assert len(roots) == pytest.approx(SENT / 10, abs=70)  # five standard deviations
    assert len(spans) == 2 * len(roots)


def test_tail_sampling_keeps_what_failed_once_and_the_others_by_weight(jaeger, otelcol_program, tmp_path):
    with running_otelcol(otelcol_program, tmp_path, TAIL_SAMPLING, jaeger.otlp_grpc_port, WEIGHTS) as port:
        send_traces(port, "tail")

    spans = kept(jaeger, "tail")

    roots = spans.parent_id == 0
    weights = spans.adjusted_count[roots]
    failed = spans.status[roots] == 2
    assert weights[failed].tolist() == [1.0] * FAILED
    assert weights[~failed] == pytest.approx(10, rel=0.001)
    assert weights.sum() == pytest.approx(SENT, abs=700)
