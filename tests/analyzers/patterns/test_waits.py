from dataclasses import replace

import numpy as np

from analyzers.patterns import find_patterns
from tests.traces import trace


def test_a_wait_within_a_span_names_it_and_the_child():
    (pattern,) = find_patterns(
        trace(
            """
        shop GET /page     0..1000    server
          shop render      400..1000  internal
            users Charge   410..700   server
              users one    410..550   internal
              users two    550..700   internal
            stock Charge   700..1000  server
              stock one    700..850   internal
              stock two    850..1000  internal
    """,
            1_000_000,
        )
    )

    assert (pattern.pattern, pattern.operation, pattern.saved_ns) == (
        "wait_before_first_child",
        "GET /page",
        400_000_000,
    )
    assert pattern.detail.startswith("400 ms passed in shop GET /page before its first child, render, began")


def test_a_wait_between_services_names_both_ends():
    (pattern,) = find_patterns(
        trace(
            """
        shop POST           0..1000    client
          users POST /a     300..1000  server
            users one       300..490   internal
            users two       490..680   internal
            users three     680..850   internal
            users four      850..1000  internal
    """,
            1_000_000,
        )
    )

    assert pattern.pattern == "wait_before_first_child"
    assert pattern.detail.startswith("300 ms passed between shop POST and users POST /a beginning")


def test_a_span_that_calls_at_once_is_not_told():
    patterns = find_patterns(
        trace("""
        shop POST           0..1000    client
          users POST /a     50..1000  server
    """)
    )

    assert "wait_before_first_child" not in [one.pattern for one in patterns]


def test_time_after_the_first_child_is_not_a_wait_before_it():
    patterns = find_patterns(
        trace("""
        shop GET /page   0..1000  server
          shop early     150..160  internal
    """)
    )

    assert [one.pattern for one in patterns] == ["unexplained_self_time"]


def test_waits_for_a_connection_are_told_together():
    patterns = find_patterns(
        trace("""
        shop GET /page          0..1000   server
          shop pool.acquire     0..150    internal
          users Charge          150..500  server
            users one           150..330  internal
            users two           330..500  internal
          shop pool.acquire     500..650  internal
          stock Charge          650..1000  server
            stock one           650..830  internal
            stock two           830..1000  internal
    """)
    )

    assert [(one.pattern, one.count, one.saved_ns) for one in patterns] == [("pool_wait", 2, 300)]


def test_what_merely_sounds_like_a_pool_is_no_wait():
    patterns = find_patterns(
        trace("""
        shop GET /page             0..1000   server
          shop swimmingpools.list  0..190    internal
          shop connectivity        200..390  internal
    """)
    )

    assert "pool_wait" not in [one.pattern for one in patterns]


SKEWED = """
    shop GET     0..1000  server @h1
      shop call  0..1000  client @h1
        pay serve  {serve}  server @h2
          pay one    {one}    @h2
          pay two    {two}    @h2
"""


def test_what_clocks_leave_in_doubt_is_not_called_a_wait():
    found = find_patterns(
        trace(SKEWED.format(serve="-5000..-4800", one="-5000..-4900", two="-4900..-4800"), 1_000_000)
    )

    assert [one for one in found if one.pattern == "wait_before_first_child"] == []


def test_of_a_wait_between_clocks_only_what_is_sure_is_told():
    spans = trace("shop GET  0..1000  server @h1\n  pay load  500..1000  server @h2", 1_000_000)
    doubtful = replace(spans, clock_error_ns=np.array([0, 60_000_000]))

    wait = next(one for one in find_patterns(doubtful) if one.pattern == "wait_before_first_child")

    assert wait.detail.startswith("at least 440 ms passed between shop GET and pay load beginning")
    assert wait.saved_ns == 440_000_000


def test_a_doubt_about_other_clocks_leaves_a_wait_on_one_clock_alone():
    spans = trace("shop GET  0..1000  server @h1\n  shop load  500..1000  @h1", 1_000_000)
    doubtful = replace(spans, clock_error_ns=np.array([60_000_000, 60_000_000]))

    wait = next(one for one in find_patterns(doubtful) if one.pattern == "wait_before_first_child")

    assert wait.detail.startswith("500 ms passed in shop GET")
