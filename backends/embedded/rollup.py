"""One-minute histograms: of duration, kept in the transaction that keeps the spans they count, and of self time.

A transaction adds rows and never changes any: those of a replaced span are added again with a minus. Sums are
therefore right whenever they are read; `merge_rollups` makes one row of many without changing a sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from analyzers.minutes import BUCKET_GROWTH, MINUTE_NS, NO_DURATION_BUCKET

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from analyzers.arrays import Int64Array

DURATIONS = "rollups"
SELF_TIMES = "self_rollups"

ROLLUPS = """
CREATE TABLE {table} (
    minute BIGINT NOT NULL, service VARCHAR NOT NULL, operation VARCHAR NOT NULL, kind TINYINT NOT NULL,
    bucket SMALLINT NOT NULL, spans HUGEINT NOT NULL, calls DOUBLE NOT NULL, errors DOUBLE NOT NULL
)
"""

CALLS = "CASE WHEN isfinite(adjusted_count) THEN adjusted_count ELSE 1 END"
HISTOGRAM = """
SELECT start_ns // {minute_ns} AS minute, service, operation, kind,
    CASE WHEN {time} > 0 THEN floor(ln({time}) / ln({growth})) ELSE {no_duration} END::SMALLINT AS bucket,
    {sign} count(*) AS spans, {sign} sum({calls}) AS calls,
    {sign} coalesce(sum({calls}) FILTER (status = 2), 0) AS errors
FROM {source} GROUP BY ALL
"""
SUMS = """
SELECT minute, service, operation, kind, bucket,
    sum(spans) AS spans, sum(calls) AS calls, sum(errors) AS errors
FROM {table} WHERE minute IN (SELECT unnest(?)) GROUP BY ALL HAVING sum(spans) <> 0
"""


DELETE = "DELETE FROM {table} WHERE minute IN (SELECT unnest(?))"
INSERT = "INSERT INTO {table} SELECT * FROM merged"


def add_rollups(connection: DuckDBPyConnection, source: str) -> int:
    """Count the spans of a table or a subquery in; the number of rows that took."""
    return _insert(connection, source, "")


def take_from_rollups(connection: DuckDBPyConnection, source: str) -> int:
    """Count the spans of a table or a subquery out again."""
    return _insert(connection, source, "-")


def _insert(connection: DuckDBPyConnection, source: str, sign: str) -> int:
    histogram = HISTOGRAM.format(
        minute_ns=MINUTE_NS,
        growth=BUCKET_GROWTH,
        no_duration=NO_DURATION_BUCKET,
        time="duration_ns",
        calls=CALLS,
        sign=sign,
        source=source,
    )
    inserted = connection.execute(f"INSERT INTO {DURATIONS} {histogram}").fetchone()
    return int(inserted[0]) if inserted else 0


@dataclass
class Unmerged:
    """What was added to a table of histograms since its rows were merged."""

    table: str
    rows: int = 0
    minutes: set[int] = field(default_factory=set)

    def add(self, rows: int, minutes: Int64Array) -> None:
        self.rows += rows
        self.minutes.update(np.unique(minutes).tolist())

    def taken(self) -> Unmerged:
        """The same, to be merged; nothing is left here."""
        taken = Unmerged(self.table, self.rows, self.minutes)
        self.rows, self.minutes = 0, set()
        return taken


def merge_rollups(connection: DuckDBPyConnection, unmerged: Unmerged) -> None:
    """Make one row of those that count the same, in the minutes that were added to."""
    table, which = unmerged.table, list(unmerged.minutes)
    connection.execute("BEGIN")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE merged AS {SUMS.format(table=table)}", [which])
    connection.execute(DELETE.format(table=table), [which])
    connection.execute(INSERT.format(table=table))
    connection.execute("DROP TABLE merged")
    connection.execute("COMMIT")
