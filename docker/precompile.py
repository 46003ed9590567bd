"""Has tracewhy compile what it compiles at first use, and draw one picture: run once, while the image is built.

A question about a large trace makes everything that is compiled; the cache stands where NUMBA_CACHE_DIR says.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SPANS = 21_000
"""More than the number from which loops are compiled (analyzers/kernel.py)."""
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN_BYTES = 600
"""As large as spans usually are: large documents are read by compiled loops, too."""
BEGIN_US = 1_700_000_000_000_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, document in (("otlp", _otlp()), ("jaeger", _jaeger())):
            path = Path(folder) / f"{name}.json"
            path.write_text(json.dumps(document), "utf-8")
            command = [sys.executable, "-m", "bot", "ask", str(path)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    # What large requests to the store are read with.
    from backends.embedded.receivers.otlp_batch import prepare  # noqa: PLC0415 - see above

    prepare()
    # The list of fonts is made at the first import.
    import matplotlib.font_manager  # noqa: F401, PLC0415 - importing is what it is for


def _span_id(number: int) -> str:
    return f"{number + 1:016x}"


def _otlp() -> dict[str, Any]:
    spans = [
        {
            "traceId": TRACE_ID,
            "spanId": _span_id(number),
            "parentSpanId": _span_id(number // 8) if number else "",
            "name": f"step {number % 7}",
            "kind": 1,
            "startTimeUnixNano": str((BEGIN_US + number) * 1_000),
            "endTimeUnixNano": str((BEGIN_US + 4 * SPANS - number) * 1_000),
        }
        for number in range(SPANS)
    ]
    service = {"key": "service.name", "value": {"stringValue": "shop"}}
    return {"resourceSpans": [{"resource": {"attributes": [service]}, "scopeSpans": [{"spans": spans}]}]}


def _jaeger() -> dict[str, Any]:
    spans = [
        {
            "traceID": TRACE_ID,
            "spanID": _span_id(number),
            "references": _child_of(number),
            "operationName": f"step {number % 7}",
            "startTime": BEGIN_US + number,
            "duration": 4 * SPANS - 2 * number,
            "tags": [{"key": "note", "type": "string", "value": "." * SPAN_BYTES}],
            "logs": [],
            "processID": "p1",
        }
        for number in range(SPANS)
    ]
    processes = {"p1": {"serviceName": "shop", "tags": []}}
    return {"data": [{"traceID": TRACE_ID, "spans": spans, "processes": processes}]}


def _child_of(number: int) -> list[dict[str, str]]:
    if number == 0:
        return []
    return [{"refType": "CHILD_OF", "traceID": TRACE_ID, "spanID": _span_id(number // 8)}]


if __name__ == "__main__":
    main()
