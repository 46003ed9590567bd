"""The DuckDB file of a store: opened, checked, and opened again after it failed for good."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import duckdb

from backends.embedded.folder import made_for_owner_only
from backends.embedded.schema import bring_up_to_date, version_of
from backends.embedded.unusable import lacks_memory, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection


MORE_MEMORY = 4
"""Times as much as usual, for what takes that. Rows are read 2,048 at a time, whatever is in them."""
MEMORY_LIMIT = "SET GLOBAL memory_limit = '{}MiB'"
Config: TypeAlias = dict[str, str | bool | int | float | list[str]]
T = TypeVar("T")


class Database:
    """One connection to write with, and a cursor for each reader."""

    def __init__(self, path: Path, memory_mib: int) -> None:
        self._path = path
        self._memory_mib = memory_mib
        self._config: Config = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # Arrays of objects that are handed over hold text: to look for what else they might hold took a third of a small commit.
            "pandas_analyze_sample": "0",
            # What is not yet compressed may grow to this. 16 MiB, as is usual, takes a quarter of the spans a second; a killed
            # store of 64 MiB opens in 0.6 s.
            "checkpoint_threshold": "64MiB",
        }
        self._copying = threading.Lock()
        self._enlarging = threading.Lock()
        self.connection = self._opened()

    def cursor(self) -> DuckDBPyConnection:
        """A connection of one's own to the same database; close it."""
        with self._copying:
            return self.connection.cursor()

    def within_memory(self, work: Callable[[], T]) -> T:
        """What the work comes to, with more memory where the usual does not do; for one at a time, as long as it lasts."""
        try:
            return work()
        except duckdb.OutOfMemoryException:
            with self._enlarging, self._enlarged():
                return work()

    def reopen(self) -> bool:
        """After an error that DuckDB survives only by being opened again: what was committed is there.

        Nothing is done where it was opened again since; whether it was now.
        """
        with self._copying:
            if _is_alive(self.connection):
                return False
            self.connection.close()
            self.connection = self._opened()
            return True

    def close(self) -> None:
        with self._copying:
            self.connection.close()

    def _opened(self) -> DuckDBPyConnection:
        with translated(self._path.parent):
            try:
                return self._connected(self._memory_mib)
            except (duckdb.OutOfMemoryException, duckdb.FatalException) as exc:
                if not lacks_memory(exc):
                    raise
                connection = self._connected(self._memory_mib * MORE_MEMORY)
                with suppress(duckdb.Error):  # it still holds more
                    connection.execute(MEMORY_LIMIT.format(self._memory_mib))
                return connection

    def _connected(self, memory_mib: int) -> DuckDBPyConnection:
        config = self._config | {"memory_limit": f"{memory_mib}MiB"}
        version = self._version_untouched(config)
        with made_for_owner_only():
            connection = duckdb.connect(str(self._path), config=config)
        try:
            bring_up_to_date(connection, version)
        except duckdb.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def _enlarged(self) -> Iterator[None]:
        with self.cursor() as cursor:
            cursor.execute(MEMORY_LIMIT.format(self._memory_mib * MORE_MEMORY))
            try:
                yield
            finally:
                with suppress(duckdb.Error):  # somebody uses more at the moment, or the database has ended
                    cursor.execute(MEMORY_LIMIT.format(self._memory_mib))

    def _version_untouched(self, config: Config) -> int:
        """The version of what is there, read without writing."""
        if not self._path.exists():
            return 0
        if self._path.stat().st_size == 0:  # all that was made of a store while the disk was full
            self._path.unlink()
            return 0
        connection = duckdb.connect(str(self._path), read_only=True, config=config)
        try:
            return version_of(connection, self._path.parent)
        finally:
            connection.close()


def _is_alive(connection: DuckDBPyConnection) -> bool:
    """Whether its database has not ended."""
    try:
        connection.execute("SELECT 1")
    except duckdb.Error:
        return False
    return True
