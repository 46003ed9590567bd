from __future__ import annotations

import math

import pytest

from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.sampling_weight import weight_of_attributes, weight_of_sampler, weight_of_trace_state
from backends.formats.zipkin_json import decode_zipkin_json
from tests.backends.formats.spans import jaeger, jaeger_span, otlp, otlp_span, zipkin, zipkin_span


@pytest.mark.parametrize(
    ("state", "weight"),
    [
        ("ot=th:c", 4),
        ("ot=th:8", 2),
        ("ot=th:0", 1),
        ("ot=th:fd70a4", 100),
        ("vendor=x,ot=rv:abc;th:c", 4),
        ("ot=p:3", 8),
        ("ot=th:c;p:3", 4),
        ("ot=p:3;th:xyz", 8),
    ],
)
def test_the_trace_state_says_how_many_spans_one_stands_for(state, weight):
    assert weight_of_trace_state(state) == pytest.approx(weight, rel=1e-6)


@pytest.mark.parametrize(
    "state",
    [
        None,
        "",
        "vendor=th:c",
        "xot=th:c",
        "ot=",
        "ot=th:",
        "ot=th:123456789abcdef",
        "ot=p:63",
        "ot=p:-1",
        "ot=p:²",
    ],
)
def test_a_trace_state_that_says_nothing_usable_says_nothing(state):
    assert math.isnan(weight_of_trace_state(state))


@pytest.mark.parametrize(
    ("attributes", "weight"),
    [
        ({"SampleRate": "20"}, 20),
        ({"sampling.probability": "0.25"}, 4),
        ({"SampleRate": "20", "sampling.probability": "0.25"}, 20),
        ({"SampleRate": "0", "sampling.probability": "0.25"}, 4),
    ],
)
def test_attributes_say_it_in_two_ways(attributes, weight):
    assert weight_of_attributes(attributes) == weight


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e-300", "", "often"])
def test_a_probability_that_is_none_says_nothing(value):
    assert math.isnan(weight_of_attributes({"sampling.probability": value}))


@pytest.mark.parametrize(
    ("kind", "param", "weight"), [("probabilistic", "0.1", 10), ("const", "true", 1), ("const", "1", 1)]
)
def test_jaegers_sampler_says_it(kind, param, weight):
    assert weight_of_sampler({"sampler.type": kind, "sampler.param": param}) == pytest.approx(weight)


def test_a_rate_limit_does_not_say_how_many_were_let_go():
    assert math.isnan(weight_of_sampler({"sampler.type": "ratelimiting", "sampler.param": "2"}))


def test_the_sampler_on_the_root_counts_for_the_whole_trace():
    tags = [{"key": "sampler.type", "value": "probabilistic"}, {"key": "sampler.param", "value": 0.25}]
    child = jaeger_span(
        spanID="2", references=[{"refType": "CHILD_OF", "traceID": "", "spanID": "b7ad6b7169203331"}]
    )

    records = decode_jaeger_json(jaeger(jaeger_span(tags=tags), child)).records

    assert [record.adjusted_count for record in records] == [4, 4]


def test_the_trace_state_is_trusted_before_an_attribute():
    rate = [{"key": "SampleRate", "value": {"intValue": 20}}]

    records = decode_otlp_json(
        otlp(otlp_span(traceState="ot=th:c", attributes=rate), otlp_span(attributes=rate), otlp_span())
    ).records

    assert [record.adjusted_count for record in records][:2] == [4, 20]
    assert math.isnan(records[2].adjusted_count)


def test_zipkins_tags_say_it_too():
    records = decode_zipkin_json(zipkin(zipkin_span(tags={"SampleRate": "20"}))).records

    assert records[0].adjusted_count == 20
