"""What is kept no longer: whole minutes, the oldest first."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from analyzers.minutes import MINUTE_NS
from backends.embedded.settling import forget_before
from backends.embedded.upsert import give_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

ROOM_TO_GROW = 0.9
"""Share of the largest size that is left after something had to go, so that not every minute is followed by a deletion."""

LEAP_NS = 10 * MINUTE_NS
"""No time that passed: spans are retired every minute."""
BELIEVED_AFTER = 0.1
"""Of a leap, as a share of it: after this time without another one the clock is believed. A clock that was wrong is usually
set right within minutes, and a machine that was off for days may keep what is old for some hours longer."""

AGEING = """
CREATE TABLE ageing (clock_ns BIGINT NOT NULL, leapt_ns BIGINT NOT NULL, time_ns BIGINT NOT NULL, steady_ns BIGINT NOT NULL)
"""
NEWEST_MINUTE = "SELECT max(minute) FROM rollups WHERE minute <= ?"
OLDEST_MINUTES = "SELECT minute, sum(spans)::BIGINT AS spans FROM rollups GROUP BY minute ORDER BY minute"
USED_BYTES = "SELECT used_blocks * block_size FROM pragma_database_size()"


@dataclass(frozen=True)
class Retention:
    """How long spans are kept, and how much room they may take; None is without end."""

    max_age_s: float | None = None
    max_bytes: int | None = None
    """Of the database file. Room that became free is used again, so the file itself never shrinks."""


@dataclass(frozen=True)
class Ageing:
    """How late it is for the age of spans. A clock that leaps must not make all of them old at once.

    What the newest span says is believed as far as the clock does not contradict it, and from there time goes on as it
    passes between two looks at the clock, which are a minute apart. Leaps, also those while nobody looked, are left out
    until the clock has gone on without one for a tenth of them.
    """

    clock_ns: int
    """What the clock said last."""
    leapt_ns: int
    """How far it has leapt in all, and is not believed to have."""
    time_ns: int
    """From which ages are counted."""
    steady_ns: int = 0
    """For how long it has gone on since it leapt last."""


def aged(before: Ageing | None, clock_ns: int, newest_before_ns: Callable[[int], int]) -> Ageing:
    """How late it is at the next look at the clock; `newest_before_ns` says when the newest span before a time began."""
    if before is None:
        return Ageing(clock_ns, 0, min(clock_ns, newest_before_ns(clock_ns)))
    passed_ns, leapt_ns = clock_ns - before.clock_ns, before.leapt_ns
    steady_ns = before.steady_ns + passed_ns
    if abs(passed_ns) > LEAP_NS:
        leapt_ns, passed_ns, steady_ns = leapt_ns + passed_ns, 0, 0
    if steady_ns >= abs(leapt_ns) * BELIEVED_AFTER:
        leapt_ns = 0
    now_ns = clock_ns - leapt_ns
    went_on_ns = before.time_ns + passed_ns
    return Ageing(clock_ns, leapt_ns, min(now_ns, max(newest_before_ns(now_ns), went_on_ns)), steady_ns)


def read_ageing(connection: DuckDBPyConnection) -> Ageing | None:
    """As it was at the last look before the store was closed; None where there was none."""
    found = connection.execute("SELECT clock_ns, leapt_ns, time_ns, steady_ns FROM ageing").fetchone()
    return Ageing(*found) if found else None


def write_ageing(connection: DuckDBPyConnection, ageing: Ageing) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute("DELETE FROM ageing")
        connection.execute("INSERT INTO ageing VALUES (?, ?, ?, ?)", astuple(ageing))
        connection.execute("COMMIT")
    except BaseException:
        give_up(connection)
        raise


def newest_before(connection: DuckDBPyConnection, now_ns: int) -> int:
    """The end of the newest minute with spans, of those up to now: what claims to be of the future proves nothing."""
    found = connection.execute(NEWEST_MINUTE, [now_ns // MINUTE_NS]).fetchone()
    return (int(found[0]) + 1) * MINUTE_NS if found and found[0] is not None else 0


def first_minute_kept(connection: DuckDBPyConnection, retention: Retention, time_ns: int) -> int:
    """The minute before which everything may go."""
    by_age = 0 if retention.max_age_s is None else (time_ns - int(retention.max_age_s * 1e9)) // MINUTE_NS
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
