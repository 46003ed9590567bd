from dataclasses import replace

import numpy as np

from analyzers.patterns import find_patterns
from tests.traces import trace


def test_a_long_stretch_without_spans_is_told_with_where_it_lies():
    (pattern,) = find_patterns(
        trace(
            """
        shop GET /page  0..1000   server
          shop load     0..100    internal
          shop save     900..1000  internal
    """,
            1_000_000,
        )
    )

    assert (pattern.pattern, pattern.operation, pattern.saved_ns) == (
        "unexplained_self_time",
        "GET /page",
        800_000_000,
    )
    assert pattern.detail.startswith(
        "800 ms (80 % of the trace) is shop GET /page itself, 800 ms of it after load and before save"
    )


def test_a_trace_of_one_span_is_told():
    (pattern,) = find_patterns(trace("shop GET /page  0..1000  server"))

    assert "with no span beneath it" in pattern.detail


def test_a_call_that_nobody_recorded_on_the_other_side_says_so():
    (pattern,) = find_patterns(
        trace("""
        shop GET /page  0..1000   server
          shop POST     10..1000  client url.full="https://psp.example/charge"
    """)
    )

    assert (pattern.pattern, pattern.operation) == ("unexplained_self_time", "POST")
    assert "and the other side records nothing" in pattern.detail


def test_the_way_between_services_is_not_told():
    patterns = find_patterns(
        trace("""
        shop POST         0..1000    client
          users POST /a   50..500  server
            users one     50..200  internal
            users two     200..350  internal
            users three   350..500  internal
    """)
    )

    assert patterns == ()


def test_time_spread_over_many_spans_is_not_told():
    patterns = find_patterns(
        trace("""
        shop GET /page  0..1000   server
          shop a        0..190    internal
          shop b        190..380  internal
          shop c        380..570  internal
          shop d        570..760  internal
          shop e        760..950  internal
    """)
    )

    assert patterns == ()


def test_what_can_be_saved_is_not_more_than_what_is_spent():
    (pattern, *_) = find_patterns(trace("shop GET /cart  0..486  server", 1_000_000))

    assert pattern.detail.startswith("486 ms (100 % of the trace)")
    assert pattern.detail.endswith("at most 486 ms to save")


def test_where_clocks_do_not_tell_on_which_side_of_a_child_the_time_lies_neither_is_named():
    spans = trace("shop GET  0..1000  server @h1\n  pay load  600..900  server @h2", 1_000_000)
    doubtful = replace(spans, clock_error_ns=np.array([0, 400_000_000]))

    found = next(one for one in find_patterns(doubtful) if one.operation == "GET")

    assert "before or after load: clocks do not tell which" in found.detail
