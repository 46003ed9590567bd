"""What can be asked next, as commands that exist."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.report import Breakdown
    from renderers.terminal.pen import Pen

INDENT = "    "


def draw_suggestions(report: Breakdown, pen: Pen) -> Iterator[Text]:
    """The same answer for programs. Long commands are continued with a backslash, so that they can be copied."""
    command = ["tracewhy", "ask", report.question, "--format", "json"]
    if report.backend and report.backend.removeprefix("file:") not in report.question:
        command += ["--backend", report.backend]
    yield from command_lines(shlex.join(command), pen, "next: ")


def command_lines(command: str, pen: Pen, lead: str = "") -> Iterator[Text]:
    """A command over as many lines as it needs, each but the last ending in a backslash.

    A word that is longer than a line goes on at the very beginning of the next, where a shell puts it together again.
    """
    words = _words(command)
    line = Text(lead, "dim").append(words[0], "bold") if words else Text(lead)
    for word in words[1:]:
        if len(line.plain) + len(word) + 3 > pen.width:
            yield line.append(" \\")
            *whole, rest = _pieces(word, pen.width - len(INDENT) - 2)
            indent = INDENT
            for piece in whole:
                yield Text(f"{indent}{piece}\\", "bold")
                indent = ""
            line = Text(indent + rest, "bold")
        else:
            line.append(f" {word}", "bold")
    yield line


def _pieces(word: str, width: int) -> list[str]:
    """The word, or pieces of it that are quoted each for itself and no wider than that; broken between words if possible."""
    if cell_len(word) <= width:
        return [word]
    option = word[: word.index(" ") + 1] if word.startswith("--") and " " in word else ""
    text, pieces = "".join(shlex.split(word.removeprefix(option))), list[str]()
    while text:
        room = width - (0 if pieces else len(option))
        length = next((n for n in range(room, 1, -1) if cell_len(shlex.quote(text[:n])) <= room), 1)
        if length < len(text):
            length = text.rfind(" ", 1, length) + 1 or length
        pieces.append(shlex.quote(text[:length]))
        text = text[length:]
    return [option + pieces[0], *pieces[1:]]


def _words(command: str) -> list[str]:
    """The words as a shell takes them, an option together with its value."""
    try:
        words = [shlex.quote(word) for word in shlex.split(command)]
    except ValueError:  # an open quote, in what somebody else wrote
        return command.split()
    joined: list[str] = []
    for word in words:
        if joined and joined[-1].startswith("--") and " " not in joined[-1]:
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined
