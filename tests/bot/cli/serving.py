"""`tracewhy serve` as people run it, on free ports."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bot.cli.running import BARE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

LAST_LINE = "Ctrl-C stops."


@dataclass
class Served:
    """A server that listens."""

    process: subprocess.Popen
    folder: Path
    greeting: str

    @property
    def grpc_port(self):
        return int(re.search(r"gRPC +127\.0\.0\.1:(\d+)", self.greeting)[1])

    @property
    def traces_url(self):
        return re.search(r"http://\S+/v1/traces", self.greeting)[0]

    def stop(self, number):
        """Its exit status and what it said after its greeting."""
        self.process.send_signal(number)
        out, errors = self.process.communicate(timeout=60)
        return self.process.returncode, out, errors


@contextmanager
def serving(folder, *arguments, **environment):
    """A server over this folder, killed at the end if it still runs."""
    command = [
        sys.executable,
        "-m",
        "bot",
        "serve",
        "--store",
        str(folder),
        "--grpc-port",
        "0",
        "--http-port",
        "0",
        *arguments,
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**BARE, "PYTHONUNBUFFERED": "1", **environment},
    ) as process:
        try:
            yield Served(process, folder, _greeting(process))
        finally:
            process.kill()


def _greeting(process):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(LAST_LINE):
            return "".join(lines)
    raise AssertionError(f"it ended: {''.join(lines)}{process.stderr.read()}")
