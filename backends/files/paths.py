"""Which files are meant."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from backends.errors import UnreadableFile
from backends.files.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST_AND_PORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}:\d{1,5}\Z|\[[0-9A-Fa-f:]+\]:\d{1,5}\Z")


@dataclass(frozen=True)
class Files:
    """The files behind a path or pattern, sorted."""

    paths: tuple[Path, ...]
    single: bool
    """A file named by itself must be readable; among several, one that is no trace file is skipped."""
    more: bool = False
    """There were more than the limit."""


def find_files(pattern: str, max_files: int) -> Files:
    """The file, all regular files below the folder, or those that match the pattern.

    Raises:
        UnreadableFile: there is none.
    """
    try:
        path = Path(pattern).expanduser()
        if path.is_file():
            return Files((path,), single=True)
        if path.is_dir():
            return _several(pattern, _below(path), max_files, f"The folder {shown(pattern)} holds no files.")
        if path.exists():
            raise UnreadableFile(
                f"{shown(pattern)} is neither a file nor a folder.", "Save it to a file first."
            )
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: ~name of nobody
        reason = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise UnreadableFile(f"{shown(pattern)} cannot be opened: {reason}.", "Check its path.") from error
    if HOST_AND_PORT.match(pattern):
        raise UnreadableFile(f"There is no file {shown(pattern)}.", f"Did you mean jaeger://{pattern}?")
    if not glob.has_magic(pattern):
        raise UnreadableFile(
            f"There is no file {shown(pattern)}.", "Check the path; a pattern may have * and **."
        )
    matches = (Path(name) for name in glob.iglob(str(path), recursive=True))  # noqa: PTH207 - it takes absolute patterns
    found = _each_once(match for match in matches if match.is_file())
    return _several(pattern, found, max_files, f"No file matches {shown(pattern)}.")


def _several(pattern: str, found: Iterator[Path], max_files: int, none: str) -> Files:
    paths = list(islice(found, max_files + 1))
    if not paths:
        raise UnreadableFile(none, f"Check what {shown(pattern)} should hold.")
    return Files(tuple(sorted(paths[:max_files])), single=False, more=len(paths) > max_files)


def _each_once(paths: Iterator[Path]) -> Iterator[Path]:
    """Links may lead to the same file by many ways, also in circles."""
    seen: set[str] = set()
    for path in paths:
        if (real := os.path.realpath(path)) not in seen:
            seen.add(real)
            yield path


def _below(folder: Path) -> Iterator[Path]:
    """Every regular file, without following links to other folders, which may lead in circles."""
    for inside, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if (path := Path(inside, name)).is_file():
                yield path
