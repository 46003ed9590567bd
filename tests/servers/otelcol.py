"""A real OpenTelemetry Collector before some receiver, from the cache that `make servers` fills."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.servers.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_S = 60
WEIGHTS = "--feature-gates=processor.tailsamplingprocessor.usetracestate"
"""Has tail sampling write down how many traces each one kept stands for."""

CONFIG = """\
service:
  pipelines: {{traces: {{receivers: [otlp], processors: [{names}], exporters: [otlp_grpc]}}}}
  telemetry: {{metrics: {{level: none}}}}
receivers: {{otlp: {{protocols: {{grpc: {{endpoint: "127.0.0.1:{port}"}}}}}}}}
exporters: {{otlp_grpc: {{endpoint: "127.0.0.1:{target}", tls: {{insecure: true}}}}}}
processors:
{processors}
"""

# As in the article, but that decisions need not wait for slow services.
HEAD_SAMPLING = "  probabilistic_sampler: {sampling_percentage: 10}"
TAIL_SAMPLING = """\
  tail_sampling:
    decision_wait: 2s
    policies:
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
      - {name: slow, type: latency, latency: {threshold_ms: 1000}}
      - {name: share, type: probabilistic, probabilistic: {sampling_percentage: 10}}"""


def write_config(folder: Path, processors: str, port: int, target: int) -> Path:
    """The configuration of a Collector that listens on `port` and hands on to `target`."""
    names = ", ".join(line.strip().split(":")[0] for line in processors.splitlines() if line[2] != " ")
    path = folder / "otelcol.yaml"
    path.write_text(CONFIG.format(names=names, port=port, target=target, processors=processors))
    return path


@contextmanager
def running_otelcol(
    program: Path, folder: Path, processors: str, target: int, *options: str
) -> Iterator[int]:
    """The port of a Collector that hands on to `target` what its processors keep; at the end it hands on the rest."""
    (port,) = free_ports(1)
    config, log = write_config(folder, processors, port, target), folder / "otelcol.log"
    command = [str(program), "--config", f"file:{config}", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        try:
            _wait_until_ready(process, port, log)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline_s:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"The Collector did not start:\n{log.read_text(errors='replace')[-3000:]}")
