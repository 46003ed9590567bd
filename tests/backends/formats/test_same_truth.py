"""Every decoder reads the same truth out of what real servers made of the same spans."""

from __future__ import annotations

import pytest

from analyzers.table import Kind, Status
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.formats.zipkin_json import decode_zipkin_json
from tests.backends.formats.recorded import ANSWERS, RECORDED


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.path)
def test_a_recorded_answer_holds_the_truth_but_for_the_losses_listed(answer):
    assert answer.found() == answer.expected()


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.path)
def test_nothing_in_a_recorded_answer_is_unreadable(answer):
    assert (answer.decoded().unreadable, answer.decoded().reasons) == (0, ())


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.path)
def test_equal_resources_are_one_object(answer):
    resources = [record.resource for record in answer.decoded().records]

    assert len({id(resource) for resource in resources}) <= 3 * 4


@pytest.mark.parametrize(
    "name", ["03-v3-trace.resp.body", "04-v3-trace-raw.resp.body", "02-v1-trace-raw.resp.body"]
)
def test_spans_sent_twice_are_all_handed_over_since_repair_counts_them(name):
    decode = {"v1": decode_jaeger_json, "v3": decode_otlp_json}[name[3:5]]

    records = decode((RECORDED / "jaeger-sent-twice" / name).read_bytes()).records

    assert len({record.span_id for record in records}) == 2


def test_a_span_shared_by_client_and_server_comes_as_two():
    records = decode_zipkin_json((RECORDED / "zipkin-shared" / "01-trace.resp.body").read_bytes()).records

    assert [(record.span_id, record.parent_id, record.kind, record.service) for record in records] == [
        (0xA1, 0, Kind.SERVER, "edge"),
        (0xB2, 0xA1, Kind.CLIENT, "edge"),
        (0xB2, 0xA1, Kind.SERVER, "core"),
        (0xC3, 0xB2, Kind.INTERNAL, "core"),
    ]


def test_an_empty_error_tag_of_zipkin_is_an_error_without_a_message():
    path = RECORDED / "zipkin-shared" / "02-search-error-empty-message.resp.body"

    records = decode_zipkin_json(path.read_bytes()).records

    assert [(record.status, record.message) for record in records if record.operation == "work"] == [
        (Status.ERROR, "")
    ]


@pytest.mark.parametrize(
    ("decode", "name"),
    [
        (decode_otlp_json, "tempo/45-trace-v2-unknown.resp.body"),
        (decode_otlp_protobuf, "tempo/34-trace-v1-unknown-protobuf.resp.body"),
        (decode_otlp_protobuf, "tempo/46-trace-v2-unknown-protobuf.resp.body"),
        (decode_jaeger_json, "jaeger-v1/28-trace-unknown.resp.body"),
        (decode_jaeger_json, "victoriatraces/22-trace-unknown.resp.body"),
    ],
)
def test_the_answer_on_an_unknown_trace_is_no_spans(decode, name):
    decoded = decode((RECORDED / name).read_bytes())

    assert (decoded.records, decoded.unreadable) == ([], 0)
