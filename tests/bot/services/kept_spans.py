"""A store for tests that keeps records and answers queries as a real one would."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from analyzers.builder import build_table
from analyzers.record import SpanRecord
from analyzers.table import Kind
from backends.interface import Capabilities, Found
from backends.matching import newest_match_ns, newest_traces, of_traces
from tests.traces import Drawn

EVENLY = Capabilities(search=True, search_without_service=True, search_evenly=True)
NEWEST_ONLY = Capabilities(search=True, search_without_service=True)


@dataclass
class KeptSpans:
    """Says which queries it was asked."""

    records: list[SpanRecord]
    capabilities: Capabilities = EVENLY
    name: str = "kept://here"
    asked: list = field(default_factory=list)

    async def find_spans(self, query):
        self.asked.append(query)
        newest_ns = newest_match_ns(self.records, query)
        chosen = _even(newest_ns, query.limit) if query.evenly else newest_traces(newest_ns, query.limit)
        spans = of_traces(self.records, chosen)
        return Found(build_table(spans), truncated=len(newest_ns) > len(chosen), matching=len(newest_ns))

    async def services(self):
        return tuple(sorted({span.service for span in self.records}))

    async def operations(self, service):
        return tuple(sorted({span.operation for span in self.records if span.service == service}))


def request(number, start_ns, duration_ns, *, service="checkout", version="1.4", failed=False):
    """A trace of one span."""
    drawn = Drawn({"service.version": version})
    return SpanRecord(
        trace_id=f"{number:032x}",
        span_id=number,
        parent_id=0,
        service=service,
        operation="POST /checkout",
        kind=Kind.SERVER,
        status=2 if failed else 0,
        start_ns=start_ns,
        duration_ns=duration_ns,
        message="",
        resource=(("service.version", version),),
        adjusted_count=1.0,
        links=(),
        source=drawn,
        reader=drawn,
    )


def _even(newest_ns, limit):
    return sorted(newest_ns, key=lambda trace_id: sha256(trace_id.encode()).digest())[:limit]
