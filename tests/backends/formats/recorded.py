"""What real servers and exporters made of the contract data, and what each of them loses on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from analyzers.builder import build_table
from backends.formats.clickhouse_rows import decode_clickhouse_rows
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.formats.zipkin_json import decode_zipkin_json
from tests.contract_data import RECORDED
from tests.span_facts import SpanFacts, facts_of, facts_sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.formats.decoded import Decoded

CONTRACT = RECORDED.parent
MICROSECOND = 1_000
# Jaeger's warning on a span without its parent comes as an attribute of v3, whatever was sent.
ADDED = frozenset({"@jaeger@warnings", "peer.service"})


@dataclass(frozen=True)
class Answer:
    """One recorded answer, the traces in it and how the truth looks after that server's losses."""

    path: str
    traces: tuple[str, ...]
    decode: Callable[[bytes], Decoded]
    loses: Callable[[SpanFacts], SpanFacts]
    sent: str = "spans-a"
    resolution_ns: int = 1

    def decoded(self) -> Decoded:
        return self.decode((CONTRACT / self.path).read_bytes())

    def found(self) -> list[SpanFacts]:
        facts = facts_of(build_table(self.decoded().records), self.resolution_ns)
        return [_without_added(one) for one in facts]

    def expected(self) -> list[SpanFacts]:
        ids = json.loads((CONTRACT / self.sent / "manifest.json").read_text())["trace_ids"]
        wanted = [ids[name] for name in self.traces] or None
        return sorted(
            self.loses(facts) for facts in facts_sent(_request(self.sent), wanted, self.resolution_ns)
        )


@cache
def _request(sent: str) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest.FromString((CONTRACT / sent / "contract.pb").read_bytes())


def _without_added(facts: SpanFacts) -> SpanFacts:
    return facts._replace(attributes=tuple(pair for pair in facts.attributes if pair[0] not in ADDED))


def nothing(facts: SpanFacts) -> SpanFacts:
    return facts


def of_victoriatraces(facts: SpanFacts) -> SpanFacts:
    """Empty values come back as a dash, maps flattened."""
    new = {("t.empty", ""): [("t.empty", "-")]}
    new["t.map", '{"inner":"v","n":1}'] = [("t.map.inner", "v"), ("t.map.n", "1")]
    return facts._replace(
        attributes=tuple(sorted(after for pair in facts.attributes for after in new.get(pair, [pair])))
    )


def of_zipkin(facts: SpanFacts) -> SpanFacts:
    """No links, weights, event attributes or empty tags; names in lower case."""
    return facts._replace(
        operation=facts.operation.lower(),
        attributes=tuple(pair for pair in facts.attributes if pair[1]),
        events=tuple((time_ns, name, ()) for time_ns, name, _ in facts.events),
        links=(),
        adjusted_count=-1.0,
    )


def of_zipkin_file(facts: SpanFacts) -> SpanFacts:
    """As Zipkin, but names stay as they are in a file."""
    return of_zipkin(facts)._replace(operation=facts.operation)


def of_rotel(facts: SpanFacts) -> SpanFacts:
    """CONSUMER becomes `client`, bytes hex, and lists and maps are wrapped in their OTLP form."""
    new = {
        "t.bytes": "0001ff",
        "t.strings": '{"values":[{"stringValue":"a"},{"stringValue":"b"}]}',
        "t.ints": '{"values":[{"intValue":"1"},{"intValue":"2"},{"intValue":"3"}]}',
        "t.map": '{"values":[{"key":"inner","value":{"stringValue":"v"}},{"key":"n","value":{"intValue":"1"}}]}',
    }
    return facts._replace(
        kind=3 if facts.kind == 5 else facts.kind,
        attributes=tuple((key, new.get(key, text)) for key, text in facts.attributes),
    )


def _answers(
    folder: str,
    files: dict[str, str],
    decode: Callable[[bytes], Decoded],
    loses: Callable[[SpanFacts], SpanFacts] = nothing,
    sent: str = "spans-a",
    resolution_ns: int = 1,
) -> list[Answer]:
    return [
        Answer(f"{folder}/{file}", tuple(traces.split()), decode, loses, sent, resolution_ns)
        for file, traces in files.items()
    ]


