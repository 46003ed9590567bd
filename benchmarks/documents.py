"""Files to decode, of the shape that an instrumented web shop sends: about five attributes a span."""

from __future__ import annotations

import json
import random
from typing import Any, NamedTuple

SERVICES = ("cart", "checkout", "frontend", "inventory", "payment")
EPOCH_US = 1_795_366_800_000_000


def jaeger_json(traces: int, spans_per_trace: int) -> bytes:
    """What Jaeger's v1 API answers to a search."""
    draw = random.Random(1)
    return _compact({"data": [_jaeger_trace(draw, spans_per_trace) for _ in range(traces)]})


def otlp_json(traces: int, spans_per_trace: int) -> bytes:
    """The same spans as OTLP/JSON, one resource a service and trace, as exporters batch them."""
    draw = random.Random(1)
    resources = [
        resource for _ in range(traces) for resource in _otlp_resources(_jaeger_trace(draw, spans_per_trace))
    ]
    return _compact({"resourceSpans": resources})


def otlp_protobuf(document: bytes) -> bytes:
    """An OTLP/JSON document as protobuf."""
    from google.protobuf.json_format import ParseDict  # noqa: PLC0415 - slow to import
    from opentelemetry.proto.trace.v1.trace_pb2 import TracesData  # noqa: PLC0415 - likewise

    content = json.loads(document)
    for resource in content["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            scope["spans"] = [_with_base64_ids(span) for span in scope["spans"]]
    return bytes(ParseDict(content, TracesData()).SerializeToString())


def _compact(document: dict[str, Any]) -> bytes:
    """JSON without blanks, as servers and exporters write it."""
    return json.dumps(document, separators=(",", ":")).encode()


class Place(NamedTuple):
    """Where a span hangs: under an earlier one, -1 for none, and in a service."""

    parent: int
    kind: str
    service: int
    what: str = "GET /api/"


def _places(draw: random.Random, size: int) -> list[Place]:
    """Servers under the calls of other services, calls and inner work under servers; calls with no server are queries."""
    places = [Place(-1, "server", draw.randrange(len(SERVICES)))]
    answered = set()
    for number in range(1, size):
        parent = max(0, number - draw.randint(1, 4))
        if parent in answered:
            parent = places[parent].parent
        if places[parent].kind == "client":
            answered.add(parent)
            places.append(Place(parent, "server", draw.randrange(len(SERVICES))))
        else:
            places.append(Place(parent, draw.choice(("client", "internal")), places[parent].service))
    return [
        place._replace(what="SELECT ") if place.kind == "client" and number not in answered else place
        for number, place in enumerate(places)
    ]


def _jaeger_trace(draw: random.Random, size: int) -> dict[str, Any]:
    trace_id = f"{draw.getrandbits(128):032x}"
    ids = [f"{draw.getrandbits(64) | 1:016x}" for _ in range(size)]
    places = _places(draw, size)
    spans = [_jaeger_span(draw, trace_id, ids, number, place) for number, place in enumerate(places)]
    processes = {
        f"p{number}": {
            "serviceName": name,
            "tags": [_tag("host.name", f"{name}-1"), _tag("service.version", "1.4.2")],
        }
        for number, name in enumerate(SERVICES, start=1)
    }
    return {"traceID": trace_id, "spans": spans, "processes": processes, "warnings": None}


def _jaeger_span(
    draw: random.Random, trace_id: str, ids: list[str], number: int, place: Place
) -> dict[str, Any]:
    parent = ids[place.parent]
    return {
        "traceID": trace_id,
        "spanID": ids[number],
        "operationName": f"{place.what}{draw.randint(1, 40)}",
        "references": [{"refType": "CHILD_OF", "traceID": trace_id, "spanID": parent}] if number else [],
        "startTime": EPOCH_US + number * 100,
        "duration": draw.randint(100, 10_000),
        "tags": [
            _tag("http.request.method", "GET"),
            _tag("http.route", "/api/{id}"),
            {"key": "http.response.status_code", "type": "int64", "value": 200},
            _tag("user.id", f"u{draw.randint(1, 10_000)}"),
            _tag("span.kind", place.kind),
        ],
        "logs": [],
        "processID": f"p{place.service + 1}",
        "warnings": None,
    }


def _tag(key: str, value: str) -> dict[str, str]:
    return {"key": key, "type": "string", "value": value}


def _otlp_resources(trace: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "resource": {
                "attributes": [
                    _attribute("service.name", process["serviceName"]),
                    *(_attribute(tag["key"], tag["value"]) for tag in process["tags"]),
                ]
            },
            "scopeSpans": [
                {
                    "scope": {"name": "shop"},
                    "spans": [_otlp_span(span) for span in trace["spans"] if span["processID"] == name],
                }
            ],
        }
        for name, process in trace["processes"].items()
    ]


def _otlp_span(span: dict[str, Any]) -> dict[str, Any]:
    start_ns = span["startTime"] * 1000
    parent = {"parentSpanId": span["references"][0]["spanID"]} if span["references"] else {}
    return {
        "traceId": span["traceID"],
        "spanId": span["spanID"],
        **parent,
        "name": span["operationName"],
        "kind": {"internal": 1, "server": 2, "client": 3}[span["tags"][4]["value"]],
        "startTimeUnixNano": str(start_ns),
        "endTimeUnixNano": str(start_ns + span["duration"] * 1000),
        "attributes": [_attribute(tag["key"], tag["value"]) for tag in span["tags"][:4]],
        "status": {},
    }


def _attribute(key: str, value: object) -> dict[str, Any]:
    return {
        "key": key,
        "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value},
    }


def _with_base64_ids(span: dict[str, Any]) -> dict[str, Any]:
    import base64  # noqa: PLC0415 - only here

    ids = {
        key: base64.b64encode(bytes.fromhex(span[key])).decode()
        for key in ("traceId", "spanId", "parentSpanId")
        if key in span
    }
    return span | ids
