"""OTLP requests read straight into columns say what protobuf's library says of them."""

import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from analyzers.batch import SpanBatch
from analyzers.builder import build_table
from backends.embedded.encoding import encode
from backends.embedded.receivers.otlp_batch import FoundSpans, OddRequest, prepare, read_batch
from backends.embedded.receivers.otlp_places import LONGEST_ATTRIBUTE, MOST_KEYS, find_spans
from backends.embedded.receivers.otlp_stored import LARGE_BYTES, StoredDecoder, decode_span_by_span
from backends.embedded.receivers.stored_pairs import KnownPairs
from backends.formats.decoded import NotThisFormat
from tests.backends.embedded.sending import START_NS, request_of
from tests.backends.embedded.test_otlp_stored import ATTRIBUTES, TEXT
from tests.span_facts import facts_of

MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOWS = pytest.mark.parametrize("how", ["interpreted", "compiled"])
IDS = st.sampled_from([b"\xab" * 16, b"\xcd" * 16, bytes(15) + b"\1"])
SPAN_IDS = st.integers(1, 2**64 - 1).map(lambda number: number.to_bytes(8))
TIMES = st.integers(START_NS, START_NS + 5)
NAMES = TEXT | st.sampled_from(
    ["GET /cart", 'say "no"\\\n', "\x00\x1f\x7f\b\f\t\r", "é" * 9, "twelve bytes", ""]
)
PLAIN = st.lists(
    st.builds(
        lambda key, value: KeyValue(key=key, value=value),
        st.sampled_from(["http.route", "k", "otel.scope.name"]) | NAMES,
        NAMES.map(lambda text: AnyValue(string_value=text))
        | st.integers(-1, 2**63 - 1).map(lambda number: AnyValue(int_value=number))
        | st.booleans().map(lambda truth: AnyValue(bool_value=truth)),
    ),
    max_size=5,
)
EVENTS = st.lists(st.builds(Span.Event, time_unix_nano=TIMES, name=NAMES, attributes=PLAIN), max_size=1)
LINKS = st.lists(st.builds(Span.Link, trace_id=IDS, span_id=SPAN_IDS | st.just(b"")), max_size=1)
SPANS = st.builds(
    Span,
    trace_id=IDS,
    span_id=SPAN_IDS,
    parent_span_id=SPAN_IDS | st.just(b""),
    trace_state=st.sampled_from(["", "ot=th:c", "a=b"]),
    flags=st.sampled_from([0, 0x301]),
    name=NAMES,
    kind=st.integers(0, 7),
    start_time_unix_nano=TIMES,
    end_time_unix_nano=TIMES | st.just(0),
    attributes=PLAIN | ATTRIBUTES,
    dropped_attributes_count=st.integers(0, 300),
    events=EVENTS,
    links=LINKS,
    status=st.none() | st.builds(Status, message=NAMES, code=st.integers(0, 4)),
)
SCOPES = st.none() | st.builds(
    InstrumentationScope, name=NAMES, version=NAMES, attributes=ATTRIBUTES | st.just([])
)
GROUPS = st.builds(
    ScopeSpans,
    scope=SCOPES,
    spans=st.lists(SPANS, min_size=1, max_size=3),
    schema_url=st.sampled_from(["", "a", "é"]),
)
PARTS = st.builds(
    ResourceSpans,
    resource=st.none() | st.builds(Resource, attributes=ATTRIBUTES),
    scope_spans=st.lists(GROUPS, min_size=1, max_size=2),
)
REQUESTS = st.lists(PARTS, min_size=1, max_size=2).map(
    lambda parts: ExportTraceServiceRequest(resource_spans=parts)
)


def batch_of_request(data, how="interpreted"):
    return read_batch(data, KnownPairs(), getattr(find_spans, how))


def columns_of(records):
    """Every column as it is stored, the resources as texts."""
    spans = encode(records)
    named = [spans.resources[code] for code in spans.columns["resource"].tolist()]
    others = {name: column.tolist() for name, column in spans.columns.items() if name != "resource"}
    weights = others.pop("adjusted_count")
    return others | {"resource": named, "weight": list(map(str, weights))}


def facts_of_decoded(decoded):
    return facts_of(build_table(decoded.records)), columns_of(decoded.records)


def facts_of_batch(batch):
    return facts_of(build_table(batch)), columns_of(batch)


