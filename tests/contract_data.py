"""The contract data set at any time: 59 traces, 360 spans of three services, in which every store must read the same.

The recorded spans lie at one moment. A server that keeps only recent traces needs them fresh, and since nothing in them
depends on the time but the times, moving those is enough.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SPANS = Path(__file__).parent / "data" / "contract" / "spans-a"
RECORDED = SPANS.parent / "recorded"


@dataclass(frozen=True)
class ContractData:
    """The spans as they are sent, and what a reader must find."""

    request: ExportTraceServiceRequest
    document: dict[str, Any]
    """The same as OTLP/JSON."""
    trace_ids: dict[str, str]
    """By what the trace is about: `error-0`, `n-plus-1`, `leading-zeros`, `orphan`, ..."""
    start_ns: int
    end_ns: int
    """The half-open window of all starts."""


def contract_data(now_ns: int | None = None) -> ContractData:
    """The data as if it had been made at `now_ns`, or as it was."""
    manifest = json.loads((SPANS / "manifest.json").read_text())
    shift_ns = 0 if now_ns is None else now_ns - manifest["now"]
    return ContractData(
        request=_shifted_request(shift_ns),
        document=_shifted_document(json.loads((SPANS / "contract.json").read_text()), shift_ns),
        trace_ids=manifest["trace_ids"],
        start_ns=manifest["first_start"] + shift_ns,
        end_ns=manifest["last_end"] + shift_ns + 1,
    )


def _shifted_request(shift_ns: int) -> ExportTraceServiceRequest:
    request = ExportTraceServiceRequest.FromString((SPANS / "contract.pb").read_bytes())
    for of_resource in request.resource_spans:
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                span.start_time_unix_nano += shift_ns
                span.end_time_unix_nano += shift_ns
                for event in span.events:
                    event.time_unix_nano += shift_ns
    return request


def _shifted_document(node: Any, shift_ns: int) -> Any:
    if isinstance(node, list):
        return [_shifted_document(item, shift_ns) for item in node]
    if isinstance(node, dict):
        return {
            key: str(int(value) + shift_ns)
            if key.lower().endswith("timeunixnano")
            else _shifted_document(value, shift_ns)
            for key, value in node.items()
        }
    return node
