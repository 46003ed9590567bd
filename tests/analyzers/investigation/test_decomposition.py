from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.investigation.cohort import cohort_of
from analyzers.investigation.decomposition import decompose, measured_ns, rounded_to
from analyzers.investigation.observations import observe
from analyzers.report_base import Scope
from tests.analyzers.investigation.cohorts import MS, observed
from tests.strategies import repaired_tables

ONCE = """
    payment charge    0..100
      payment SELECT  10..20
"""
THRICE = """
    payment charge    0..120
      payment SELECT  10..20
      payment SELECT  30..40
      payment SELECT  50..60
"""


def parts_of(before, after, measure="mean", **how):
    found = decompose(observed(before, after, jitter=0, **how), measure)
    return {(part.caller, part.service, part.operation): part for part in found}


def test_what_runs_more_often_is_told_from_what_runs_longer():
    part = parts_of(ONCE, THRICE)[None, "payment", "SELECT"]

    assert (part.delta_ns, part.more_calls_ns, part.slower_calls_ns) == (20 * MS, 20 * MS, 0)


def test_what_runs_longer_is_told_from_what_runs_more_often():
    part = parts_of(ONCE, "payment charge    0..150\n  payment SELECT  10..70")[None, "payment", "SELECT"]

    assert (part.delta_ns, part.more_calls_ns, part.slower_calls_ns) == (50 * MS, 0, 50 * MS)


def test_what_was_not_there_before_is_new():
    part = parts_of(ONCE, "payment charge    0..150\n  payment SELECT  10..20\n  payment audit  30..80")[
        None, "payment", "audit"
    ]

    assert (part.delta_ns, part.new_ns) == (50 * MS, 50 * MS)


def test_what_is_there_no_longer_is_gone():
    part = parts_of(ONCE, "payment charge  0..90")[None, "payment", "SELECT"]

    assert (part.delta_ns, part.gone_ns) == (-10 * MS, -10 * MS)


def test_time_between_a_client_span_and_its_server_span_is_on_the_wire():
    parts = parts_of(
        """
        shop buy          0..100  server
          shop POST       10..60  client
            pay charge    20..50  server
        """,
        """
        shop buy          0..190  server
          shop POST       10..150  client
            pay charge    60..90  server
        """,
    )

    assert parts["shop", "pay", ""].delta_ns == 90 * MS


def test_time_between_a_server_span_and_one_directly_under_it_is_on_the_wire():
    parts = parts_of(
        """
        shop buy          0..100  server
          pay charge      20..50  server
          pay settle      60..90  server
        """,
        """
        shop buy          0..200  server
          pay charge      40..70  server
          pay settle      130..160  server
        """,
    )

    assert parts["shop", "pay", ""].delta_ns == 100 * MS


def test_a_caller_is_not_blamed_for_its_callee():
    parts = parts_of(ONCE, "payment charge    0..150\n  payment SELECT  10..70")

    assert (None, "payment", "charge") not in parts


@pytest.mark.parametrize("measure", ["mean", "p95"])
@settings(deadline=None, max_examples=25)  # the first one imports what computes quantiles
@given(before=repaired_tables(), after=repaired_tables())
def test_parts_sum_to_the_change_exactly_and_kinds_to_their_part(measure, before, after):
    for scope in (None, Scope(service="cart")):
        first, second = cohort_of(before, scope), cohort_of(after, scope)
        if len(first) and len(second):
            seen = observe(first, second)
            parts = decompose(seen, measure)
            baseline_ns, incident_ns = measured_ns(seen, measure)

            assert sum(part.delta_ns for part in parts) == incident_ns - baseline_ns
            kinds = [(one.more_calls_ns, one.slower_calls_ns, one.new_ns, one.gone_ns) for one in parts]
            assert [sum(one) for one in kinds] == [part.delta_ns for part in parts]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=30))
def test_rounding_loses_nothing_and_moves_nothing_by_more_than_one(values):
    total = round(sum(values))

    rounded = rounded_to(np.array(values), total)

    assert rounded.sum() == total
    assert np.abs(rounded - np.array(values)).max() <= 1.001


ALONE = "front GET /  0..100  server"
WITH_CALLEE = "front GET /  0..180  server\n  risk check  40..140  server"


def test_what_a_caller_does_itself_is_no_way_because_it_calls_somebody_new():
    parts = {part.service: part for part in decompose(observed(ALONE, WITH_CALLEE, jitter=0.0))}

    assert set(parts) == {"front", "risk"}
    assert (parts["front"].delta_ns, parts["front"].slower_calls_ns) == (-20 * MS, -20 * MS)
    assert (parts["risk"].delta_ns, parts["risk"].new_ns) == (100 * MS, 100 * MS)


def test_nor_because_it_no_longer_does():
    parts = {part.service: part for part in decompose(observed(WITH_CALLEE, ALONE, jitter=0.0))}

    assert (parts["front"].delta_ns, parts["risk"].delta_ns) == (20 * MS, -100 * MS)


def test_time_next_to_a_callee_of_both_is_the_way():
    slow = WITH_CALLEE.replace("40..140", "40..100")
    parts = {
        (part.caller, part.service): part.delta_ns
        for part in decompose(observed(WITH_CALLEE, slow, jitter=0.0))
    }

    assert parts == {(None, "risk"): -40 * MS, ("front", "risk"): 40 * MS}
