"""What the Collector of compose.yaml hands on, from a real one to a real Jaeger and to tracewhy."""

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from backends.interface import SpanQuery
from backends.jaeger.opening import open_jaeger
from backends.registry import open_backend
from tests.backends.asking import AT_ONCE, asked
from tests.bot.cli.serving import serving
from tests.servers.otelcol import WEIGHTS
from tests.servers.ports import free_ports
from tests.servers.test_otelcol import BEGIN_NS, FAILED, SENT, send_traces

pytestmark = pytest.mark.server

CONFIG = Path(__file__).parents[2] / "docker/otelcol.yaml"
QUERY = SpanQuery(start_ns=BEGIN_NS, end_ns=BEGIN_NS + 10**9, service="composed", limit=10_000)
START_S = 30.0


@contextmanager
def running(program, **variables):
    """The port of a Collector with that configuration; at the end it hands on what it still holds."""
    port, other = free_ports(2)
    addresses = {"OTLP_GRPC": f"127.0.0.1:{port}", "OTLP_HTTP": f"127.0.0.1:{other}"}
    command = [program, "--config", f"file:{CONFIG}", WEIGHTS]
    with subprocess.Popen(
        command, env=os.environ | addresses | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_until_open(port)
            yield port
        finally:
            process.terminate()


def wait_until_open(port):
    deadline_s = time.monotonic() + START_S
    while time.monotonic() < deadline_s:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the Collector did not start")


def test_both_stores_get_what_it_keeps_with_weights_that_sum_to_what_was_sent(
    jaeger, otelcol_program, tmp_path
):
    with serving(tmp_path, TRACEWHY_STORE__KEEP_H="1000000") as served:
        shares = {"HEAD_PERCENT": "50", "SHARE_PERCENT": "20", "DECISION_WAIT": "1s"}
        stores = {
            "JAEGER_OTLP": f"127.0.0.1:{jaeger.otlp_grpc_port}",
            "TRACEWHY_OTLP": f"127.0.0.1:{served.grpc_port}",
        }
        with running(otelcol_program, **shares, **stores) as port:
            send_traces(port, "composed")
        ours = asked(
            lambda: open_backend(f"embedded://{tmp_path}", {}, lambda *_: None),
            lambda backend: backend.find_spans(QUERY),
        ).spans
        theirs = asked(
            lambda: open_jaeger(jaeger.url, {}, patience=AT_ONCE), lambda backend: backend.find_spans(QUERY)
        ).spans

    roots = ours.parent_id == 0
    failed = ours.status[roots] == 2
    assert len(ours) == len(theirs)
    assert len(ours) < SENT / 2
    assert 0 < failed.sum() <= FAILED
    weights = ours.adjusted_count[roots]
    assert weights[failed] == pytest.approx(2)  # as the first share says, since what fails is always kept
    assert weights[~failed] == pytest.approx(5)  # the second share is one of all traces
    assert weights.sum() == pytest.approx(SENT, abs=450)  # five standard deviations
