"""`python -m benchmarks [kernels|decoders|command|questions|store|ingest|killed|slack|detect ...]`: prints the figures as a table for RESULTS.md."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

PARTS = ("kernels", "decoders", "command", "questions", "store", "ingest", "killed", "slack", "detect")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {_machine()}, Python {platform.python_version()}\n")
    for name in names or PARTS:
        print(f"### {name}\n\n| what | measured | goal |\n| --- | --- | --- |")
        for figure in import_module(f"benchmarks.{name}").figures():
            print(figure, flush=True)
        print()
    return 0


def _machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{models[0]}, {len(models)} cores" if models else platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
