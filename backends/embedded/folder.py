"""The folder of a store, owned by one process at a time."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backends.embedded.unusable import StoreInUse, StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "lock"
DATABASE = "spans.duckdb"
OWNER_ONLY = 0o700
NOT_FOR_OTHERS = 0o077


@contextmanager
def made_for_owner_only() -> Iterator[None]:
    """Files that this process makes until the block ends can be read by its user only, whoever may look into the folder."""
    before = os.umask(NOT_FOR_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def is_owned(path: Path) -> bool:
    """Whether a process owns the folder at this moment. Nothing is made, and nobody is kept from owning it."""
    try:
        lock = os.open(path / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


@dataclass
class OwnedFolder:
    """A folder that no other process can own until this one lets go of it, or ends."""

    path: Path
    _lock: int

    @classmethod
    def take(cls, path: Path) -> OwnedFolder:
        """Own the folder, made if need be.

        Raises:
            StoreInUse: another process owns it.
            StoreUnusable: it cannot be made or written to.
        """
        try:
            path.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
            lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as exc:
            raise StoreUnusable(
                f"Spans cannot be kept in {path}: {exc.strerror or type(exc).__name__}.",
                "Name a folder that this program's user may write to.",
            ) from exc
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(lock)
            raise StoreInUse(
                f"The store in {path} is in use by another process.",
                "Only one server can own a folder: stop the other one, ask through it, or name another folder.",
            ) from exc
        return cls(path, lock)

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    def let_go(self) -> None:
        os.close(self._lock)