def same_or_left_to_the_library(data, how):
    batch = batch_of_request(data, how)
    if batch is None:
        return True
    decoded = decode_span_by_span(data, KnownPairs())
    return not decoded.unreadable and facts_of_batch(batch) == facts_of_decoded(decoded)


@HOWS
@MANY
@given(request=REQUESTS)
def test_both_ways_say_the_same(how, request):
    assert same_or_left_to_the_library(request.SerializeToString(), how)


@HOWS
@MANY
@given(
    request=REQUESTS,
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=3)), max_size=3),
)
def test_a_request_with_a_few_bytes_changed_is_read_alike_or_left_to_the_library(how, request, edits):
    data = request.SerializeToString()
    for where, cut, put in edits:
        at = round(where * len(data))
        data = data[:at] + put + data[at + cut :]

    assert same_or_left_to_the_library(data, how)


@HOWS
@given(request=REQUESTS, end=st.floats(0, 1, exclude_max=True))
def test_the_beginning_of_a_request_is_read_alike_or_left_to_the_library(how, request, end):
    data = request.SerializeToString()

    assert same_or_left_to_the_library(data[: int(end * len(data))], how)


@HOWS
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_alike_or_left_to_the_library(how, data):
    assert same_or_left_to_the_library(data, how)


@HOWS
def test_a_usual_request_is_not_left_to_the_library(how):
    request = request_of(3, flags=0x301, dropped_events_count=200, parent_span_id=b"\7" * 8)
    span = request.resource_spans[0].scope_spans[0].spans[1]
    span.attributes.add(key="error.text", value=AnyValue(string_value='é "quoted"\n\x01'))
    span.attributes.add(key="size", value=AnyValue(int_value=2**62))

    batch = batch_of_request(request.SerializeToString(), how)

    assert batch.source[1][0] == (
        '[["user.id","42"],["error.text","é \\"quoted\\"\\n\\u0001"],["size","4611686018427387904"]]'
    )
    assert batch.parent_id.tolist() == [0x0707070707070707, 0, 0]


def field(tag, content):
    """A field that holds bytes, for contents of less than 128."""
    return bytes([*tag, len(content)]) + content


def span_with(raw):
    """A request with a span, and these bytes at the end of it."""
    ids = field([0x0A], b"\1" * 16) + field([0x12], b"\2" * 8)
    return field([0x0A], field([0x12], field([0x12], ids + raw)))


UNKNOWN = [
    pytest.param(b"\xa0\x06\x05", id="a number"),
    pytest.param(b"\xa1\x06" + b"\5" * 8, id="eight bytes"),
    pytest.param(b"\xa2\x06\x03abc", id="bytes"),
    pytest.param(b"\xa5\x06" + b"\5" * 4, id="four bytes"),
]


@HOWS
@pytest.mark.parametrize("raw", UNKNOWN)
def test_fields_of_a_later_version_of_otlp_are_skipped(how, raw):
    batch = batch_of_request(span_with(raw + field([0x2A], b"load")), how)

    assert list(batch.operation) == ["load"]


ODD = [
    pytest.param(b"\xa3\x06\xa4\x06", id="a group"),
    pytest.param(b"\x2d" + b"\5" * 4, id="a name that is a number"),
    pytest.param(b"\x3a\x08" + b"\5" * 8, id="a start that is bytes"),
    pytest.param(b"\x02\x00", id="field 0"),
    pytest.param(b"\x0a\x00", id="no trace id any more"),
    pytest.param(b"\x22\x03abc", id="a parent of three bytes"),
    pytest.param(b"\x7a\x02\x18\x02\x7a\x03\x12\x01a", id="two statuses, which are one"),
    pytest.param(b"\x30\x82\x80\x80\x80\x10", id="a kind beyond 32 bits"),
    pytest.param(b"\x41" + b"\xff" * 8, id="an end beyond the years"),
    pytest.param(b"\x2a\x02\xc3(", id="a name that is no text"),
    pytest.param(b"\x2a\xff\xff\xff\xff\x0f", id="a length of four gigabytes"),
    pytest.param(b"\x2a" + b"\xff" * 9 + b"\x01", id="a length of 64 bits"),
    pytest.param(b"\x39\1\2\3", id="a time that is cut off"),
    pytest.param(b"\x50" + b"\xff" * 12, id="a number without end"),
]


