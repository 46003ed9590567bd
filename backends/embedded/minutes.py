"""What the rollups tell of operations, without reading spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.minutes import MINUTE_NS, NO_MINUTES, OperationKey, OperationMinutes
from backends.embedded.rollup import DURATIONS, SELF_TIMES
from backends.errors import CannotAsk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from backends.interface import MinutesQuery

MOST_ROWS = 1_000_000
"""Of one answer: some 40 MB."""
LATEST_NS = 2**63 - 1

OPERATIONS = """
SELECT service, operation, kind FROM {table}
WHERE minute >= ? AND minute < ? AND (? IS NULL OR service = ?)
GROUP BY ALL HAVING sum(spans) > 0 ORDER BY ALL
"""
HISTOGRAMS = """
SELECT number AS operation, {minute} AS in_minute, bucket, sum(calls) AS calls, sum(errors) AS errors, sum(spans)::BIGINT AS spans
FROM {table} JOIN asked USING (service, operation, kind) WHERE minute >= ? AND minute < ?
GROUP BY number, in_minute, bucket HAVING sum(spans) > 0 ORDER BY number, in_minute, bucket LIMIT ?
"""


def read_minutes(connection: DuckDBPyConnection, query: MinutesQuery) -> OperationMinutes:
    """The histograms of every operation with spans in the minutes that the window touches.

    Raises:
        CannotAsk: there are too many for one answer.
    """
    table = SELF_TIMES if query.self_time else DURATIONS
    window = [max(query.start_ns, 0) // MINUTE_NS, -(-min(query.end_ns, LATEST_NS) // MINUTE_NS)]
    asked = connection.execute(OPERATIONS.format(table=table), [*window, query.service, query.service])
    operations = tuple(OperationKey(*row) for row in asked.fetchall())
    if not operations:
        return NO_MINUTES
    connection.register("asked", _numbered(operations))
    counted = HISTOGRAMS.format(table=table, minute=f"{window[0]}::BIGINT" if query.together else "minute")
    found = connection.execute(counted, [*window, MOST_ROWS + 1]).fetchnumpy()
    if len(found["bucket"]) > MOST_ROWS:
        raise CannotAsk(
            f"The histograms of this period have more than {MOST_ROWS:,} rows.",
            "Ask for a shorter period, or for one service.",
        )
    return _minutes(operations, found)


def _numbered(operations: tuple[OperationKey, ...]) -> dict[str, np.ndarray[Any, Any]]:
    names = np.empty((2, len(operations)), dtype=object)
    names[0], names[1] = [key.service for key in operations], [key.operation for key in operations]
    return {
        "number": np.arange(len(operations), dtype=np.int32),
        "service": names[0],
        "operation": names[1],
        "kind": np.array([key.kind for key in operations], dtype=np.int8),
    }


def _minutes(
    operations: tuple[OperationKey, ...], found: dict[str, np.ndarray[Any, Any]]
) -> OperationMinutes:
    """Taking a replaced span out again may leave a hair of a count below zero."""
    column = {name: np.asarray(values) for name, values in found.items()}
    return OperationMinutes(
        operations,
        column["operation"].astype(np.int32),
        column["in_minute"].astype(np.int64),
        column["bucket"].astype(np.int16),
        np.maximum(column["calls"], 0.0),
        np.maximum(column["errors"], 0.0),
        column["spans"].astype(np.int64),
    )
