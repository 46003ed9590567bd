"""What is kept no longer: whole minutes, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.minutes import MINUTE_NS
from backends.embedded.settling import forget_before
from backends.embedded.upsert import give_up

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROOM_TO_GROW = 0.9
"""Share of the largest size that is left after something had to go, so that not every minute is followed by a deletion."""

OLDEST_MINUTES = "SELECT minute, sum(spans)::BIGINT AS spans FROM rollups GROUP BY minute ORDER BY minute"
USED_BYTES = "SELECT used_blocks * block_size FROM pragma_database_size()"


@dataclass(frozen=True)
class Retention:
    """How long spans are kept, and how much room they may take; None is without end."""

    max_age_s: float | None = None
    max_bytes: int | None = None
    """Of the database file. Room that became free is used again, so the file itself never shrinks."""


def first_minute_kept(connection: DuckDBPyConnection, retention: Retention, now_ns: int) -> int:
    """The minute before which everything may go."""
    by_age = 0 if retention.max_age_s is None else (now_ns - int(retention.max_age_s * 1e9)) // MINUTE_NS
    return max(by_age, _first_that_fits(connection, retention.max_bytes))


def retire_before(connection: DuckDBPyConnection, minute: int) -> int:
    """Delete all that started before a minute; how many spans that were."""
    connection.execute("BEGIN")
    try:
        deleted = connection.execute("DELETE FROM spans WHERE start_ns < ?", [minute * MINUTE_NS]).fetchone()
        connection.execute("DELETE FROM rollups WHERE minute < ?", [minute])
        connection.execute("DELETE FROM self_rollups WHERE minute < ?", [minute])
        forget_before(connection, minute)
        connection.execute("DELETE FROM resources WHERE id NOT IN (SELECT resource FROM spans)")
        connection.execute("COMMIT")
    except BaseException:
        give_up(connection)
        raise
    return int(deleted[0]) if deleted else 0


def _first_that_fits(connection: DuckDBPyConnection, max_bytes: int | None) -> int:
    """Spans of about equal size, so a share of the bytes is the same share of the spans."""
    used = connection.execute(USED_BYTES).fetchone()
    if max_bytes is None or used is None or used[0] <= max_bytes:
        return 0
    minutes = connection.execute(OLDEST_MINUTES).fetchall()
    surplus = sum(spans for _, spans in minutes) * (1 - ROOM_TO_GROW * max_bytes / used[0])
    for minute, spans in minutes:
        if surplus <= 0:
            return int(minute)
        surplus -= spans
    return int(minutes[-1][0]) if minutes else 0  # the newest minute stays, whatever its size
