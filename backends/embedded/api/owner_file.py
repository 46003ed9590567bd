"""The file through which other processes find the owner of a store: where it listens, and the token to show."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

import msgspec

from backends.embedded.unusable import translated
from backends.errors import BackendBroken, BackendRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "owner.json"
VERSION = 3
"""Of the API; another one is not understood."""
LONGEST_FILE = 4_096
ONLY_OWNER = 0o600
RESTART = "Stop the running `tracewhy serve` and start it again with this version."


class OwnerFile(msgspec.Struct, frozen=True):
    """Who owns the store."""

    version: int
    port: int
    token: str
    pid: int


def owner_file(folder: Path) -> OwnerFile | None:
    """What the file says; None where there is none, as while nobody owns the store.

    Raises:
        BackendRefused: it belongs to somebody else, or others could read it.
        BackendBroken: it is of another version, or no such file.
    """
    path = folder / NAME
    try:
        with path.open("rb") as file:
            _refuse_shared(path, os.fstat(file.fileno()))
            content = file.read(LONGEST_FILE)
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise BackendRefused(
            f"{path} cannot be read ({exc.strerror}), so the store cannot be asked.",
            "Ask as the user who runs `tracewhy serve`.",
        ) from exc
    try:
        found = msgspec.json.decode(content, type=OwnerFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise BackendBroken(f"{path} does not say where the store's owner listens.", RESTART) from exc
    if found.version != VERSION:
        raise BackendBroken(f"The store in {folder} is run by another version of tracewhy.", RESTART)
    return found


@contextlib.contextmanager
def written(folder: Path, owner: OwnerFile) -> Iterator[None]:
    """The file for as long as the owner listens.

    Raises:
        StoreFull: the disk is full.
        StoreUnusable: it cannot be written for another reason.
    """
    path = folder / NAME
    new = folder / f"{NAME}.{os.getpid()}"
    with translated(folder):
        try:
            _write(new, msgspec.json.encode(owner))
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _refuse_shared(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise BackendRefused(
            f"{path} belongs to another user, so what it says is not trusted.",
            "Ask as the user who runs `tracewhy serve`.",
        )
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BackendRefused(f"{path} can be read by others, and it holds a token.", f"Run: chmod 600 {path}")
