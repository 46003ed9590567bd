"""How long a person waits for `tracewhy ask`, from nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.documents import jaeger_json, otlp_json
from benchmarks.measure import RUNS, Figure, best_s

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_TRACE_SPANS = 1_000


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for name, document in (
            ("Jaeger JSON", jaeger_json(1, ONE_TRACE_SPANS)),
            ("OTLP/JSON", otlp_json(1, ONE_TRACE_SPANS)),
        ):
            path = Path(folder) / name.replace("/", " ")
            path.write_bytes(document)
            seconds = best_s(partial(_ask, str(path)))
            yield Figure(f"`tracewhy ask FILE` of 1,000 spans ({name}), new process", seconds, "s", "< 1.5")
            yield Figure("of which imports, by Python's own account", _imports_s(path), "s", "< 0.7")


def _ask(question: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", question, "--format", "json"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _imports_s(path: Path) -> float:
    """Seconds in importing, the least of several runs: what `-X importtime` adds up to, which slows it down a little."""
    command = [sys.executable, "-X", "importtime", "-m", "bot", "ask", str(path), "--format", "json"]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stderr for _ in range(RUNS)]
    return min(_self_us(run) for run in runs) / 1_000_000


def _self_us(timings: str) -> int:
    """The sum of the first column: microseconds in each module itself."""
    lines = [
        line.partition(":")[2].split("|") for line in timings.splitlines() if line.startswith("import time:")
    ]
    return sum(int(columns[0]) for columns in lines if columns[0].strip().isdigit())
