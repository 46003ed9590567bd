"""A pasted trace beside what is usual at its hour."""

from __future__ import annotations

import pytest

from analyzers.record import SpanRecord
from analyzers.table import Kind, Status
from bot.services.unusual import NOT_READ
from tests.bot.services.remembering import MS, NOW_NS, OF_OTHERS, answered, remembered


def a_trace(duration_ms, **more):
    """One pasted trace, a minute ago, in a store that remembers the days before."""
    backend = remembered(100, **more)
    slow = SpanRecord(
        trace_id="ab" * 16,
        span_id=1,
        parent_id=0,
        service="payment",
        operation="charge",
        kind=Kind.SERVER,
        status=Status.UNSET,
        start_ns=NOW_NS - 10 * 60_000_000_000,
        duration_ns=duration_ms * MS,
    )
    backend.records.append(slow)
    return answered(backend, "ab" * 16)


def test_a_breakdown_says_what_took_longer_than_it_usually_does():
    (unusual,) = a_trace(3_670).unusual

    assert (unusual.service, unusual.operation) == ("payment", "charge")
    assert unusual.usual_ns.p95 == pytest.approx(156 * MS, rel=0.05)
    assert unusual.times_usual > 20


def test_a_breakdown_of_a_usual_trace_says_nothing():
    assert a_trace(150).unusual == ()


def test_a_breakdown_says_that_what_is_usual_could_not_be_read():
    report = a_trace(3_670, dead_after=0)

    assert report.span_count == 1
    assert NOT_READ in report.notes


def test_a_store_without_histograms_is_asked_for_no_more_than_a_trace():
    assert a_trace(3_670, capabilities=OF_OTHERS).unusual == ()


def test_a_breakdown_stands_without_what_is_usual():
    report = a_trace(3_670, refused_after=0)

    assert report.span_count == 1
    assert report.unusual == ()
