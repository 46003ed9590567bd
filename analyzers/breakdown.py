"""Where the time of one trace went: everything that is found in it, as one report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from analyzers.errors import find_errors
from analyzers.headline import breakdown_headline
from analyzers.one_trace import OneTrace
from analyzers.patterns import find_patterns
from analyzers.remarks import confidence_of, health_remarks
from analyzers.report import Breakdown
from analyzers.waterfall import waterfall

if TYPE_CHECKING:
    from analyzers.asynchrony import EdgeKeys
    from analyzers.repair import Repaired
    from analyzers.report_base import Asked


def break_down(repaired: Repaired, trace_id: str, asked: Asked, habits: EdgeKeys = frozenset()) -> Breakdown:
    """The breakdown of one trace of a repaired table.

    Args:
        repaired: spans of at least this trace; others are not looked at.
        trace_id: 32 lower-case hex digits. If the table does not hold it, the report says so, with empty lists.
        asked: the question to repeat.
        habits: edges whose children are left behind, as other traces show, see `asynchronous_edges`.
    """
    if trace_id not in repaired.spans.trace_ids:
        return _unknown(trace_id, asked)
    trace = OneTrace(repaired.spans, repaired.spans.trace_ids.index(trace_id), habits)
    bottleneck = trace.bottleneck()
    made_up = trace.bottleneck_is_made_up
    health = repaired.health
    if made_up and not trace.root_span.impossible:
        health = msgspec.structs.replace(health, doubtful_durations=health.doubtful_durations + 1)
    errors = find_errors(trace.spans, trace.number, trace.waited)
    return Breakdown(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=breakdown_headline(trace.root_span, bottleneck, errors, impossible=made_up),
        confidence=confidence_of(health),
        notes=health_remarks(health, repaired.skew),
        health=health,
        trace_id=trace_id,
        started_at=rfc3339(int(trace.spans.start_ns[trace.root])),
        root=trace.root_place,
        duration_ns=trace.duration_ns,
        span_count=len(trace.rows),
        services=trace.services(),
        wire=trace.wire(),
        critical_path=tuple(trace.critical_segments()),
        bottleneck=bottleneck,
        savings=trace.savings(),
        patterns=find_patterns(trace.spans, trace.number, trace.waited),
        errors=errors,
        detached=trace.detached(),
        waterfall=waterfall(trace.picture(bottleneck)),
    )


def with_reading(report: Breakdown, *, unreadable: int, truncated: bool, notes: tuple[str, ...]) -> Breakdown:
    """The report of spans of which some could not be read, or not all were given: less sure, and saying so."""
    health = msgspec.structs.replace(
        report.health, unreadable=unreadable, truncated=truncated or report.health.truncated
    )
    confidence = confidence_of(health) if report.span_count else report.confidence
    return msgspec.structs.replace(
        report, health=health, confidence=confidence, notes=(*report.notes, *notes)
    )


def rfc3339(time_ns: int) -> str:
    """Epoch nanoseconds as `2026-11-22T15:05:11.000000000Z`."""
    whole_s, rest_ns = divmod(time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(whole_s, tz=UTC):%Y-%m-%dT%H:%M:%S}.{rest_ns:09d}Z"


def _unknown(trace_id: str, asked: Asked) -> Breakdown:
    where = f" in {asked.backend}" if asked.backend else ""
    return Breakdown(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=f"There is no trace {trace_id}{where}: it was not kept, has not arrived yet, or is too old.",
        confidence="none",
        trace_id=trace_id,
    )
