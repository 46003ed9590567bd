"""Now beside what is usual, through the question."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from analyzers.builder import build_table
from analyzers.minutes import minutes_of
from analyzers.record import SpanRecord
from analyzers.table import Kind, Status
from backends.errors import CannotAsk
from backends.interface import Capabilities, Found
from bot.services.ask import ask
from bot.services.operations import NO_HISTOGRAMS, NO_HOUR
from tests.bot.drawn_stores import DrawnStores

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
NOW_NS = int(NOW.timestamp()) * 1_000_000_000
HOUR_NS, DAY_NS = 3_600_000_000_000, 86_400_000_000_000
MS = 1_000_000


def calls(until_ns, duration_ns, number=60, operation="charge"):
    """One a minute in the hour before."""
    return [
        SpanRecord(
            trace_id=f"{until_ns - minute:032x}",
            span_id=minute + 1,
            parent_id=0,
            service="payment",
            operation=operation,
            kind=Kind.SERVER,
            status=Status.UNSET,
            start_ns=until_ns - HOUR_NS + minute * 60_000_000_000,
            duration_ns=duration_ns + minute * MS,
        )
        for minute in range(number)
    ]


@dataclass
class Remembering:
    """A store in memory that keeps histograms, if it is let."""

    records: list[SpanRecord]
    name: str = "remembering"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            list_services=True, search=True, search_without_service=True, aggregates=True
        )
    )
    refused_after: int = 1_000
    asked: int = 0

    def _inside(self, query):
        return build_table([one for one in self.records if query.start_ns <= one.start_ns < query.end_ns])

    async def services(self):
        return ("payment",)

    async def operations(self, service):
        return ("charge",)

    async def find_spans(self, query):
        return Found(self._inside(query))

    async def find_trace(self, trace_id):
        return Found(build_table([one for one in self.records if one.trace_id == trace_id]))

    async def minutes(self, query):
        self.asked += 1
        if self.asked > self.refused_after:
            raise CannotAsk("Too much.", "Ask for less.")
        spans = self._inside(query)
        return minutes_of(spans, spans.duration_ns)


def remembered(now_ms, days=14, **more):
    past = [one for day in range(1, days + 1) for one in calls(NOW_NS - day * DAY_NS, 100 * MS)]
    return Remembering(past + calls(NOW_NS, now_ms * MS), **more)


def answered(backend, text):
    return asyncio.run(ask(text, DrawnStores(backend), NOW)).report


@pytest.mark.parametrize("text", ["operations last 1h", "services last 1h", "operations payment last 1h"])
def test_each_row_says_what_is_usual(text):
    (row,) = answered(remembered(100), text).rows

    assert row.usual_p95_ns == pytest.approx(156 * MS, rel=0.03)
    assert row.status == "normal"


@pytest.mark.parametrize("text", ["operations last 1h", "services last 1h"])
def test_what_became_slower_is_marked(text):
    (row,) = answered(remembered(300), text).rows

    assert row.status == "slower"


def test_it_is_said_that_too_few_days_are_kept():
    report = answered(remembered(300, days=2), "operations last 1h")

    assert report.rows[0].usual_p95_ns is None
    assert (
        "what is usual at this hour is not known yet: only 2 days before it were kept, 3 are needed"
        in report.notes
    )


def test_it_is_said_that_a_store_keeps_no_histograms():
    backend = remembered(100, capabilities=Capabilities(search=True, search_without_service=True))

    assert NO_HISTOGRAMS in answered(backend, "operations last 1h").notes


def test_a_period_of_days_is_at_no_hour():
    assert NO_HOUR in answered(remembered(100), "operations last 3d").notes


def test_where_the_days_before_are_too_much_for_the_store_the_answer_stands_without_them():
    report = answered(remembered(100, refused_after=3), "operations last 1h")

    assert len(report.rows) == 1
    assert NO_HOUR in report.notes


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


def test_a_breakdown_stands_without_what_is_usual():
    report = a_trace(3_670, refused_after=0)

    assert report.span_count == 1
    assert report.unusual == ()
