"""Questions in SQL: which traces match, and their spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.batch import batch_of
from analyzers.record import EVENT_NAME_KEYS
from backends.embedded.encoding import event_name_text, pair_text
from backends.embedded.stored_spans import whole_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from analyzers.batch import SpanBatch
    from backends.interface import SpanQuery

MAX_SPANS = 2_000_000
"""In one answer; what is beyond is left out, and the answer marked as truncated."""
LATEST_NS = 2**63 - 1

NEWEST = """
SELECT trace_hi, trace_lo, count(*) OVER () AS total FROM spans WHERE {matching} GROUP BY trace_hi, trace_lo
ORDER BY max(start_ns) DESC, trace_hi, trace_lo LIMIT ?
"""
EVENLY = """
SELECT trace_hi, trace_lo, count(*) OVER () AS total FROM spans WHERE {matching} GROUP BY trace_hi, trace_lo
ORDER BY hash(trace_hi, trace_lo), trace_hi, trace_lo LIMIT ?
"""
SLOWEST = """
WITH matching AS (
    SELECT trace_hi, trace_lo, max(duration_ns) AS longest FROM spans WHERE {matching} GROUP BY trace_hi, trace_lo
), roots AS (
    SELECT trace_hi, trace_lo, max(duration_ns) AS longest
    FROM spans SEMI JOIN matching USING (trace_hi, trace_lo) WHERE parent_id = 0 GROUP BY trace_hi, trace_lo
)
SELECT trace_hi, trace_lo, count(*) OVER () AS total
FROM matching LEFT JOIN roots USING (trace_hi, trace_lo)
ORDER BY coalesce(roots.longest, matching.longest) DESC, trace_hi, trace_lo LIMIT ?
"""
OLDEST_MINUTE = "SELECT min(minute) FROM rollups"
COUNT = "SELECT count(*) FROM (SELECT DISTINCT trace_hi, trace_lo FROM spans WHERE {matching})"
SPANS = "SELECT * FROM spans WHERE {matching} LIMIT ?"
ONE_TRACE = "trace_hi = ?::UBIGINT AND trace_lo = ?::UBIGINT"
# By their places: a search for the traces themselves would unpack the attributes of all spans before it knows which it takes.
OF_CHOSEN = "rowid IN (SELECT rowid FROM spans SEMI JOIN chosen USING (trace_hi, trace_lo))"


@dataclass(frozen=True)
class ChosenTraces:
    """Traces that match, as the two halves of their ids, best first."""

    columns: dict[str, np.ndarray[Any, Any]]
    total: int
    """How many match."""

    def __len__(self) -> int:
        return len(self.columns["trace_hi"])


@dataclass
class Condition:
    """What a span must be, as SQL with its parameters."""

    terms: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, term: str, *values: Any) -> None:
        self.terms.append(term)
        self.values += values

    @property
    def sql(self) -> str:
        return " AND ".join(self.terms)


def choose_traces(connection: DuckDBPyConnection, query: SpanQuery) -> ChosenTraces:
    """Traces with a span that matches, at most as many as are wanted: the newest, the slowest, or some of all."""
    matching = condition_of(connection, query)
    search = SLOWEST if query.slowest_first else EVENLY if query.evenly else NEWEST
    found = connection.execute(
        search.format(matching=matching.sql), [*matching.values, max(query.limit, 1)]
    ).fetchnumpy()
    total = np.asarray(found.pop("total"))
    return ChosenTraces(
        {name: np.asarray(column)[: max(query.limit, 0)] for name, column in found.items()},
        int(total[0]) if len(total) else 0,
    )


def count_traces(connection: DuckDBPyConnection, query: SpanQuery) -> int:
    """How many traces match, whatever the query's limit."""
    matching = condition_of(connection, query)
    found = connection.execute(COUNT.format(matching=matching.sql), matching.values).fetchone()
    return int(found[0]) if found else 0


def how_far_back(connection: DuckDBPyConnection, query: SpanQuery) -> tuple[str, ...]:
    """What to say of a query that found nothing, where its period begins before all that is kept."""
    found = connection.execute(OLDEST_MINUTE).fetchone()
    if found is None or found[0] is None:
        return ("The store holds no spans at all.",)
    oldest_s = int(found[0]) * 60
    if query.start_ns >= oldest_s * 10**9:
        return ()
    when = datetime.fromtimestamp(oldest_s, UTC)
    oldest = f"The oldest spans in the store are of {when:%Y-%m-%d %H:%M} UTC"
    return (f"{oldest}; what is older than store.keep_h, or beyond store.keep_mib, is removed.",)


def condition_of(connection: DuckDBPyConnection, query: SpanQuery) -> Condition:
    """The same as `backends.matching.matches`."""
    condition = Condition()
    condition.add(
        "start_ns >= ? AND start_ns < ?", *(_within_64_bits(t) for t in (query.start_ns, query.end_ns))
    )
    if query.service is not None:
        condition.add("service = ?", query.service)
    if query.operation is not None:
        condition.add("operation = ?", query.operation)
    if query.errors_only:
        condition.add("status = 2")
    if query.min_duration_ns:
        condition.add("duration_ns >= ?", _within_64_bits(query.min_duration_ns))
    for key, value in query.attributes:
        _add_attribute(connection, condition, key, value, in_events=query.in_events)
    return condition


def spans_of_trace(connection: DuckDBPyConnection, trace_id: str) -> SpanBatch:
    """All spans of a trace, in no order; one more than MAX_SPANS at most."""
    number = int(trace_id, 16)
    return _spans(connection, ONE_TRACE, [number >> 64, number & (2**64 - 1)])


def spans_of_traces(connection: DuckDBPyConnection, chosen: ChosenTraces) -> SpanBatch:
    """Likewise of several traces."""
    if not len(chosen):
        return batch_of(())
    connection.register("chosen", chosen.columns)
    return _spans(connection, OF_CHOSEN, [])


def _add_attribute(
    connection: DuckDBPyConnection, condition: Condition, key: str, value: str, *, in_events: bool
) -> None:
    """On the span or on its resource, and if wanted on an event; what may be the name of one is looked for there as well."""
    text = pair_text(key, value)
    having = connection.execute("SELECT id FROM resources WHERE contains(attributes, ?)", [text]).fetchnumpy()
    terms, values = ["contains(attributes, ?)"], [text]
    if len(having["id"]):
        terms.append("resource IN (SELECT unnest(?::BIGINT[]))")
        values.append(having["id"].tolist())
    if in_events:
        terms.append("contains(events, ?)")
        values.append(text)
    if key in EVENT_NAME_KEYS:
        terms.append("contains(events, ?)")
        values.append(event_name_text(value))
    if key == "service.name":
        terms.append("service = ?")
        values.append(value)
    condition.add(f"({' OR '.join(terms)})", *values)


def _spans(connection: DuckDBPyConnection, matching: str, values: Sequence[Any]) -> SpanBatch:
    found = connection.execute(SPANS.format(matching=matching), [*values, MAX_SPANS + 1]).fetchnumpy()
    return whole_spans(connection, found)


def _within_64_bits(time_ns: int) -> int:
    return min(max(time_ns, 0), LATEST_NS)
