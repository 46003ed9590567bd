"""What is wrong with one span is said, and spoils no other."""

from __future__ import annotations

import pytest

from analyzers.builder import build_table
from backends.formats.clickhouse_rows import decode_clickhouse_rows
from backends.formats.decoded import REASONS_KEPT, NotThisFormat
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.formats.zipkin_json import decode_zipkin_json
from tests.backends.formats.spans import (
    ALL_DECODERS,
    JSON_DECODERS,
    SPAN_ID,
    START_NS,
    TRACE_ID,
    VALID,
    clickhouse,
    clickhouse_row,
    jaeger,
    jaeger_span,
    otlp,
    otlp_span,
    protobuf,
    zipkin,
    zipkin_span,
)

BAD_IDS = ["", None, "0" * 16, "0" * 32, "f" * 33, "xyz", "0x12", "12 34", "１２", "AAAA=", 7, ["a"]]


def attributes(record):
    return dict(record.reader.attributes(record.source))


@pytest.mark.parametrize("bad", BAD_IDS)
@pytest.mark.parametrize(
    ("decode", "document", "span", "key"),
    [
        (decode_otlp_json, otlp, otlp_span, "traceId"),
        (decode_otlp_json, otlp, otlp_span, "spanId"),
        (decode_jaeger_json, jaeger, jaeger_span, "spanID"),
        (decode_zipkin_json, zipkin, zipkin_span, "traceId"),
        (decode_zipkin_json, zipkin, zipkin_span, "id"),
        (decode_clickhouse_rows, clickhouse, clickhouse_row, "TraceId"),
        (decode_clickhouse_rows, clickhouse, clickhouse_row, "SpanId"),
    ],
)
def test_a_span_without_a_usable_id_is_left_out_and_its_neighbour_is_not(decode, document, span, key, bad):
    decoded = decode(document(span(**{key: bad}), span()))

    assert (len(decoded.records), decoded.unreadable, len(decoded.reasons)) == (1, 1, 1)


@pytest.mark.parametrize(
    "changes", [{"span_id": b"1" * 9}, {"span_id": bytes(8)}, {"trace_id": b""}, {"trace_id": b"1" * 17}]
)
def test_ids_of_the_wrong_length_in_protobuf_are_unreadable(changes):
    decoded = decode_otlp_protobuf(protobuf(**changes))

    assert (decoded.records, decoded.unreadable) == ([], 1)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (TRACE_ID.upper(), TRACE_ID),
        ("1234567890abcdef", "00000000000000001234567890abcdef"),
        ("rhQJU220b8kUYnpz0s86TA==", "ae1409536db46fc914627a73d2cf3a4c"),
    ],
)
def test_trace_ids_come_in_either_case_short_or_in_base64(given, meant):
    records = decode_otlp_json(otlp(otlp_span(traceId=given, spanId="u9qsTkrgHm4="))).records

    assert [(record.trace_id, record.span_id) for record in records] == [(meant, 0xBBDAAC4E4AE01E6E)]


@pytest.mark.parametrize(
    ("decode", "data"),
    [
        (decode_otlp_json, otlp(otlp_span(startTimeUnixNano=str(2**63)))),
        (decode_otlp_json, otlp(otlp_span(endTimeUnixNano=2**63))),
        (decode_otlp_json, otlp(otlp_span(startTimeUnixNano=-1))),
        (decode_otlp_json, otlp(otlp_span(endTimeUnixNano="1e400"))),
        (decode_otlp_json, otlp(otlp_span(startTimeUnixNano=None))),
        (decode_otlp_protobuf, protobuf(end_time_unix_nano=2**64 - 1)),
        (decode_jaeger_json, jaeger(jaeger_span(startTime=2**62))),
        (decode_jaeger_json, jaeger(jaeger_span(duration=2**62))),
        (decode_jaeger_json, jaeger(jaeger_span(startTime=10, duration=-20))),
        (decode_zipkin_json, zipkin(zipkin_span(timestamp=2**80))),
        (decode_clickhouse_rows, clickhouse(clickhouse_row(Timestamp="yesterday"))),
        (decode_clickhouse_rows, clickhouse(clickhouse_row(Duration=2**64 - 1))),
    ],
)
def test_times_outside_64_bits_are_unreadable(decode, data):
    decoded = decode(data)

    assert (decoded.records, decoded.unreadable) == ([], 1)


