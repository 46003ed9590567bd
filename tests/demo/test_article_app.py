"""The program of the article, unchanged, before every receiver: what it does can be asked about."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import requests

from analyzers.table import Status
from backends.interface import SpanQuery
from backends.registry import open_backend
from demo.live import running_store
from tests.backends.asking import ARRIVAL_S, asked
from tests.servers.otelcol import running_otelcol

pytestmark = pytest.mark.server

DECLINED = SpanQuery(
    start_ns=1_700_000_000 * 10**9,
    end_ns=4_000_000_000 * 10**9,
    service="order-service",
    attributes=(("user.id", "13"),),
    limit=1,
)
OPERATIONS = ["GET", "GET /price/<product>", "POST /orders", "SELECT", "connect", "process_order"]
PROGRAM = Path(__file__).with_name("article_app.py")
REPOSITORY = Path(__file__).parents[2]
EVERYTHING = """\
  probabilistic_sampler: {sampling_percentage: 100}
  tail_sampling:
    decision_wait: 1s
    policies:
      - {name: everything, type: always_sample}"""


@contextmanager
def article_app(otlp_port):
    """Its address; when it ends it has sent all its spans."""
    environment = {**os.environ, "OTLP": f"127.0.0.1:{otlp_port}", "NO_PROXY": "127.0.0.1"}
    with subprocess.Popen(
        [sys.executable, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()
        process.wait(20)


def order(address, user):
    """Orders something; gives back the status."""
    asked_for = {"order_id": f"o-{user}", "user_id": user, "product": "tea"}
    return requests.post(f"{address}/orders", json=asked_for, timeout=20).status_code


def place_orders(otlp_port):
    with article_app(otlp_port) as address:
        assert [order(address, user) for user in (12, 13)] == [200, 402]


@pytest.fixture(scope="module", params=["jaeger", "jaeger behind the Collector", "our own store"])
def ordered(request, tmp_path_factory):
    """The address of a store that has the spans of two orders, one of which was declined."""
    folder = tmp_path_factory.mktemp("ordered")
    if request.param == "our own store":
        with running_store(folder / "store", folder / "log") as address:
            place_orders(int(address.rpartition(":")[2]))
            yield f"embedded://{folder / 'store'}"
        return
    jaeger = request.getfixturevalue("jaeger")
    if request.param == "jaeger":
        place_orders(jaeger.otlp_grpc_port)
    else:
        program = request.getfixturevalue("otelcol_program")
        with running_otelcol(program, folder, EVERYTHING, jaeger.otlp_grpc_port) as port:
            place_orders(port)
    yield jaeger.url


@pytest.fixture(scope="module")
def spans(ordered):
    """The trace of the latest declined order, when all of it can be read."""

    async def declined(backend):
        async with asyncio.timeout(ARRIVAL_S):
            while len((answer := await backend.find_spans(DECLINED)).spans) < len(OPERATIONS):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.02)
            return answer.spans

    return asked(lambda: open_backend(ordered, {}), declined)


@pytest.fixture(scope="module")
def report(ordered, spans):
    """What tracewhy says of that trace."""
    command = [sys.executable, "-m", "bot", "ask", spans.trace_ids[0], "--backend", ordered]
    result = subprocess.run(
        [*command, "--format", "json"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_every_span_of_the_program_arrives(spans):
    names = sorted(spans.operations[code] for code in spans.operation)

    assert names == OPERATIONS
    assert spans.services == ("order-service",)


def test_attributes_event_and_exception_arrive(spans):
    (row,) = np.flatnonzero(spans.operation == spans.operations.index("process_order"))

    attributes = spans.details.attributes(int(row))
    priced, exception = spans.details.events(int(row))

    assert (attributes["order.id"], attributes["user.id"]) == ("o-13", "13")
    assert (priced.name, dict(priced.attributes)) == ("order.priced", {"cents": "300"})
    assert dict(exception.attributes)["exception.type"] == "PermissionError"
    assert spans.status[row] == Status.ERROR


def test_the_trace_is_explained(report):
    (origin,) = (error for error in report["errors"] if error["role"] == "origin")

    assert report["root"] == {"service": "order-service", "operation": "POST /orders"}
    assert report["span_count"] == len(OPERATIONS)
    assert origin["operation"] == "process_order"
    assert origin["message"] == "the card of user 13 was declined"
    assert report["health"]["incomplete"] == 0
