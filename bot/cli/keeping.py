"""What the commands that keep spans find around them. The wiring makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TextIO

import typer

from bot.cli.stream import print_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from sqlalchemy import URL

    from backends.embedded.opening import StoreInFolder
    from backends.embedded.owner import Owner
    from bot.cli.surroundings import Surroundings
    from bot.stores.state_store import StateStore
    from config.settings import Settings


class Keeping(Protocol):
    """Settings, and stores to keep spans in."""

    def settings(self, file: Path | None, given: Mapping[str, Any]) -> Settings:
        """Raises UnusableSettings."""
        ...

    def folder(self, settings: Settings) -> Path:
        """Where the store is."""
        ...

    def is_usual(self, folder: Path) -> bool:
        """Whether `ask` looks there by itself."""
        ...

    def owner(self, settings: Settings) -> Owner:
        """The store with its receivers, not started yet.

        Raises:
            BackendError: the folder cannot be used.
        """
        ...

    def beside(
        self, settings: Settings, owner: Owner, say: Callable[[str], None], log: TextIO
    ) -> AbstractAsyncContextManager[str]:
        """What runs beside the receivers, chores and Slack; gives a line about Slack."""
        ...

    def store(self, settings: Settings) -> StoreInFolder:
        """The store to load files into: through its owner, or opened here."""
        ...

    async def state(self, settings: Settings) -> StateStore:
        """What the bot remembers, opened.

        Raises:
            StateError: the database cannot be used.
        """
        ...

    def state_url(self, settings: Settings) -> str | URL:
        """Where the state is."""
        ...

    def holds_spans(self, folder: Path) -> bool:
        """Whether somebody keeps, or kept, spans there."""
        ...

    def is_served(self, folder: Path) -> bool:
        """Whether a process owns the store there at this moment."""
        ...

    def clock_ns(self) -> int: ...


def read_settings(around: Surroundings, file: Path | None, given: Mapping[str, Any]) -> Settings:
    """The settings.

    Raises:
        typer.Exit: they cannot be used, which was said.
    """
    from config.refusal import UnusableSettings  # noqa: PLC0415 - pydantic is heavy, and only these commands need it

    try:
        return around.keeping.settings(file, given)
    except UnusableSettings as exc:
        print_line(str(exc), around.errors)
        raise typer.Exit(exc.exit_status) from exc
