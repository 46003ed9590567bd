"""What a command finds around it. The wiring makes it from the environment; tests make their own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol, TextIO

if TYPE_CHECKING:
    from datetime import datetime, tzinfo
    from types import TracebackType

    import typer

    from backends.interface import Progress
    from bot.cli.keeping import Keeping
    from bot.services.ask import Stores

PIPED_WIDTH = 100
"""Columns where there is no terminal to ask."""


class OpenStores(Protocol):
    """Stores for as long as a command runs."""

    async def __aenter__(self) -> Stores: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class StoresOpener(Protocol):
    def __call__(self, backend_url: str | None, progress: Progress) -> OpenStores: ...


@dataclass(frozen=True)
class Screen:
    """Where an answer is shown."""

    stream: TextIO
    columns: int | None
    """As the environment says; None to ask the terminal."""
    colour: bool
    encoding: str

    @property
    def binary(self) -> BinaryIO:
        return self.stream.buffer

    @property
    def width(self) -> int:
        if self.columns:
            return self.columns
        try:
            return os.get_terminal_size(self.stream.fileno()).columns or PIPED_WIDTH
        except (OSError, ValueError):
            return PIPED_WIDTH


@dataclass(frozen=True)
class Surroundings:
    """Streams, settings from the environment, the clock and the stores."""

    screen: Screen
    errors: Screen
    questions: BinaryIO
    """Standard input."""
    backend_url: str | None
    debug: bool
    zone: tzinfo
    now: datetime
    """When the command began: the only time anybody reads the clock for it."""
    stores: StoresOpener
    keeping: Keeping


def surroundings_of(context: typer.Context) -> Surroundings:
    """The surroundings that the wiring gave to the command."""
    around = context.find_object(Surroundings)
    if around is None:
        raise RuntimeError("a command was started without its surroundings")
    return around