@pytest.mark.parametrize(
    ("decode", "data"),
    [
        (decode_otlp_json, otlp(otlp_span(endTimeUnixNano=str(START_NS - 7_000)))),
        (decode_otlp_protobuf, protobuf(end_time_unix_nano=START_NS - 7_000)),
        (decode_jaeger_json, jaeger(jaeger_span(duration=-7))),
    ],
)
def test_a_span_that_ends_before_it_starts_is_kept_as_it_is(decode, data):
    assert [record.duration_ns for record in decode(data).records] == [-7_000]


def test_a_span_that_is_its_own_parent_is_kept_as_it_is():
    records = decode_otlp_json(otlp(otlp_span(parentSpanId=SPAN_ID))).records

    assert records[0].parent_id == records[0].span_id


def test_a_megabyte_in_an_attribute_is_read_when_asked_for():
    long = {"key": "body", "value": {"stringValue": "x" * 1_000_000}}

    records = decode_otlp_json(otlp(otlp_span(attributes=[long]))).records

    assert len(attributes(records[0])["body"]) == 1_000_000


def test_control_characters_in_names_are_kept_for_renderers_to_clean():
    assert decode_otlp_json(otlp(otlp_span(name="a\x00\x1b[31m"))).records[0].operation == "a\x00\x1b[31m"


@pytest.mark.parametrize("decode", JSON_DECODERS)
def test_bytes_that_are_not_utf_8_are_shown_as_such(decode):
    data = VALID[decode].replace(b"/cart", b"/c\xffrt")

    records = decode(data).records

    assert records[0].operation.lower() == "get /c\ufffdrt"


@pytest.mark.parametrize("decode", JSON_DECODERS)
def test_half_a_surrogate_pair_is_shown_as_such(decode):
    records = decode(VALID[decode].replace(b"/cart", b"/c\\ud83drt")).records

    assert records[0].operation.lower() == "get /c\ufffdrt"


def test_a_byte_order_mark_is_no_obstacle():
    assert len(decode_jaeger_json(b"\xef\xbb\xbf" + jaeger(jaeger_span())).records) == 1


@pytest.mark.parametrize("decode", JSON_DECODERS)
def test_a_document_nested_too_deeply_is_refused_in_words(decode):
    data = VALID[decode].replace(b'"GET /cart"', b'"","deep":' + b"[" * 100_000 + b"]" * 100_000)
    data = data.replace(b'"get /cart"', b'"","deep":' + b"[" * 100_000 + b"]" * 100_000)

    with pytest.raises(NotThisFormat):
        decode(data)


def test_attributes_of_the_wrong_form_are_left_out_one_by_one():
    given = [7, {"key": 7}, {"key": "a", "value": 7}, {"key": "b", "value": {"intValue": "7"}}]

    records = decode_otlp_json(otlp(otlp_span(attributes=given))).records

    assert attributes(records[0]) == {"otel.scope.name": "http", "b": "7"}


def test_attributes_that_are_no_list_are_none():
    records = decode_otlp_json(otlp(otlp_span(attributes="x", events={"a": 1}))).records

    assert attributes(records[0]) == {"otel.scope.name": "http"}
    assert list(records[0].reader.events(records[0].source)) == []


def test_a_whole_group_of_the_wrong_form_spoils_no_other():
    data = otlp(otlp_span()).replace(b'"resourceSpans": [', b'"resourceSpans": [7, {"scopeSpans": [8]}, ')

    decoded = decode_otlp_json(data)

    assert (len(decoded.records), decoded.unreadable) == (1, 2)


def test_reasons_are_few_and_counted():
    spans = [otlp_span(spanId="")] * 30 + [otlp_span(startTimeUnixNano=-1)] * 2

    decoded = decode_otlp_json(otlp(*spans))

    assert len(decoded.reasons) == 2 <= REASONS_KEPT
    assert decoded.reasons[0] == "its span id is missing, zero or not 8 bytes (30 spans)"


@pytest.mark.parametrize("decode", ALL_DECODERS)
@pytest.mark.parametrize(
    "data", [b"hello", b"{}", b"[1]", b"7", b"\x00\x01\x02", b'{"a": [', b"<html></html>"]
)
def test_what_is_of_another_format_is_refused(decode, data):
    with pytest.raises(NotThisFormat):
        decode(data)


@pytest.mark.parametrize("decode", VALID)
@pytest.mark.parametrize("other", VALID)
def test_no_decoder_takes_the_format_of_another(decode, other):
    if decode is other:
        assert len(build_table(decode(VALID[other]).records)) == 1
        return

    with pytest.raises(NotThisFormat):
        decode(VALID[other])
