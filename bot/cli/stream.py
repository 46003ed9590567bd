"""Bytes written to a screen, as long as somebody reads them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.cli.surroundings import Screen

READER_GONE = 141
"""What a shell reports for a program that SIGPIPE ended."""


def print_line(text: str, screen: Screen) -> None:
    write(screen, f"{text}\n".encode(screen.encoding, "replace"))


def write(screen: Screen, content: bytes) -> None:
    """Write and flush; a reader that has gone away ends the command without a word.

    Raises:
        typer.Exit: nobody reads any more.
    """
    try:
        screen.binary.write(content)
        screen.binary.flush()
    except BrokenPipeError:
        # What is still buffered would fail once more when Python exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), screen.stream.fileno())
        raise typer.Exit(READER_GONE) from None
