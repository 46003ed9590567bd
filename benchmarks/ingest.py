"""Spans over OTLP gRPC into a running `tracewhy serve`: how many a second, and what happens when more are offered than it can take.

The client is a process of its own on the same two cores. Its requests are made beforehand, so that what is measured is
the server, with what sending costs. A span counts once it is acknowledged, which means: once it is on the disk.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from backends.embedded.folder import DATABASE
from backends.embedded.receivers.otlp_batch import prepare
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

SPANS = 409_600
OFFERED_SPANS = 1_228_800
MIB = 1 << 20


class Client(NamedTuple):
    """How one sends."""

    spans_a_request: int
    at_once: int
    """Requests in flight."""


COLLECTOR = Client(8_192, 10)
"""Its usual batches and senders: who has so many spans a second sends them through one."""
SDK = Client(512, 8)
"""A batch processor's usual batches, of eight processes."""
FLOOD = Client(512, 400)
"""Ten times what it can take: whoever is refused comes back after 50 ms."""


class Run(NamedTuple):
    """What became of one export."""

    acknowledged: int
    refused: int
    took_s: float
    peak_mib: float
    kept: int


def figures() -> Iterator[Figure]:
    prepare()  # so that compiled code is on the disk, as it is after the first minute anywhere
    usual = run(SPANS, COLLECTOR)
    yield Figure(
        "durable ingest over OTLP gRPC, one client that sends as a Collector does: 8,192 spans a request, 10 in flight",
        usual.acknowledged / usual.took_s,
        "spans/s",
        "≥ 50,000",
    )
    yield Figure("memory of the server meanwhile, at most", usual.peak_mib, "MiB")
    small = run(SPANS, SDK)
    yield Figure(
        "the same in an SDK's batches: 512 spans a request, 8 in flight",
        small.acknowledged / small.took_s,
        "spans/s",
    )
    flood = run(OFFERED_SPANS, FLOOD)
    yield Figure("flooded: durable ingest", flood.acknowledged / flood.took_s, "spans/s")
    yield Figure("flooded: requests told to come back", flood.refused, "")
    yield Figure("flooded: for how long", flood.took_s, "s", "~ 20")
    yield Figure("flooded: memory of the server, at most", flood.peak_mib, "MiB", "< 1,024")
    yield Figure("flooded: acknowledged spans that are not there", flood.acknowledged - flood.kept, "", "0")


def run(n_spans: int, how: Client) -> Run:
    """Export that many spans to a new server."""
    with tempfile.TemporaryDirectory() as folder:
        with _server(Path(folder)) as (server, port), _client(port, n_spans, how) as client:
            client.stdin.write("go\n")  # type: ignore[union-attr] # it is a pipe
            client.stdin.flush()  # type: ignore[union-attr]
            acknowledged, refused, took_s = client.stdout.readline().split()  # type: ignore[union-attr]
            peak_mib = _peak_mib(server.pid)
        with duckdb.connect(str(Path(folder) / DATABASE), read_only=True) as connection:
            kept = connection.execute("SELECT count(DISTINCT span_id) FROM spans").fetchall()[0][0]
    return Run(int(acknowledged), int(refused), float(took_s), peak_mib, int(kept))


@contextmanager
def _server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`tracewhy serve` until the block ends, and its gRPC port."""
    command = (
        sys.executable,
        "-m",
        "bot",
        "serve",
        "--store",
        folder,
        "--grpc-port",
        "0",
        "--http-port",
        "0",
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server, _grpc_port(server)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=60)


def _grpc_port(server: subprocess.Popen[str]) -> int:
    for line in server.stdout or ():
        if found := re.search(r"OTLP over gRPC.*:(\d+)", line):
            return int(found[1])
    raise SystemExit("The server ended before it listened.")


@contextmanager
def _client(port: int, n_spans: int, how: Client) -> Iterator[subprocess.Popen[str]]:
    """An exporter whose requests are made; it sends them when it is told a line."""
    command = (
        sys.executable,
        "-m",
        "benchmarks.exporter",
        *map(str, (port, n_spans, how.at_once, how.spans_a_request)),
    )
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        client.stdout.readline()  # type: ignore[union-attr] # it is a pipe
        yield client


def _peak_mib(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1_024 if found else 0.0
