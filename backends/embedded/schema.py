"""The tables of a store, and how an older store becomes one of this version.

version 1   spans and resources
version 2   rollups of duration as well
version 3   rollups of self time, and which traces they have and lack
version 4   how late it is for the age of spans
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backends.embedded.retention import AGEING
from backends.embedded.rollup import DURATIONS, ROLLUPS, SELF_TIMES, add_rollups
from backends.embedded.settling import MEASURED, TOUCHED, touch
from backends.embedded.unusable import StoreDamaged, StoreTooNew

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

VERSION = 4

# NULL is an adjusted count that is not known: DuckDB reads a NaN in an array as NULL.
SPANS = """
CREATE TABLE spans (
    trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, span_id UBIGINT NOT NULL, parent_id UBIGINT NOT NULL,
    service VARCHAR NOT NULL, operation VARCHAR NOT NULL, kind TINYINT NOT NULL, status TINYINT NOT NULL,
    start_ns BIGINT NOT NULL, duration_ns BIGINT NOT NULL,
    message VARCHAR NOT NULL, resource BIGINT NOT NULL, adjusted_count DOUBLE,
    attributes VARCHAR NOT NULL, events VARCHAR NOT NULL, links VARCHAR NOT NULL
)
"""
RESOURCES = "CREATE TABLE resources (id BIGINT NOT NULL, attributes VARCHAR NOT NULL)"
ABOUT = "CREATE TABLE store (version INTEGER NOT NULL)"


def version_of(connection: DuckDBPyConnection, folder: Path) -> int:
    """The version of the store in a database; 0 for an empty one.

    Raises:
        StoreTooNew: this program is older than the store.
        StoreDamaged: there are tables, but not those of a store.
    """
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return 0
    found = connection.execute("SELECT version FROM store").fetchone() if "store" in tables else None
    if found is None:
        raise StoreDamaged(f"The database in {folder} is no store of tracewhy.", "Name another folder.")
    version = int(found[0])
    if version > VERSION:
        raise StoreTooNew(
            f"The store in {folder} is of version {version}, this program knows versions up to {VERSION}.",
            "Nothing was touched. Use the newer program, or name another folder.",
        )
    return version


def bring_up_to_date(connection: DuckDBPyConnection, version: int) -> None:
    """Make the tables, or bring older ones to this version, all or nothing."""
    if version == VERSION:
        return
    connection.execute("BEGIN")
    if version == 0:
        for statement in (SPANS, RESOURCES, ABOUT):
            connection.execute(statement)
        connection.execute("INSERT INTO store VALUES (?)", [VERSION])
    if version < 2:
        _add_rollups(connection)
    if version < 3:
        _add_self_times(connection)
    connection.execute(AGEING)
    connection.execute("UPDATE store SET version = ?", [VERSION])
    connection.execute("COMMIT")


def _add_rollups(connection: DuckDBPyConnection) -> None:
    """From version 1 to 2."""
    connection.execute(ROLLUPS.format(table=DURATIONS))
    add_rollups(connection, "spans")


def _add_self_times(connection: DuckDBPyConnection) -> None:
    """From version 2 to 3. Traces that are there are measured in the course of time, as if they had just come."""
    for statement in (ROLLUPS.format(table=SELF_TIMES), TOUCHED, MEASURED):
        connection.execute(statement)
    touch(connection, "spans", 0)
