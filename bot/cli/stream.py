"""Bytes written to a screen, as long as somebody reads them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.cli.surroundings import Screen

READER_GONE = 141
"""What a shell reports for a program that SIGPIPE ended."""
NOT_WRITTEN = 74
"""EX_IOERR of sysexits.h."""


def print_line(text: str, screen: Screen) -> None:
    write(screen, f"{text}\n".encode(screen.encoding, "replace"))


def write(screen: Screen, content: bytes) -> None:
    """Write and flush; a reader that has gone away ends the command without a word.

    Raises:
        typer.Exit: nobody reads any more, or there is no room for what is written.
    """
    try:
        screen.binary.write(content)
        screen.binary.flush()
    except BrokenPipeError:
        _write_nowhere(screen)
        raise typer.Exit(READER_GONE) from None
    except OSError as exc:
        _write_nowhere(screen)
        typer.echo(f"The answer cannot be written: {exc.strerror}. Write it somewhere else.", err=True)
        raise typer.Exit(NOT_WRITTEN) from None


def _write_nowhere(screen: Screen) -> None:
    """Let go of what is still buffered: it would fail once more when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), screen.stream.fileno())
