"""What every command has in common, whatever its options."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

VALIDATORS_OWN_WORDS = "Value error, "
"""How pydantic, which reads the values for typer, begins each message of somebody else's."""


class WordedCommand(TyperCommand):
    """A command that says what is wrong with a value in the words meant for people alone."""

    # Any: typer has a click of its own, whose types are private.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as exc:
            exc.message = exc.message.removeprefix(VALIDATORS_OWN_WORDS)
            raise
