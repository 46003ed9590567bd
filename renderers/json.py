"""Reports as the JSON that docs/reference/report.md promises: one object on one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from renderers.clean import is_hidden, with_every_text

if TYPE_CHECKING:
    from analyzers.report import AnyReport

BEYOND_ASCII = re.compile(r"[^\n -~]")


def render_json(report: AnyReport) -> str:
    """The report as one JSON object and a newline; the same report gives the same bytes.

    What is no Unicode, as a file name or an argument can be, becomes a question mark. What would act on a terminal is
    escaped, though JSON does not ask for it: a program reads the same text.
    """
    try:
        return _line(report)
    except UnicodeEncodeError:
        return _line(with_every_text(report, lambda text: text.encode("utf-8", "replace").decode()))


def _line(report: AnyReport) -> str:
    line = msgspec.json.encode(report).decode() + "\n"
    return BEYOND_ASCII.sub(_harmless, line)


def _harmless(found: re.Match[str]) -> str:
    """The character, or its `\\u` escape; two of them where one does not reach."""
    char = found[0]
    if not is_hidden(char):
        return char
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
