"""Calls between services."""

from __future__ import annotations

from analyzers.wire import NO_CALLEE, callee_service
from tests.traces import trace


def callees(picture):
    spans = trace(picture)
    codes = callee_service(spans).tolist()
    return {
        spans.operation_name(row): spans.services[code] for row, code in enumerate(codes) if code != NO_CALLEE
    }


def test_a_client_span_over_a_server_span_is_a_call():
    assert callees("""
        shop GET /cart  0..100  server
          shop POST       10..60  client
            pay POST /pay   20..50  server
    """) == {"POST": "pay"}


def test_a_client_span_with_nothing_beneath_is_no_call_between_services():
    assert (
        callees("""
        shop GET /cart  0..100  server
          shop SELECT     10..60  client
    """)
        == {}
    )


def test_a_server_span_directly_over_a_server_span_keeps_its_time():
    assert (
        callees("""
        shop GET /cart  0..100  server
          pay POST /pay   20..50  server
    """)
        == {}
    )


def test_without_kinds_a_span_whose_only_child_is_remote_is_a_call():
    assert callees("""
        shop GET /cart  0..100
          shop call pay   10..60
            pay POST /pay   20..50
          shop render     70..90
    """) == {"call pay": "pay"}


def test_an_orphan_under_the_root_is_not_taken_for_its_callee():
    assert (
        callees("""
        shop POST  0..100  client
        pay POST /pay   20..50  server parent=99
    """)
        == {}
    )


def test_of_two_callees_the_first_one_names_the_call():
    assert callees("""
        shop POST  0..100  client
          pay POST /pay   20..30  server
          bank POST /pay   40..50  server
    """) == {"POST": "pay"}
