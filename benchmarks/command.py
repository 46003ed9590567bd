"""How long a person waits for `tracewhy ask`, from nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.documents import jaeger_json, otlp_json
from benchmarks.measure import Figure, best_s

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    bare_s = best_s(lambda: _python("pass"))
    yield Figure("imports of it", best_s(lambda: _python(_imported_by_ask())) - bare_s, "s", "< 0.7")
    yield Figure("a bare Python process, contained in the first lines", bare_s, "s")


def _ask(question: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "ask", question, "--format", "json"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _imported_by_ask() -> str:
    """A program that imports what asking about a small file imports, and nothing else."""
    listing = (
        "import sys, json, contextlib, io; before = set(sys.modules); from bot.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    sys.argv = ['tracewhy', 'demo']; main()\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    output = subprocess.run(
        [sys.executable, "-c", listing], check=True, capture_output=True, text=True
    ).stdout
    names: Sequence[str] = json.loads(output.splitlines()[-1])
    return "\n".join(f"try:\n    import {name}\nexcept Exception:\n    pass" for name in names)


def _python(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)
