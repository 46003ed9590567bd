"""The traces of some spans, each in one line: what is asked back where several could be meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.record import SpanRecord


@dataclass(frozen=True)
class TraceSummary:
    """One trace, by its root, or by its first span where no root was received."""

    trace_id: str
    service: str
    operation: str
    start_ns: int
    duration_ns: int
    span_count: int


def summarise(records: Iterable[SpanRecord], limit: int) -> tuple[TraceSummary, ...]:
    """At most `limit` traces, longest first; equal ones by id."""
    by_trace: dict[str, list[SpanRecord]] = {}
    for record in records:
        by_trace.setdefault(record.trace_id, []).append(record)
    summaries = [_summary(spans) for spans in by_trace.values()]
    return tuple(sorted(summaries, key=lambda trace: (-trace.duration_ns, trace.trace_id))[:limit])


def _summary(spans: list[SpanRecord]) -> TraceSummary:
    root = min(spans, key=lambda span: (span.parent_id != 0, span.start_ns, -span.duration_ns, span.span_id))
    return TraceSummary(
        root.trace_id, root.service, root.operation, root.start_ns, root.duration_ns, len(spans)
    )
