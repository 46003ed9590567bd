"""How long requests spent at the first cause's place, before and now."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.investigation.spread import BINS, spread_of
from tests.analyzers.investigation.cohorts import MS, observed, why

USUAL = """
    front GET /    0..100  server
      pay charge   10..40  server
        pay SELECT cards  15..20 client
"""
QUERIES = """
    front GET /    0..200  server
      pay charge   10..140 server
        pay SELECT cards  15..20 client
        pay SELECT cards  25..30 client
        pay SELECT cards  35..40 client
        pay SELECT cards  45..50 client
        pay SELECT cards  55..60 client
        pay SELECT cards  65..135 client
"""
PAY_SLOW = """
    front GET /    0..300  server
      pay charge   10..240 server
        pay SELECT cards  15..20 client
"""
FAILING = """
    front GET /    0..100  server error
      pay charge   10..40  server error
        pay SELECT cards  15..20 client
"""


def place(seen, operation):
    return next(n for n, key in enumerate(seen.places) if key.caller < 0 and seen.named(n)[1] == operation)


def test_the_first_cause_is_shown_before_and_now():
    report = why(USUAL, PAY_SLOW)

    assert (report.spread.service, report.spread.operation) == ("pay", "charge")
    assert report.spread.requests == (60, 60)
    assert report.spread.baseline[0] > 0
    assert report.spread.incident[-1] > 0


def test_calls_of_a_request_count_together():
    report = why(USUAL, QUERIES)

    assert report.causes[0].change == "calls"
    assert report.spread.operation == "SELECT cards"
    assert 5 * MS <= report.spread.edges_ns[0] <= 6 * MS
    assert report.spread.edges_ns[-1] >= 90 * MS


def test_where_something_fails_no_time_is_shown():
    report = why(USUAL, FAILING)

    assert report.verdict == "more_errors"
    assert report.spread is None


@given(st.integers(2, 40), st.integers(2, 40))
def test_each_side_holds_all_of_its_requests(before, now):
    seen = observed(USUAL, PAY_SLOW, times=max(before, now))

    spread = spread_of(seen, place(seen, "charge"))

    assert sum(spread.baseline) == pytest.approx(1, abs=0.01)
    assert sum(spread.incident) == pytest.approx(1, abs=0.01)
    assert len(spread.baseline) == len(spread.incident) == len(spread.edges_ns) - 1 <= BINS
    assert (np.diff(spread.edges_ns) > 0).all()


def test_the_shares_are_those_of_the_definition():
    seen = observed(USUAL, PAY_SLOW)
    at = place(seen, "charge")
    incident = seen.incident
    spent = [
        sum(incident.own_ns[(incident.place == at) & (incident.request == request)].tolist())
        for request in range(len(incident.cohort))
    ]

    spread = spread_of(seen, at)

    edges = spread.edges_ns
    bins = pairwise(edges)
    counted = [sum(low <= ns < high for ns in spent) for low, high in bins]
    counted[-1] += sum(ns >= edges[-1] for ns in spent)
    assert spread.incident == pytest.approx([one / len(spent) for one in counted], abs=1e-4)


def test_a_place_that_nobody_passed_has_no_spread():
    seen = observed(USUAL, PAY_SLOW)

    assert spread_of(seen, len(seen.places)) is None


def test_times_that_are_all_the_same_have_room_on_the_scale():
    seen = observed("front GET /  0..1 server", "front GET /  0..1 server", jitter=0)

    spread = spread_of(seen, place(seen, "GET /"))

    assert spread.edges_ns[-1] > spread.edges_ns[0]
