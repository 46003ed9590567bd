"""A store that receives spans in one process and is asked from others."""

import json
import signal
import threading

import duckdb
import grpc
import httpx
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from demo import SLOW_CHECKOUT
from tests.backends.embedded.sending import PROTOBUF, request_of
from tests.bot.cli.running import run_tracewhy
from tests.bot.cli.serving import serving

SLOW_CHECKOUT_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("store") / "traces") as server:
        yield server


def exported(server, name):
    """The id of a trace that an SDK sent."""
    provider = TracerProvider(resource=Resource({"service.name": "shop"}))
    exporter = OTLPSpanExporter(f"http://127.0.0.1:{server.grpc_port}", insecure=True)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("shop").start_as_current_span(name) as span:
        span.set_attribute("order.id", 7)
    provider.shutdown()
    return f"{span.get_span_context().trace_id:032x}"


def ask(folder, *arguments):
    return run_tracewhy("ask", *arguments, "--backend", f"embedded://{folder}")


def test_it_says_what_listens_where_and_how_to_send_and_ask(served):
    assert f"tracewhy keeps spans in {served.folder}" in served.greeting
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{served.grpc_port}" in served.greeting
    assert f"--backend embedded://{served.folder}" in served.greeting


def test_what_an_sdk_sends_over_grpc_is_answered_from_another_process(served):
    trace_id = exported(served, "process_order")

    ran = ask(served.folder, trace_id, "--format", "json")

    answer = json.loads(ran.out)
    assert ran.status == 0
    assert answer["headline"].startswith("process_order took")
    assert answer["backend"] == f"embedded://{served.folder}"


def test_what_is_sent_over_http_is_answered_from_another_process(served):
    body = request_of(3, service="web").SerializeToString()

    httpx.post(
        served.traces_url, content=body, headers={"content-type": PROTOBUF}, trust_env=False
    ).raise_for_status()

    assert "GET /cart" in ask(served.folder, "ab" * 16).out


def test_files_are_loaded_through_the_running_server(served):
    ran = run_tracewhy("ingest", str(SLOW_CHECKOUT), "--store", str(served.folder))

    assert ran.status == 0
    assert ran.out == f"Loaded 47 spans of 1 file into {served.folder}.\n"
    assert "SELECT cards run 30 times" in ask(served.folder, SLOW_CHECKOUT_ID).out


def test_what_is_older_than_is_kept_is_loaded_and_said(served, tmp_path):
    document = json.loads(SLOW_CHECKOUT.read_text())
    old = tmp_path / "old.json"
    spans = document["resourceSpans"][0]["scopeSpans"][0]["spans"][:1]
    spans[0] |= {"startTimeUnixNano": "1000000000", "endTimeUnixNano": "1000000001"}
    old.write_text(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}))

    ran = run_tracewhy("ingest", str(old), "--store", str(served.folder), TRACEWHY_STORE__KEEP_H="24")

    assert ran.status == 0
    assert ran.err.startswith("All of them began longer ago than the 24 h for which spans are kept")


def test_the_usual_folder_is_asked_where_none_is_named(served):
    trace_id = exported(served, "usual")

    ran = run_tracewhy("ask", trace_id, TRACEWHY_STORE__FOLDER=str(served.folder))

    assert ran.out.startswith("usual took")


def test_a_second_server_on_the_folder_is_refused(served):
    ran = run_tracewhy("serve", "--store", str(served.folder), "--grpc-port", "0", "--http-port", "0")

    assert ran.status == 3
    assert "in use by another process" in ran.err
    assert exported(served, "still there")


def test_a_port_that_is_taken_is_named_and_the_folder_left_free(served, tmp_path):
    ran = run_tracewhy(
        "serve", "--store", str(tmp_path), "--grpc-port", str(served.grpc_port), "--http-port", "0"
    )

    assert ran.status == 3
    assert f"port {served.grpc_port} of 127.0.0.1: another program does" in ran.err
    assert not (tmp_path / "owner.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_under_load_it_finishes_what_was_begun_and_ends_with_0(tmp_path, number):
    with serving(tmp_path) as server:
        accepted, enough = [], threading.Event()
        senders = [threading.Thread(target=send, args=(server, accepted, enough, n)) for n in range(3)]
        for sender in senders:
            sender.start()
        assert enough.wait(30)

        status, out, errors = server.stop(number)
        for sender in senders:
            sender.join(30)

    assert (status, errors) == (0, "")
    assert "Stopped: " in out
    assert not (tmp_path / "owner.json").exists()
    ran = ask(tmp_path, "services", "--format", "json")
    assert ran.status in {0, 2}
    assert kept(tmp_path) >= 100 * len(accepted)


def send(server, accepted, enough, number):
    """Send until the server is gone; `accepted` has one entry for each request that was answered."""
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        stub = TraceServiceStub(channel)
        for trace in range(100_000):
            request = request_of(100)
            for span in request.resource_spans[0].scope_spans[0].spans:
                span.trace_id = (number * 1_000_000 + trace + 1).to_bytes(16)
            try:
                stub.Export(request, timeout=30)
            except grpc.RpcError:
                return
            accepted.append(trace)
            if len(accepted) >= 10:
                enough.set()


def kept(folder):
    """How many spans a stopped store holds."""
    with duckdb.connect(str(folder / "spans.duckdb"), read_only=True) as database:
        return database.execute("SELECT count(*) FROM spans").fetchone()[0]


def test_a_stopped_store_is_asked_and_filled_without_a_server(tmp_path):
    loaded = run_tracewhy("ingest", str(SLOW_CHECKOUT), "--store", str(tmp_path / "new"))
    again = run_tracewhy("ingest", str(SLOW_CHECKOUT), "nowhere.json", "--store", str(tmp_path / "new"))

    assert loaded.status == 0
    assert again.status == 4
    assert "nowhere.json" in again.err
    assert "47 spans" in ask(tmp_path / "new", SLOW_CHECKOUT_ID).out


def test_a_folder_without_a_store_is_said(tmp_path):
    ran = ask(tmp_path, SLOW_CHECKOUT_ID)

    assert ran.status == 3
    assert "There is no store" in ran.err
    assert "tracewhy serve" in ran.err


def test_an_owner_that_was_killed_leaves_nothing_in_the_way(tmp_path):
    with serving(tmp_path) as server:
        trace_id = exported(server, "before")
        server.process.kill()
        server.process.wait()

    assert (tmp_path / "owner.json").exists()
    assert ask(tmp_path, trace_id).out.startswith("before took")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--config", "nowhere.yaml"], {}, "nowhere.yaml cannot be read"),
        (["--grpc-port", "99999"], {}, "The setting receivers.grpc_port makes no sense"),
        ([], {"TRACEWHY_STORE__FOLDERS": "/x"}, "Did you mean TRACEWHY_STORE__FOLDER?"),
    ],
)
def test_settings_that_make_no_sense_are_status_2(arguments, environment, said):
    ran = run_tracewhy("serve", *arguments, **environment)

    assert ran.status == 2
    assert said in ran.err


def test_a_folder_that_is_a_file_is_status_3(tmp_path):
    (tmp_path / "file").write_text("")

    ran = run_tracewhy("serve", "--store", str(tmp_path / "file"))

    assert ran.status == 3
    assert str(tmp_path / "file") in ran.err