ANSWERS = [
    *_answers("spans-a", {"contract.json": ""}, decode_otlp_json),
    *_answers("spans-a", {"contract.pb": ""}, decode_otlp_protobuf),
    *_answers(
        "spans-a", {"contract.zipkin.json": ""}, decode_zipkin_json, of_zipkin_file, "spans-a", MICROSECOND
    ),
    *_answers(
        "recorded/jaeger-v1",
        {
            "24-trace.resp.body": "error-0",
            "25-trace-raw.resp.body": "error-0",
            "26-trace-leading-zeros.resp.body": "leading-zeros",
            "27-trace-leading-zeros-cut.resp.body": "leading-zeros",
            "30-trace-orphan.resp.body": "orphan",
            "31-trace-link.resp.body": "consumer",
            "32-trace-types.resp.body": "types",
            "33-trace-n-plus-1.resp.body": "n-plus-1",
            "34-traces-batch.resp.body": "orphan consumer",
        },
        decode_jaeger_json,
        resolution_ns=MICROSECOND,
    ),
    *_answers(
        "recorded/jaeger-sent-twice",
        {"01-v1-trace.resp.body": "orphan"},
        decode_jaeger_json,
        resolution_ns=MICROSECOND,
    ),
    *_answers(
        "recorded/jaeger-v3",
        {
            "25-trace.resp.body": "error-0",
            "26-trace-raw.resp.body": "error-0",
            "27-trace-leading-zeros.resp.body": "leading-zeros",
            "31-trace-orphan.resp.body": "orphan",
            "32-trace-link.resp.body": "consumer",
            "33-trace-types.resp.body": "types",
            "34-trace-n-plus-1.resp.body": "n-plus-1",
        },
        decode_otlp_json,
    ),
    *_answers(
        "recorded/tempo",
        {
            "28-trace-v1.resp.body": "error-0",
            "30-trace-v1-leading-zeros.resp.body": "leading-zeros",
            "36-trace-v1-orphan.resp.body": "orphan",
            "38-trace-v1-types.resp.body": "types",
            "40-trace-v2.resp.body": "error-0",
            "48-trace-v2-orphan.resp.body": "orphan",
            "50-trace-v2-types.resp.body": "types",
        },
        decode_otlp_json,
        sent="spans-b",
    ),
    *_answers(
        "recorded/tempo",
        {
            "29-trace-v1-protobuf.resp.body": "error-0",
            "32-trace-v1-leading-zeros-protobuf.resp.body": "leading-zeros",
            "37-trace-v1-link-protobuf.resp.body": "consumer",
            "39-trace-v1-types-protobuf.resp.body": "types",
            "41-trace-v2-protobuf.resp.body": "error-0",
            "44-trace-v2-leading-zeros-protobuf.resp.body": "leading-zeros",
            "49-trace-v2-link-protobuf.resp.body": "consumer",
            "51-trace-v2-types-protobuf.resp.body": "types",
        },
        decode_otlp_protobuf,
        sent="spans-b",
    ),
    *_answers(
        "recorded/victoriatraces",
        {
            "19-trace.resp.body": "error-0",
            "20-trace-leading-zeros.resp.body": "leading-zeros",
            "24-trace-orphan.resp.body": "orphan",
            "25-trace-link.resp.body": "consumer",
            "26-trace-types.resp.body": "types",
            "27-trace-n-plus-1.resp.body": "n-plus-1",
        },
        decode_jaeger_json,
        of_victoriatraces,
        sent="spans-b",
        resolution_ns=MICROSECOND,
    ),
    *_answers(
        "recorded/zipkin",
        {
            "26-trace.resp.body": "error-0",
            "27-trace-leading-zeros.resp.body": "leading-zeros",
            "31-trace-orphan.resp.body": "orphan",
            "32-trace-consumer.resp.body": "consumer",
            "33-trace-types.resp.body": "types",
            "34-trace-n-plus-1.resp.body": "n-plus-1",
            "35-trace-many.resp.body": "orphan consumer",
        },
        decode_zipkin_json,
        of_zipkin,
        resolution_ns=MICROSECOND,
    ),
    *_answers(
        "recorded/clickhouse-rows-exporter",
        {
            "07-trace-error.jsonl": "error-0",
            "08-trace-leading-zeros.jsonl": "leading-zeros",
            "09-trace-link.jsonl": "consumer",
            "10-trace-orphan.jsonl": "orphan",
            "11-trace-types.jsonl": "types",
            "12-trace-sampled.jsonl": "sampled",
            "13-trace-n-plus-1.jsonl": "n-plus-1",
        },
        decode_clickhouse_rows,
    ),
    *_answers(
        "recorded/clickhouse-rows-rotel",
        {
            "03-trace-error.jsonl": "error-0",
            "04-trace-leading-zeros.jsonl": "leading-zeros",
            "05-trace-consumer-link.jsonl": "consumer",
            "06-trace-orphan.jsonl": "orphan",
            "07-trace-types.jsonl": "types",
            "08-trace-sampled.jsonl": "sampled",
        },
        decode_clickhouse_rows,
        of_rotel,
    ),
]
