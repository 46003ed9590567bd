"""Received spans: stored as any decoder would have them, whatever their attributes are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from analyzers.builder import build_table
from backends.embedded.encoding import encode
from backends.embedded.receivers import stored_pairs
from backends.embedded.receivers.otlp_stored import decode_span_by_span
from backends.embedded.receivers.stored_pairs import KnownPairs
from backends.formats.decoded import NotThisFormat
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from tests.backends.embedded.sending import request_of
from tests.span_facts import facts_of

TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
SCALARS = (
    TEXT.map(lambda text: AnyValue(string_value=text))
    | st.integers(-(2**63), 2**63 - 1).map(lambda number: AnyValue(int_value=number))
    | st.floats().map(lambda number: AnyValue(double_value=number))
    | st.booleans().map(lambda truth: AnyValue(bool_value=truth))
    | st.binary(max_size=4).map(lambda data: AnyValue(bytes_value=data))
    | st.just(AnyValue())
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda some: AnyValue(array_value=ArrayValue(values=some)))
        | inner.map(lambda one: AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key="k", value=one)])))
    ),
    max_leaves=4,
)
ATTRIBUTES = st.lists(
    st.builds(lambda key, value: KeyValue(key=key, value=value), st.sampled_from("abc") | TEXT, VALUES),
    max_size=5,
)


def request_with(attributes, scope="", state=""):
    request = request_of(2, trace_state=state)
    group = request.resource_spans[0].scope_spans[0]
    group.scope.name = scope
    group.spans[1].attributes.extend(attributes)
    group.spans[1].events.add(name="exception", time_unix_nano=5).attributes.extend(attributes)
    return request.SerializeToString()


@given(ATTRIBUTES, TEXT)
def test_spans_are_stored_as_the_other_decoder_has_them(attributes, scope):
    data = request_with(attributes, scope)
    known = KnownPairs()

    first, again = decode_span_by_span(data, known), decode_span_by_span(data, known)

    expected = decode_otlp_protobuf(data).records
    assert facts_of(build_table(first.records)) == facts_of(build_table(expected))
    assert texts_of(first.records) == texts_of(again.records) == texts_of(expected)


def texts_of(records):
    columns = encode(records).columns
    return columns["attributes"].tolist(), columns["events"].tolist()


def test_of_equal_keys_the_last_counts():
    pairs = [KeyValue(key="k", value=AnyValue(string_value=value)) for value in ("old", "new")]

    _, span = decode_span_by_span(request_with(pairs), KnownPairs()).records

    assert span.source[0] == '[["user.id","42"],["k","old",""],["k","new"]]'


def test_a_weight_that_an_attribute_says_is_found():
    pairs = [KeyValue(key="SampleRate", value=AnyValue(int_value=10))]

    first, second = decode_span_by_span(request_with(pairs), KnownPairs()).records

    assert math.isnan(first.adjusted_count)
    assert second.adjusted_count == 10


def test_what_is_remembered_of_attributes_is_bounded(monkeypatch):
    monkeypatch.setattr(stored_pairs, "PAIRS_KNOWN", 10)
    known = KnownPairs()
    pairs = [KeyValue(key=f"k{number}", value=AnyValue(string_value="v")) for number in range(100)]
    pairs.append(KeyValue(key="long", value=AnyValue(string_value="x" * stored_pairs.LONGEST_KNOWN)))

    decode_span_by_span(request_with(pairs), known)

    assert len(known) <= 10
    assert not any(b"long" in raw for raw in known)


def test_an_attribute_that_is_none_is_no_request():
    data = request_with([KeyValue(key="damaged")]).replace(b"\x0a\x07damaged", b"\x0a\x09damaged")

    with pytest.raises(NotThisFormat):
        decode_span_by_span(data, KnownPairs())


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ({"span_id": b"\1"}, "its span id is missing, zero or not 8 bytes"),
        ({"span_id": bytes(8)}, "its span id is missing, zero or not 8 bytes"),
        ({"span_id": b"\1" * 9}, "its span id is missing, zero or not 8 bytes"),
        ({"trace_id": b"\1" * 8}, "its trace id is missing, zero or not 16 bytes"),
        ({"parent_span_id": b"\1" * 7}, "its parent's id is not 8 bytes"),
    ],
)
def test_an_id_that_was_cut_off_is_rejected_and_not_padded(ids, reason):
    data = request_of(3, **ids).SerializeToString()

    decoded = decode_span_by_span(data, KnownPairs())

    assert (len(decoded.records), decoded.unreadable, decoded.reasons) == (2, 1, (reason,))
    assert decoded_facts(decode_otlp_protobuf(data)) == decoded_facts(decoded)


def decoded_facts(decoded):
    return facts_of(build_table(decoded.records)), decoded.unreadable, decoded.reasons