@HOWS
@pytest.mark.parametrize("raw", ODD)
def test_what_is_odd_is_left_to_the_library(how, raw):
    assert batch_of_request(span_with(raw), how) is None


ODD_ATTRIBUTES = [
    pytest.param(b"\x0a\x01k\x12\x09\x21" + b"\0" * 6 + b"\xe0\x3f", "0.5", id="a double"),
    pytest.param(b"\x12\x03\x0a\x01v\x0a\x01k", "v", id="value before key"),
    pytest.param(b"\x0a\x01k", "", id="no value"),
    pytest.param(b"\x0a\x01x\x0a\x01k\x12\x03\x0a\x01v", "v", id="two keys"),
    pytest.param(b"\x0a\x01k\x12\x03\x0a\x01v\xa0\x06\x05", "v", id="an unknown field"),
    pytest.param(b"\x0a\x01k\x12\x05\x18\x01\x0a\x01v", "v", id="two values"),
    pytest.param(b"\x0a\x01k\x12\x0b\x18" + b"\xff" * 9 + b"\x01", "-1", id="a negative number"),
]


@HOWS
@pytest.mark.parametrize(("raw", "value"), ODD_ATTRIBUTES)
def test_odd_attributes_are_left_to_the_library_and_the_rest_is_not(how, raw, value):
    batch = batch_of_request(span_with(field([0x4A], raw)), how)

    assert batch.source[0][0] == f'[["k","{value}"]]'


@HOWS
@pytest.mark.parametrize("text", [b"\xc3(", b"\xed\xa0\x80", b"\xff"])
def test_an_attribute_that_is_no_text_is_left_to_the_library(how, text):
    pair = b"\x0a\x01k" + field([0x12], field([0x0A], text))

    assert batch_of_request(span_with(field([0x4A], pair)), how) is None
    with pytest.raises(NotThisFormat):
        decode_span_by_span(span_with(field([0x4A], pair)), KnownPairs())


@HOWS
def test_more_attributes_than_are_compared_are_left_to_the_library(how):
    request = request_of(2)
    span = request.resource_spans[0].scope_spans[0].spans[1]
    for number in range(MOST_KEYS):
        span.attributes.add(key=f"k{number}", value=AnyValue(int_value=number))
    data = request.SerializeToString()

    batch = batch_of_request(data, how)

    assert facts_of_batch(batch) == facts_of_decoded(decode_span_by_span(data, KnownPairs()))


@HOWS
@pytest.mark.parametrize("longest", ["\x01", "", "é"])
def test_what_is_written_never_takes_more_room_than_there_is(how, longest):
    request = request_of(1)
    span = request.resource_spans[0].scope_spans[0].spans[0]
    for number in range(50):
        span.attributes.add(key=f"{number}{longest * 40}", value=AnyValue(string_value=longest * number))
    data = request.SerializeToString()

    found = FoundSpans(data, getattr(find_spans, how))

    assert len(found.written) <= LONGEST_ATTRIBUTE * len(data)


def test_a_request_without_spans_is_left_to_the_library():
    for data in (b"", b"\x0a\x00", b"\x0a\x02\x12\x00", b"\x12\x00" * 50):
        with pytest.raises(OddRequest):
            FoundSpans(data, find_spans.interpreted)


def test_a_weight_that_an_attribute_says_is_left_to_the_library():
    request = request_of(1)
    request.resource_spans[0].scope_spans[0].spans[0].attributes.add(key="SampleRate").value.int_value = 10

    assert batch_of_request(request.SerializeToString()) is None


def test_spans_come_one_by_one_until_the_loops_are_ready():
    may_end = threading.Event()

    def slowly():
        may_end.wait()
        prepare()

    decoder = StoredDecoder(slowly)
    small, large = (request_of(number).SerializeToString() for number in (100, 2_000))
    decoder.decode(small)
    assert len(large) > LARGE_BYTES > len(small)
    assert decoder._preparing is None

    before = decoder.decode(large).records
    may_end.set()
    decoder._preparing.join()
    after = decoder.decode(large).records

    assert not isinstance(before, SpanBatch)
    assert isinstance(after, SpanBatch)
    assert np.array_equal(after.span_id, [record.span_id for record in before])
    assert facts_of(build_table(after)) == facts_of(build_table(before))
