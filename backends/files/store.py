"""How trace files are opened by URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from backends.errors import UnusableAddress
from backends.files.backend import FilesBackend
from backends.files.wording import shown
from backends.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.interface import Progress


def open_files(
    url: str,
    environment: Mapping[str, str],  # noqa: ARG001 - every opener is offered it; files need no secrets
    progress: Progress | None = None,
) -> FilesBackend:
    """The files behind `file:///folder/*.json`, or behind a plain path or pattern."""
    return FilesBackend(path_of(url), progress=progress)


def path_of(url: str) -> str:
    """The path or pattern; only what is written as a URL has its %-escapes read.

    Raises:
        UnusableAddress: it names another machine, or nothing.
    """
    if not url.lower().startswith("file:"):
        path = url
    elif not url.lower().startswith("file://"):
        path = url[len("file:") :]
    else:
        host = urlsplit(url).netloc
        if host not in {"", "localhost"}:
            raise UnusableAddress(
                f"{shown(url)} names the machine {shown(host)}.", "Write file:///path, with three slashes."
            )
        path = unquote(url[len("file://") + len(host) :])
    if not path.strip():
        raise UnusableAddress("The address of the files is empty.", "Write file:///path, or the path alone.")
    return path


STORE = Store(schemes=("file",), example="file:///traces/*.json", open=open_files)
