"""What the registry knows about a kind of store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.interface import Backend, Progress


class Opener(Protocol):
    """Makes a backend from its URL. It does not connect, so a wrong address shows when something is asked."""

    def __call__(self, url: str, environment: Mapping[str, str], progress: Progress | None) -> Backend: ...


@dataclass(frozen=True)
class Store:
    """A kind of store: the schemes of its URLs and how one is opened."""

    schemes: tuple[str, ...]
    example: str
    """A URL to learn from, for messages."""
    open: Opener
