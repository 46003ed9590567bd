"""A store that remembers fourteen days, of whichever kind a test wants, and a question to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from analyzers.builder import build_table
from analyzers.minutes import minutes_of
from analyzers.record import SpanRecord
from analyzers.same_hours import DAY_NS
from analyzers.table import Kind, Status
from backends.errors import BackendTimeout, CannotAsk
from backends.interface import Capabilities, Found
from bot.services.ask import ask
from tests.bot.drawn_stores import DrawnStores

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
NOW_NS = int(NOW.timestamp()) * 1_000_000_000
HOUR_NS = 3_600_000_000_000
MS = 1_000_000
HISTOGRAMS = Capabilities(list_services=True, search=True, search_without_service=True, aggregates=True)
FILES = Capabilities(list_services=True, search=True, search_without_service=True, whole_periods=True)
OF_OTHERS = Capabilities(list_services=True, search=True, search_without_service=True)


def calls(until_ns, duration_ns, number=60, operation="charge"):
    """One a minute in the hour before."""
    return [
        SpanRecord(
            trace_id=f"{until_ns - minute:024x}{operation.encode()[:4].hex()}",
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
    capabilities: Capabilities = HISTOGRAMS
    refused_after: int = 1_000
    dead_after: int = 1_000
    truncated: bool = False
    asked: list[object] = field(default_factory=list)

    def _inside(self, query):
        self.asked.append(query)
        if len(self.asked) > self.refused_after:
            raise CannotAsk("Too much.", "Ask for less.")
        if len(self.asked) > self.dead_after:
            raise BackendTimeout("It took too long.", "Ask for less.")
        return build_table([one for one in self.records if query.start_ns <= one.start_ns < query.end_ns])

    async def services(self):
        return ("payment",)

    async def operations(self, service):
        return ("charge", "refund")

    async def find_spans(self, query):
        return Found(self._inside(query), self.truncated)

    async def find_trace(self, trace_id):
        return Found(build_table([one for one in self.records if one.trace_id == trace_id]))

    async def minutes(self, query):
        spans = self._inside(query)
        return minutes_of(spans, spans.duration_ns)


def remembered(now_ms, days=14, **more):
    past = [one for day in range(1, days + 1) for one in calls(NOW_NS - day * DAY_NS, 100 * MS)]
    return Remembering(past + calls(NOW_NS, now_ms * MS), **more)


def answered(backend, text, zone=UTC):
    return asyncio.run(ask(text, DrawnStores(backend), NOW, zone)).report
