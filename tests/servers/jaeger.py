"""A real Jaeger on free loopback ports, from the cache that `make servers` fills."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.built import built
from tests.servers.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_S = 120

# Every address is a loopback one: Jaeger's own default leaves two ports open to the network.
CONFIG = """\
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines: {{traces: {{receivers: [otlp], processors: [batch], exporters: [jaeger_storage_exporter]}}}}
  telemetry: {{resource: {{service.name: jaeger}}, metrics: {{level: none}}}}
extensions:
  jaeger_query:
    storage: {{traces: some_storage}}
    http: {{endpoint: "127.0.0.1:{query}"}}
    grpc: {{endpoint: "127.0.0.1:{query_grpc}"}}
  jaeger_storage: {{backends: {{some_storage: {{memory: {{max_traces: 100000}}}}}}}}
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: "127.0.0.1:{otlp_grpc}"}}, http: {{endpoint: "127.0.0.1:{otlp_http}"}}}}}}
processors: {{batch: {{timeout: 10ms}}}}
exporters: {{jaeger_storage_exporter: {{trace_storage: some_storage}}}}
"""


@dataclass(frozen=True)
class Jaeger:
    """Where a running Jaeger answers."""

    query_port: int
    otlp_grpc_port: int
    otlp_http_port: int

    @property
    def url(self) -> str:
        return f"jaeger://127.0.0.1:{self.query_port}"

    @property
    def otlp_url(self) -> str:
        """Where OTLP over HTTP is taken."""
        return f"http://127.0.0.1:{self.otlp_http_port}"


def built_jaeger() -> Path | None:
    """The program that `make servers` built, if it did."""
    return built("jaeger")


@contextmanager
def running_jaeger(program: Path, folder: Path) -> Iterator[Jaeger]:
    """A Jaeger that holds nothing yet, stopped at the end whatever happens. Config and log lie in `folder`."""
    ports = free_ports(4)
    config = folder / "jaeger.yaml"
    config.write_text(
        CONFIG.format(query=ports[0], query_grpc=ports[1], otlp_grpc=ports[2], otlp_http=ports[3])
    )
    log = folder / "jaeger.log"
    # Otherwise it stores a trace of every question, as a service of its own.
    environment = {**os.environ, "OTEL_TRACES_SAMPLER": "always_off"}
    with log.open("wb") as output:
        command = [str(program), "--config", f"file:{config}"]
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, cwd=folder)
        try:
            _wait_until_ready(process, ports[0], log)
            yield Jaeger(query_port=ports[0], otlp_grpc_port=ports[2], otlp_http_port=ports[3])
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline_s = time.monotonic() + START_S
    while not _answers(f"http://127.0.0.1:{port}/api/services"):
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise RuntimeError(f"Jaeger did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.02)


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=1) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
