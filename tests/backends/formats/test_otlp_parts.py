"""How much a message holds is found out before anything is made of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData

from backends.formats.decoded import NotThisFormat, TooMuch
from backends.formats.otlp_parts import WORDS, MostParts, count_parts, most_details, refuse_too_much
from backends.formats.otlp_protobuf import decode_otlp_protobuf

FEW = MostParts(spans=100, groups=100, details=100, of_one=50)
LEAVES = st.builds(AnyValue, string_value=st.text(max_size=3)) | st.builds(AnyValue, int_value=st.just(-1))
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: AnyValue(array_value=ArrayValue(values=some)))
        | inner.map(lambda one: AnyValue(kvlist_value=KeyValueList(values=[KeyValue(value=one)])))
    ),
    max_leaves=4,
)
PAIRS = st.lists(st.builds(KeyValue, key=st.just("k"), value=VALUES), max_size=3)
EVENTS = st.lists(st.builds(Span.Event, attributes=PAIRS), max_size=2)
SPANS = st.lists(st.builds(Span, attributes=PAIRS, events=EVENTS), max_size=3)
GROUPS = st.lists(st.builds(ScopeSpans, spans=SPANS), max_size=2)
PARTS = st.builds(ResourceSpans, resource=st.builds(Resource, attributes=PAIRS), scope_spans=GROUPS)
MESSAGES = st.builds(TracesData, resource_spans=st.lists(PARTS, max_size=2))


def piece(tag, content):
    """A field that holds bytes; fewer than 2**21 of them."""
    length = len(content)
    return bytes([tag, length & 127 | 128, length >> 7 & 127 | 128, length >> 14]) + content


def in_span(content):
    return piece(0x0A, piece(0x12, piece(0x12, content)))


BOMBS = {
    "empty spans": piece(0x0A, piece(0x12, b"\x12\x00" * 101)),
    "empty scopes": piece(0x0A, b"\x12\x00" * 100),
    "empty resources": b"\x0a\x00" * 101,
    "attributes": in_span(b"\x4a\x00" * 51),
    "events": in_span(b"\x5a\x00" * 51),
    "links": in_span(b"\x6a\x00" * 51),
    "attributes of an event": in_span(piece(0x5A, b"\x1a\x00" * 50)),
    "a list": in_span(piece(0x4A, piece(0x12, piece(0x2A, b"\x0a\x00" * 50)))),
    "a value written anew": in_span(piece(0x4A, piece(0x12, b"\x2a\x00\x32\x00" * 25))),
    "attributes of a resource": piece(0x0A, piece(0x0A, b"\x0a\x00" * 51)),
    "attributes of a scope": piece(0x0A, piece(0x12, piece(0x0A, b"\x1a\x00" * 51))),
    "some on each span": in_span(b"\x5a\x00" * 40) * 3,
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_more_than_is_read_at_a_time_is_refused(bomb, compiled):
    with pytest.raises(TooMuch, match=r"more than (100|50) "):
        refuse_too_much(bomb, FEW, compiled=compiled)


@pytest.mark.parametrize(
    "data",
    [
        piece(0x0A, piece(0x12, b"\x12\x00" * 100)),
        b"\x0a\x00" * 100,
        in_span(b"\x4a\x00" * 50),
        in_span(piece(0x0A, b"\x01" * 16) + b"\x90\x3f\x01" * 99),
        in_span(piece(0x4A, b"\x12\x00" * 99)),
    ],
)
def test_what_is_within_the_bounds_is_not(data):
    refuse_too_much(data, FEW)
    refuse_too_much(data, FEW, compiled=True)


@pytest.mark.parametrize("wrapping", [bytes, lambda bomb: piece(0x0A, bomb)])
@pytest.mark.parametrize("before", [b"", b"\x3b\x3c"])
@pytest.mark.parametrize("behind", [b"", b"\x0a"])
def test_a_file_of_empty_spans_is_refused_also_as_tempo_wraps_it_and_with_odd_or_broken_fields(
    wrapping, before, behind
):
    bomb = before + in_span(b"") + piece(0x0A, piece(0x12, b"\x12\x00" * 100_001)) + behind

    with pytest.raises(NotThisFormat, match=r"more than 100,000 spans|only the beginning"):
        decode_otlp_protobuf(wrapping(bomb))


GROUPS_OF_FIELDS = (b"\x3b\x3c", b"\x3b\x0a\x01\x00\x43\x08\x01\x44\x3c")


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("group", GROUPS_OF_FIELDS)
def test_what_stands_behind_a_group_of_fields_is_counted_too(group, compiled):
    with pytest.raises(TooMuch, match="more than 100 spans"):
        refuse_too_much(group + piece(0x0A, piece(0x12, b"\x12\x00" * 101)), FEW, compiled=compiled)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_group_within_a_span_is_no_detail(compiled):
    refuse_too_much(in_span(b"\x3b" + b"\x4a\x00" * 90 + b"\x3c"), FEW, compiled=compiled)


@pytest.mark.parametrize("end", [b"\x3b", b"\x3c", b"\x3b\x0a\x02\x00"])
def test_a_group_that_does_not_end_is_cut_off(end):
    with pytest.raises(NotThisFormat, match="only the beginning"):
        refuse_too_much(b"\x0a\x00" * 60 + end, FEW)


@pytest.mark.parametrize("end", [b"\x0a\xff\xff\x7f", b"\x0a", b"\x0b", b"\x08" + b"\xff" * 11, b"\x09\x00"])
def test_what_is_cut_off_is_no_such_message(end):
    with pytest.raises(NotThisFormat, match="only the beginning"):
        refuse_too_much(b"\x0a\x00" * 60 + end, FEW)


def test_nothing_is_followed_deeper_than_protobuf_follows_it():
    value = b""
    for _ in range(48):
        value = piece(0x2A, piece(0x0A, value))

    with pytest.raises(NotThisFormat, match="only the beginning"):
        refuse_too_much(in_span(piece(0x4A, piece(0x12, value)) * 2), MostParts(10, 10, 190, 1_000))


@given(MESSAGES)
def test_no_message_holds_more_details_than_bytes_that_may_begin_one(message):
    data = message.SerializeToString()

    assert sum(details_of_part(part) for part in message.resource_spans) <= most_details(data)


@pytest.mark.parametrize("compiled", [False, True])
def test_details_under_tags_that_are_longer_than_need_be_are_counted_too(compiled):
    with pytest.raises(TooMuch, match="more than 100 attributes"):
        refuse_too_much(in_span(b"\xca\x80\x00\x00" * 40) * 3, FEW, compiled=compiled)


@given(MESSAGES)
def test_each_is_counted_once(message):
    data = message.SerializeToString()
    counts = np.zeros(len(WORDS), np.int64)

    count_parts.interpreted(data, 0, (10**6,) * 4, counts, np.zeros(101, np.int64), np.zeros(101, np.int64))

    assert counts.tolist()[:3] == [
        sum(len(group.spans) for part in message.resource_spans for group in part.scope_spans),
        sum(1 + len(part.scope_spans) for part in message.resource_spans),
        sum(details_of_part(part) for part in message.resource_spans),
    ]


def details_of_part(part):
    spans = [span for group in part.scope_spans for span in group.spans]
    return in_pairs(part.resource.attributes) + sum(
        in_pairs(span.attributes) + sum(1 + in_pairs(event.attributes) for event in span.events)
        for span in spans
    )


def in_pairs(pairs):
    return sum(1 + in_value(pair.value) for pair in pairs)


def in_value(value):
    if value.HasField("array_value"):
        return 1 + sum(1 + in_value(item) for item in value.array_value.values)
    return 1 + in_pairs(value.kvlist_value.values) if value.HasField("kvlist_value") else 0
