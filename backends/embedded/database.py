"""The DuckDB file of a store: opened, checked, and opened again after it failed for good."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import duckdb

from backends.embedded.schema import bring_up_to_date, version_of
from backends.embedded.unusable import translated

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


class Database:
    """One connection to write with, and a cursor for each reader."""

    def __init__(self, path: Path, memory_limit: str) -> None:
        self._path = path
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # Arrays of objects that are handed over hold text: to look for what else they might hold took a third of a small commit.
            "pandas_analyze_sample": "0",
        }
        self._copying = threading.Lock()
        self.connection = self._opened()

    def cursor(self) -> DuckDBPyConnection:
        """A connection of one's own to the same database; close it."""
        with self._copying, translated(self._path.parent):
            return self.connection.cursor()

    def reopen(self) -> None:
        """After an error that DuckDB survives only by being opened again: what was committed is there."""
        with self._copying:
            self.connection.close()
            self.connection = self._opened()

    def close(self) -> None:
        with self._copying:
            self.connection.close()

    def _opened(self) -> DuckDBPyConnection:
        with translated(self._path.parent):
            version = self._version_untouched()
            connection = duckdb.connect(str(self._path), config=self._config)
            try:
                bring_up_to_date(connection, version)
            except duckdb.Error:
                connection.close()
                raise
            return connection

    def _version_untouched(self) -> int:
        """The version of what is there, read without writing."""
        if not self._path.exists():
            return 0
        connection = duckdb.connect(str(self._path), read_only=True)
        try:
            return version_of(connection, self._path.parent)
        finally:
            connection.close()
