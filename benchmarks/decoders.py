"""How fast files become analysed columns, and beside what: the standard library's parser, protobuf's own."""

from __future__ import annotations

import gzip
import json
from functools import partial
from typing import TYPE_CHECKING

from analyzers.builder import build_table
from analyzers.critical_path import critical_path
from analyzers.repair import repair
from analyzers.self_time import self_time_ns
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from benchmarks.documents import jaeger_json, otlp_json, otlp_protobuf
from benchmarks.measure import Figure, best_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzers.details import AttributeTriples
    from backends.formats.decoded import Decoded

TRACES, SPANS_PER_TRACE = 5_000, 20
MILLION = 1_000_000


def figures() -> Iterator[Figure]:
    n_spans = TRACES * SPANS_PER_TRACE
    otlp = otlp_json(TRACES, SPANS_PER_TRACE)
    documents: tuple[tuple[str, bytes, Callable[[bytes], Decoded], str], ...] = (
        ("Jaeger JSON", jaeger_json(TRACES, SPANS_PER_TRACE), decode_jaeger_json, ">= 0.5"),
        ("OTLP/JSON", otlp, decode_otlp_json, ""),
        ("OTLP protobuf", otlp_protobuf(otlp), decode_otlp_protobuf, ""),
    )
    for name, document, decode, goal in documents:
        seconds = best_s(partial(_analysed, decode, document))
        yield Figure(f"{name} to analysed columns", n_spans / seconds / MILLION, "M spans/s", goal)
        coded_s = best_s(partial(_coded, decode, document))
        yield Figure(
            f"{name} to columns with every attribute coded", n_spans / coded_s / MILLION, "M spans/s"
        )
    plain_s = best_s(lambda: json.loads(documents[0][1]))
    yield Figure(
        "beside it: json.loads of the same Jaeger JSON, no columns", n_spans / plain_s / MILLION, "M spans/s"
    )
    yield Figure("bytes of Jaeger JSON a span", len(documents[0][1]) / n_spans, "bytes")
    yield Figure("the same with gzip", len(gzip.compress(documents[0][1])) / n_spans, "bytes")


def _analysed(decode: Callable[[bytes], Decoded], document: bytes) -> None:
    linked = repair(build_table(decode(document).records)).spans
    self_time_ns(linked)
    critical_path(linked)


def _coded(decode: Callable[[bytes], Decoded], document: bytes) -> AttributeTriples:
    return build_table(decode(document).records).details.triples
