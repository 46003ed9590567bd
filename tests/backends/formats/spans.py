"""One small valid span in each format, and the decoders, for tests that break them."""

from __future__ import annotations

import json

from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from backends.formats.clickhouse_rows import decode_clickhouse_rows
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.formats.parquet import decode_parquet
from backends.formats.zipkin_json import decode_zipkin_json

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN_ID = "b7ad6b7169203331"
START_NS = 1_795_363_550_000_000_000
START_US = START_NS // 1_000


def otlp_span(**changes):
    span = {
        "traceId": TRACE_ID,
        "spanId": SPAN_ID,
        "name": "GET /cart",
        "kind": 2,
        "startTimeUnixNano": str(START_NS),
        "endTimeUnixNano": str(START_NS + 5_000_000),
        "attributes": [{"key": "user.id", "value": {"stringValue": "42"}}],
        "events": [],
    }
    return span | changes


def otlp(*spans):
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "cart"}}]}
    groups = [{"scope": {"name": "http"}, "spans": list(spans)}]
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": groups}]}).encode()


def jaeger_span(**changes):
    span = {
        "traceID": TRACE_ID,
        "spanID": SPAN_ID,
        "operationName": "GET /cart",
        "references": [],
        "startTime": START_US,
        "duration": 5_000,
        "tags": [{"key": "span.kind", "type": "string", "value": "server"}],
        "logs": [],
        "processID": "p1",
    }
    return span | changes


def jaeger(*spans):
    processes = {"p1": {"serviceName": "cart", "tags": []}}
    return json.dumps(
        {"data": [{"traceID": TRACE_ID, "spans": list(spans), "processes": processes}]}
    ).encode()


def zipkin_span(**changes):
    span = {
        "traceId": TRACE_ID,
        "id": SPAN_ID,
        "name": "get /cart",
        "timestamp": START_US,
        "duration": 5_000,
        "kind": "SERVER",
        "localEndpoint": {"serviceName": "cart"},
        "tags": {"user.id": "42"},
    }
    return span | changes


def zipkin(*spans):
    return json.dumps(list(spans)).encode()


def clickhouse_row(**changes):
    row = {
        "Timestamp": "2026-11-22 16:05:50.000000000",
        "TraceId": TRACE_ID,
        "SpanId": SPAN_ID,
        "ParentSpanId": "",
        "SpanName": "GET /cart",
        "SpanKind": "Server",
        "ServiceName": "cart",
        "ResourceAttributes": {"service.name": "cart"},
        "SpanAttributes": {"user.id": "42"},
        "Duration": 5_000_000,
        "StatusCode": "Unset",
    }
    return row | changes


def clickhouse(*rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def protobuf(**changes):
    message = TracesData()
    span = message.resource_spans.add().scope_spans.add().spans.add()
    given = {
        "trace_id": bytes.fromhex(TRACE_ID),
        "span_id": bytes.fromhex(SPAN_ID),
        "name": "GET /cart",
        "start_time_unix_nano": START_NS,
        "end_time_unix_nano": START_NS + 5_000_000,
    }
    for name, value in (given | changes).items():
        setattr(span, name, value)
    return message.SerializeToString()


VALID = {
    decode_otlp_json: otlp(otlp_span()),
    decode_jaeger_json: jaeger(jaeger_span()),
    decode_zipkin_json: zipkin(zipkin_span()),
    decode_clickhouse_rows: clickhouse(clickhouse_row()),
    decode_otlp_protobuf: protobuf(),
}
JSON_DECODERS = tuple(decode for decode, document in VALID.items() if document.lstrip()[:1] in (b"{", b"["))
ALL_DECODERS = (*VALID, decode_parquet)
