"""Why a store cannot be opened, or has stopped working.

BackendError
└── StoreUnusable      the folder cannot be used as it is
    ├── StoreInUse     another process has it open
    ├── StoreTooNew    a later version of tracewhy wrote it
    └── StoreDamaged   what is in it is no store, or is one no longer
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from backends.embedded.refusal import StoreFull
from backends.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL_DISK = ("no space left", "file too large", "disk quota", "could not write", "out of disk")
"""How DuckDB passes on the errors of a disk that takes no more; it has no type for them."""


NO_MEMORY = ("out of memory", "failed to allocate", "failed to pin")
"""How it tells that there was no memory where it ended for that reason."""


NO_DATABASE = "not a valid duckdb database file"
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""How the system tells the same."""


class StoreUnusable(BackendError):
    """The folder cannot be used as a store."""


class StoreInUse(StoreUnusable):
    """Another process owns the folder."""


class StoreTooNew(StoreUnusable):
    """The store was written by a later version."""


class StoreDamaged(StoreUnusable):
    """The files in the folder cannot be read as a store."""


def lacks_memory(error: duckdb.Error) -> bool:
    """Whether it would not have come to this with more memory."""
    return isinstance(error, duckdb.OutOfMemoryException) or any(
        sign in str(error).lower() for sign in NO_MEMORY
    )


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Raise a BackendError, with advice, for every failure of the database in a folder."""
    try:
        yield
    except duckdb.Error as exc:
        if any(sign in str(exc).lower() for sign in FULL_DISK):
            raise StoreFull from exc
        if lacks_memory(exc):
            raise StoreUnusable(
                f"The store in {folder} needs more memory for this than it may take.",
                "Ask for a shorter window, or raise store.memory_mib in the settings.",
            ) from exc
        if NO_DATABASE in str(exc).lower():
            raise StoreDamaged(
                f"{folder} holds a file of the name of a store's that is no database, or is one no longer.",
                "Name another folder, or move that file away.",
            ) from exc
        raise StoreDamaged(
            f"The database in {folder} failed ({type(exc).__name__}).",
            "Check the disk. If it happens again, move the folder away and start with an empty one.",
        ) from exc
    except OSError as exc:
        if exc.errno in NO_SPACE:
            raise StoreFull from exc
        raise StoreUnusable(
            f"The store in {folder} cannot be used: {exc.strerror or type(exc).__name__}.",
            "Check the folder and the rights of this program's user.",
        ) from exc
