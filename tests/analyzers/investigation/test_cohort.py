from __future__ import annotations

import pytest
from hypothesis import given, settings

from analyzers.investigation.cohort import cohort_of
from analyzers.report_base import Scope
from tests.strategies import repaired_tables
from tests.traces import repaired

SHOP = """
    frontend GET /cart  0..100       server
      frontend call     10..90       client
        cart  load      20..80       server
          cart  SELECT  30..60       client
      frontend again    90..100      client
        cart  load      92..98       server
"""


def test_without_a_scope_a_request_is_a_trace():
    cohort = cohort_of(repaired(SHOP))

    assert cohort.duration_ns.tolist() == [100]


def test_a_service_is_entered_by_each_call_from_outside():
    cohort = cohort_of(repaired(SHOP), Scope(service="cart"))

    assert cohort.duration_ns.tolist() == [60, 6]


def test_a_request_takes_what_is_beneath_its_entry_along():
    cohort = cohort_of(repaired(SHOP), Scope(service="cart"))

    assert [cohort.spans.operation_name(row) for row in range(len(cohort.spans))] == [
        "load",
        "SELECT",
        "load",
    ]


def test_the_critical_path_of_a_request_ends_at_its_entry():
    cohort = cohort_of(repaired(SHOP), Scope(service="cart"))

    assert cohort.path.own_ns.tolist() == [30, 30, 6]


def test_of_a_service_that_calls_itself_through_others_the_outermost_call_counts():
    cohort = cohort_of(
        repaired("""
            cart load          0..100
              price quote      10..90
                cart discount  20..30
        """),
        Scope(service="cart"),
    )

    assert cohort.duration_ns.tolist() == [100]


def test_an_operation_is_a_scope():
    cohort = cohort_of(repaired(SHOP), Scope(service="cart", operation="SELECT"))

    assert cohort.duration_ns.tolist() == [30]


def test_a_scope_that_occurs_nowhere_has_no_requests():
    assert len(cohort_of(repaired(SHOP), Scope(service="nowhere"))) == 0


def test_a_request_keeps_the_id_of_its_trace():
    cohort = cohort_of(repaired(SHOP), Scope(service="cart"))

    assert cohort.spans.trace_ids == (f"{1:032x}", f"{1:032x}")


def test_unequal_weights_are_worth_fewer_requests():
    cohort = cohort_of(
        repaired("""
            a op  0..1  weight=9
            ------
            a op  0..1  weight=1
        """)
    )

    assert cohort.effective == pytest.approx(100 / 82)


@settings(deadline=None, max_examples=40)
@given(repaired_tables())
def test_over_every_request_critical_time_sums_to_its_duration(repaired):
    for scope in (None, Scope(service="cart"), Scope(service="cart", operation="load")):
        cohort = cohort_of(repaired, scope)
        sums = [0] * len(cohort)
        for row, own_ns in enumerate(cohort.path.own_ns.tolist()):
            sums[int(cohort.spans.trace[row])] += own_ns

        assert sums == cohort.duration_ns.tolist()
