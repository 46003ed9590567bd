"""Jaeger's JSON read straight into columns says what reading it span by span says."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.batch import SpanBatch
from analyzers.builder import build_table
from analyzers.record import LinkTo
from backends.formats import jaeger_found, jaeger_places
from backends.formats.jaeger_batch import read_batch
from backends.formats.jaeger_json import LARGE_BYTES, decode_jaeger_json, decode_span_by_span
from tests.backends.formats.spans import START_US, TRACE_ID, jaeger, jaeger_span
from tests.span_facts import facts_of

MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OTHER_TRACE = "1234567890abcdef"
TRACE_IDS = st.sampled_from([TRACE_ID, TRACE_ID.upper(), OTHER_TRACE, "0" * 16 + OTHER_TRACE])
SPAN_IDS = st.sampled_from(["b7ad6b7169203331", "00f067aa0ba902b7", "f067aa0ba902b7", "1234567890abcdef"])
TEXTS = st.sampled_from(
    ["client", "server", "consumer", "true", "false", "ERROR", "span.kind", "}", '{"a":1}', "é"]
)
KEYS = st.sampled_from(
    ["span.kind", "span.kin", "error", "otel.status_code", "otel.status_description", "http.route"]
)
VALUES = TEXTS | st.booleans() | st.integers(0, 3) | st.none() | st.lists(TEXTS, max_size=2)
TAGS = st.fixed_dictionaries(
    {"key": KEYS, "value": VALUES}, optional={"type": st.just("string")}
) | st.fixed_dictionaries({"key": KEYS, "type": st.just("string"), "value": VALUES})
REFERENCES = st.fixed_dictionaries(
    {
        "refType": st.sampled_from(["CHILD_OF", "CHILD_OF", "CHILD_OF", "FOLLOWS_FROM"]),
        "traceID": TRACE_IDS,
        "spanID": SPAN_IDS,
    }
)
SPANS = st.builds(
    jaeger_span,
    traceID=TRACE_IDS,
    spanID=SPAN_IDS,
    operationName=st.sampled_from(["GET /cart", "load", ""]),
    references=st.lists(REFERENCES, max_size=2) | st.none(),
    startTime=st.integers(START_US, START_US + 5),
    duration=st.integers(-1, 5),
    tags=st.lists(TAGS, max_size=4),
)


def compact(*spans):
    return json.dumps(json.loads(jaeger(*spans)), separators=(",", ":")).encode()


DOCUMENTS = st.builds(
    lambda write, spans: write(*spans), st.sampled_from([jaeger, compact]), st.lists(SPANS, max_size=8)
)


def child(trace_id, span_id, parent_id, **changes):
    reference = {"refType": "CHILD_OF", "traceID": trace_id, "spanID": parent_id}
    return jaeger_span(traceID=trace_id, spanID=span_id, references=[reference], **changes)


@pytest.mark.parametrize("how", ["interpreted", "compiled"])
@MANY
@given(document=DOCUMENTS)
def test_both_ways_say_the_same(how, document):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jaeger_found, "find_spans", getattr(jaeger_places.find_spans, how))
        batch = read_batch(document)

    records = decode_span_by_span(document).records

    assert facts_of(build_table(batch)) == facts_of(build_table(records))


@MANY
@given(document=DOCUMENTS)
def test_a_table_of_texts_that_is_always_full_changes_nothing(document):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jaeger_found, "find_spans", jaeger_places.find_spans.interpreted)
        patch.setattr(jaeger_places, "SLOT_BITS", 2)
        patch.setattr(jaeger_places, "SLOTS", 4)
        batch = read_batch(document)

    records = decode_span_by_span(document).records

    assert facts_of(build_table(batch)) == facts_of(build_table(records))


def test_texts_that_collide_are_looked_at_a_few_times_and_read_alike():
    names = [f"load {number}" for number in range(4 * jaeger_places.MOST_TRIES)]
    document = compact(*(jaeger_span(operationName=name) for name in [*names, *reversed(names)]))
    look, looks = jaeger_places.are_equal, []

    def are_equal(*places):
        looks.append(places)
        return look(*places)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jaeger_found, "find_spans", jaeger_places.find_spans.interpreted)
        patch.setattr(jaeger_places, "slot_of", lambda *_: 0)
        patch.setattr(jaeger_places, "are_equal", are_equal)
        batch = read_batch(document)

    assert list(batch.operation) == [*names, *reversed(names)]
    n_texts = 3 * len(batch)  # trace id, operation and process
    assert len(looks) <= jaeger_places.MOST_TRIES * n_texts


def test_equal_texts_have_one_code():
    names = [f"GET /api/{number}" for number in range(2000)]

    batch = read_batch(compact(*(jaeger_span(operationName=name) for name in names * 3)))

    assert len(batch.operation.values) == len(names)
    assert list(batch.operation) == names * 3


@MANY
@given(at=st.integers(0, 1000), cut=st.integers(0, 5), put=st.binary(max_size=5))
def test_a_document_with_a_few_bytes_changed_is_read_alike_or_left_to_the_other_way(at, cut, put):
    valid = compact(
        child(TRACE_ID, "00000000000000a1", "00000000000000a0"),
        child(TRACE_ID, "00000000000000a2", "00000000000000a1", tags=[{"key": "error", "value": True}]),
        jaeger_span(tags=[{"key": "span.kind", "type": "string", "value": "server"}]),
    )
    document = valid[:at] + put + valid[at + cut :]

    batch = read_batch(document)

    assert batch is None or facts_of(build_table(batch)) == facts_of(
        build_table(decode_span_by_span(document).records)
    )


def test_a_large_document_comes_as_columns():
    import numba  # noqa: F401, PLC0415 - as in a process that has analysed many spans

    spans = [child(TRACE_ID, f"{number:016x}", f"{number - 1:016x}") for number in range(2, 1000)]
    document = compact(*spans)

    decoded = decode_jaeger_json(document)

    assert len(document) > LARGE_BYTES
    assert isinstance(decoded.records, SpanBatch)
    assert decoded.records.parent_id.tolist() == list(range(1, 999))


@pytest.mark.parametrize(
    "changes",
    [
        {"operationName": 'GET /"a"?b=1&c=\u00e9'},
        {"spanID": "A7AD6B7169203331"},
        {"spanID": "f"},
        {"references": [{"spanID": "e7ad6b7169203331", "traceID": TRACE_ID, "refType": "CHILD_OF"}]},
        {"references": [{"refType": "CHILD_OF", "traceID": TRACE_ID.upper(), "spanID": "1"}]},
        {
            "tags": [
                {"key": "a", "value": {"key": "error", "value": [1.5e-3, -2, "x]}"]}},
                {"key": "error", "value": 1},
            ]
        },
        {"tags": [{"value": "ERROR", "key": "otel.status_code"}, {"key": "error", "value": False}]},
        {"tags": [{"key": "otel.status_description", "value": 'no "room"'}, {"key": None, "value": 5}]},
        {"tags": [{"key": "span.kind", "value": "server"}, {"key": "span.kind", "value": "client"}]},
        {"tags": [{"key": 5, "value": "client"}, {"key": "a", "value": "\\"}]},
        {
            "tags": [
                {"key": "error", "type": "string", "value": '"'},
                {"key": "a", "type": "string", "value": "}"},
            ]
        },
        {"tags": [{"key": "error", "type": "string", "valued": True, "value": "false"}]},
        {"tags": [{"key": "error", "type": "string", "value": "true", "note": "}"}]},
        {"tags": None, "logs": None, "references": None, "process": None, "warnings": ["span.kind"]},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_what_is_written_in_another_way_is_read_alike(changes, indent):
    spans = json.loads(jaeger(jaeger_span(spanID="00000000000000a2"), jaeger_span(**changes)))
    document = json.dumps(spans, indent=indent).encode()

    batch = read_batch(document)

    assert facts_of(build_table(batch)) == facts_of(build_table(decode_span_by_span(document).records))


@pytest.mark.parametrize(
    "tags",
    [
        '[{"key":"\\u0065rror","value":true}]',
        '[{"key":"error","value":true,"value":false}]',
        '[{"key":"error","type":"string","value":"true","value":"false"}]',
        '[{"key":"sampler.type","type":"string","value":"const"}]',
        '[{"key":"error","key":"fine","value":true}]',
        '[5,{"key":"error","value":true}]',
    ],
)
def test_tags_that_are_written_oddly_are_left_to_the_other_way(tags):
    document = compact(jaeger_span(tags="HERE")).replace(b'"HERE"', tags.encode())

    assert read_batch(document) is None


def test_a_trace_whose_own_id_is_no_text_is_left_to_the_other_way():
    document = json.loads(jaeger(jaeger_span()))
    document["data"][0]["traceID"] = 5

    assert read_batch(json.dumps(document).encode()) is None


def test_what_is_no_text_in_utf8_is_left_to_the_other_way():
    document = compact(jaeger_span(operationName="HERE")).replace(b"HERE", b"\xff")

    assert read_batch(document) is None


def test_references_beside_the_parent_are_kept_as_links():
    odd = child(TRACE_ID, "00000000000000a3", "00000000000000a1")
    odd["references"].append({"refType": "FOLLOWS_FROM", "traceID": OTHER_TRACE, "spanID": "b"})

    batch = read_batch(compact(child(TRACE_ID, "00000000000000a2", "00000000000000a1"), odd))

    assert batch.parent_id.tolist() == [0xA1, 0xA1]
    assert batch.links == {1: (LinkTo("0" * 16 + OTHER_TRACE, 11),)}


@pytest.mark.parametrize(
    "changes",
    [
        {"traceID": ""},
        {"traceID": "x"},
        {"spanID": "0"},
        {"spanID": "xyz"},
        {"spanID": "0" * 16},
        {"startTime": -1},
        {"startTime": 2**62},
        {"startTime": 2**80},
        {"duration": -START_US - 1},
        {"startTime": "5"},
        {"operationName": None},
        {"processID": "p9"},
        {"process": {"serviceName": "own"}},
        {"references": [{"refType": "CHILD_OF", "traceID": TRACE_ID, "spanID": "xyz"}]},
        {"references": [{"refType": "CHILD_OF", "traceID": TRACE_ID, "spanID": "ghghghghghghghgh"}]},
        {"references": {}},
        {"tags": [{"key": "sampler.type", "value": "const"}]},
    ],
)
def test_a_document_with_an_odd_span_is_left_to_the_other_way(changes):
    plain = child(TRACE_ID, "00000000000000a2", "00000000000000a1")

    assert read_batch(compact(plain, jaeger_span(**changes))) is None


def test_a_message_that_is_an_error_comes_with_it():
    tags = [
        {"key": "otel.status_code", "value": "ERROR"},
        {"key": "otel.status_description", "value": "out of stock"},
    ]

    batch = read_batch(compact(jaeger_span(), jaeger_span(tags=tags)))

    assert list(batch.message) == ["", "out of stock"]
    assert batch.status.tolist() == [0, 2]
    assert np.isnan(batch.adjusted_count).all()
