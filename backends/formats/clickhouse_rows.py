"""Rows of ClickHouse's `otel_traces` as JSONEachRow: one span a line, in the OpenTelemetry exporter's schema."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from analyzers.record import EventRecord
from backends.formats.attribute_text import SCOPE_NAME, SCOPE_VERSION, flattened
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, links_to, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.flat_resource import RESOURCES_KEPT, resource_pairs
from backends.formats.json_document import NOTHING, decode_json, decode_part
from backends.formats.sampling_weight import may_say_weights, weigh, weight_of_trace_state
from backends.formats.spelling import kinds, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.record import LinkTo, Pairs, SpanRecord


class Row(msgspec.Struct, gc=False, rename="pascal"):
    """Maps stay JSON until somebody asks for them: in a newer schema they are JSON columns."""

    timestamp: str | int
    trace_id: str
    span_id: str
    parent_span_id: str | None = ""
    trace_state: str | None = ""
    span_name: str | None = ""
    span_kind: str | int | None = ""
    service_name: str | None = ""
    resource_attributes: msgspec.Raw = NOTHING
    scope_name: str | None = ""
    scope_version: str | None = ""
    span_attributes: msgspec.Raw = NOTHING
    duration: int = 0
    status_code: str | int | None = ""
    status_message: str | None = ""
    event_times: list[str | int] | None = msgspec.field(default=None, name="Events.Timestamp")
    event_names: list[str] | None = msgspec.field(default=None, name="Events.Name")
    event_attributes: list[msgspec.Raw] | None = msgspec.field(default=None, name="Events.Attributes")
    link_traces: list[str] | None = msgspec.field(default=None, name="Links.TraceId")
    link_spans: list[str] | None = msgspec.field(default=None, name="Links.SpanId")


# Not strict: ClickHouse may quote 64-bit integers.
ROW = msgspec.json.Decoder(Row, strict=False)
MAP = msgspec.json.Decoder(dict[str, Any] | None)


class ClickHouseRowReader:
    """Reads what `decode_clickhouse_rows` left in its spans."""

    def attributes(self, source: Row) -> Iterator[tuple[str, str]]:
        if source.scope_name:
            yield SCOPE_NAME, source.scope_name
        if source.scope_version:
            yield SCOPE_VERSION, source.scope_version
        yield from _pairs(source.span_attributes)

    def events(self, source: Row) -> Iterator[EventRecord]:
        columns = (source.event_times or (), source.event_names or (), source.event_attributes or ())
        for time, name, attributes in zip(*columns, strict=False):
            yield EventRecord(epoch_ns(time) or 0, name, tuple(_pairs(attributes)))


READER = ClickHouseRowReader()


def decode_clickhouse_rows(data: bytes) -> Decoded:
    """The spans of these lines.

    Raises:
        NotThisFormat: there are lines, and none of them is such a row.
    """
    problems = Problems()
    rows: list[Row] = []
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        try:
            rows.append(decode_json(line, ROW))
        except msgspec.ValidationError as error:
            problems.add(f"a field has the wrong type: {error}")
        except NotThisFormat as error:
            problems.add(f"its line cannot be read: {error}")
    if problems.count and not rows:
        raise NotThisFormat("it has no rows of otel_traces")
    records = _records(rows, problems)
    if may_say_weights(data):
        weigh(records, _said_by)
    return problems.decoded(records)


def epoch_ns(time: str | int) -> int | None:
    """Nanoseconds of a DateTime64 in UTC, or None: `2026-11-22 16:20:30.003000000`, ISO, or the plain number."""
    text = str(time).removesuffix("Z")
    if text.isascii() and text.isdigit() and len(text) <= 19:
        return int(text)
    whole, _, fraction = text.partition(".")
    if fraction and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= 9):
        return None
    try:
        seconds = datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None
    return int(seconds) * 10**9 + int(fraction.ljust(9, "0"))


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(READER.attributes(record.source))


def _pairs(raw: msgspec.Raw) -> Iterator[tuple[str, str]]:
    return flattened(decode_part(raw, MAP) or {})


def _records(rows: list[Row], problems: Problems) -> list[SpanRecord]:
    starts = [epoch_ns(row.timestamp) for row in rows]
    resources = _Resources()
    columns = SpanColumns(
        trace_id=[row.trace_id for row in rows],
        span_id=[row.span_id for row in rows],
        parent_id=[row.parent_span_id for row in rows],
        service=[row.service_name or UNKNOWN_SERVICE for row in rows],
        operation=[row.span_name or "" for row in rows],
        kind=kinds(row.span_kind for row in rows),
        status=statuses(row.status_code for row in rows),
        start_ns=[-1 if start is None else start for start in starts],
        duration_ns=[row.duration for row in rows],
        message=[row.status_message or "" for row in rows],
        resource=[resources(row.resource_attributes) for row in rows],
        adjusted_count=[weight_of_trace_state(row.trace_state) for row in rows],
        links=[_links(row) if row.link_traces else () for row in rows],
        source=rows,
    )
    return records_of(columns, READER, problems)


def _links(row: Row) -> tuple[LinkTo, ...]:
    return links_to(zip(row.link_traces or (), row.link_spans or (), strict=False))


class _Resources:
    """One object for resources that are written alike."""

    def __init__(self) -> None:
        self._known: dict[bytes, Pairs] = {}

    def __call__(self, raw: msgspec.Raw) -> Pairs:
        written = bytes(raw)
        pairs = self._known.get(written)
        if pairs is None:
            pairs = resource_pairs(_pairs(raw))
            if len(self._known) < RESOURCES_KEPT:
                self._known[written] = pairs
        return pairs
