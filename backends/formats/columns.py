"""Columns as a format has them in, span records out: the one place where ids and times are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzers.record import LinkTo, SpanRecord
from backends.formats.identity import UNREADABLE, parent_ids, span_id, span_ids, trace_id, trace_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analyzers.record import Pairs, SpanReader
    from backends.formats.decoded import Problems

TIME_END_NS = 2**63
UNKNOWN_SERVICE = "unknown_service"  # OpenTelemetry's word for a process without service.name


@dataclass
class SpanColumns:
    """The spans of a document, column by column; ids are still text, times already nanoseconds."""

    trace_id: Sequence[str | None]
    span_id: Sequence[str | None]
    parent_id: Sequence[str | None]
    service: Sequence[str]
    operation: Sequence[str]
    kind: Sequence[int]
    status: Sequence[int]
    start_ns: Sequence[int]
    duration_ns: Sequence[int]
    message: Sequence[str]
    resource: Sequence[Pairs]
    adjusted_count: Sequence[float]
    links: Sequence[tuple[LinkTo, ...]]
    source: Sequence[Any]


def records_of(columns: SpanColumns, reader: SpanReader, problems: Problems) -> list[SpanRecord]:
    """A record for each readable span, in order; the others are counted."""
    traces = trace_ids(columns.trace_id)
    ids = span_ids(columns.span_id)
    parents = parent_ids(columns.parent_id)
    names = _shared(columns.operation)
    records = list(
        map(
            SpanRecord,
            traces,  # those without one are left out below
            ids,
            parents,
            columns.service,
            names,
            columns.kind,
            columns.status,
            columns.start_ns,
            columns.duration_ns,
            columns.message,
            columns.resource,
            columns.adjusted_count,
            columns.links,
            columns.source,
            [reader] * len(ids),
        )
    )
    return records if _all_readable(columns, traces, ids, parents) else _readable(records, problems)


def links_to(targets: Iterable[tuple[str | None, str | None]]) -> tuple[LinkTo, ...]:
    """Links to these trace and span ids; those that name no span are left out, the span keeps the others."""
    found = ((trace_id(trace), span_id(span)) for trace, span in targets)
    return tuple(LinkTo(trace, span) for trace, span in found if trace and span > 0)


def _shared(names: Sequence[str]) -> list[str]:
    """Equal names as one object: less memory, and coding them compares addresses."""
    known: dict[str, str] = {}
    return [known.setdefault(name, name) for name in names]


def _all_readable(columns: SpanColumns, traces: list[str | None], ids: list[int], parents: list[int]) -> bool:
    return not ids or (
        None not in set(traces)
        and min(ids) > 0
        and min(parents) >= 0
        and min(columns.start_ns) >= 0
        and min(columns.duration_ns) >= 0
        and max(columns.start_ns) + max(columns.duration_ns) < TIME_END_NS
    )


def _readable(records: list[SpanRecord], problems: Problems) -> list[SpanRecord]:
    kept = []
    for record in records:
        reason = _why_unreadable(record)
        if reason:
            problems.add(reason)
        else:
            kept.append(record)
    return kept


def _why_unreadable(record: SpanRecord) -> str:
    if not record.trace_id:
        return "its trace id is missing, zero or not 16 bytes"
    if record.span_id in {0, UNREADABLE}:
        return "its span id is missing, zero or not 8 bytes"
    if record.parent_id == UNREADABLE:
        return "its parent's id is not 8 bytes"
    if not 0 <= record.start_ns < TIME_END_NS:
        return "its start lies outside the years 1970 to 2262"
    if not 0 <= record.start_ns + record.duration_ns < TIME_END_NS:
        return "its end lies outside the years 1970 to 2262"
    return ""
