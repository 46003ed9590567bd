from dataclasses import replace

import pytest

from backends.interface import SpanQuery
from backends.matching import matches, newest_match_ns, newest_traces, of_traces
from tests.traces import drawn

SPANS = drawn("""
    shop GET /cart  10..100  @web-1 user.id=u1
      cart  load    20..60   error
    ---
    shop GET /pay   50..55   user.id=u2
""")
EVERYTHING = SpanQuery(start_ns=0, end_ns=1_000)


@pytest.mark.parametrize(
    ("wanted", "operations"),
    [
        ({}, ["GET /cart", "load", "GET /pay"]),
        ({"service": "cart"}, ["load"]),
        ({"operation": "GET /pay"}, ["GET /pay"]),
        ({"errors_only": True}, ["load"]),
        ({"min_duration_ns": 40}, ["GET /cart", "load"]),
        ({"start_ns": 20, "end_ns": 50}, ["load"]),
        ({"attributes": (("user.id", "u2"),)}, ["GET /pay"]),
        ({"attributes": (("host.name", "web-1"), ("user.id", "u1"))}, ["GET /cart"]),
        ({"attributes": (("service.name", "cart"),)}, ["load"]),
        ({"attributes": (("user.id", "u1"),), "service": "cart"}, []),
        ({"attributes": (("nothing", ""),)}, []),
    ],
)
def test_a_span_matches_only_if_it_is_all_that_is_wanted(wanted, operations):
    query = replace(EVERYTHING, **wanted)

    assert [span.operation for span in SPANS if matches(span, query)] == operations


def test_the_newest_traces_are_kept_whole():
    newest_ns = newest_match_ns(SPANS, EVERYTHING)

    kept = of_traces(SPANS, newest_traces(newest_ns, limit=1))

    assert [span.operation for span in kept] == ["GET /pay"]


def test_traces_of_one_moment_are_chosen_by_id_not_by_arrival():
    assert newest_traces({"b": 5, "a": 5, "c": 9}, limit=2) == ["c", "a"]
    assert newest_traces({"a": 5, "b": 5, "c": 9}, limit=2) == ["c", "a"]


def test_no_trace_fits_a_limit_below_one():
    assert newest_traces({"a": 5}, limit=0) == []
    assert newest_traces({"a": 5}, limit=-3) == []
