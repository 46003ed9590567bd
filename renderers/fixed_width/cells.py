"""Text measured in terminal cells: a CJK character or an emoji takes two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator


WORD = re.compile(r"\S*\d (?:ns|µs|us|ms|s|min|h|d|%)(?!\w)\S*|\S+")
"""A number stays with its unit."""


def padded(text: str, width: int) -> str:
    """The text in exactly that many cells: filled with spaces, or cut where it is too long."""
    return set_cell_size(text, width)


def shortened(text: str, width: int, ellipsis: str) -> str:
    """The text in at most that many cells; where it is longer its middle goes, since both ends of a name tell most."""
    if cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room < 2:
        return set_cell_size(text, max(width, 0)).rstrip()
    head = set_cell_size(text, (room + 1) // 2).rstrip()
    tail = _last_cells(text, room // 2).lstrip()
    short = f"{head}{ellipsis}{tail}"
    return short if cell_len(short) <= width else set_cell_size(short, width).rstrip()


def _last_cells(text: str, width: int) -> str:
    for begin in range(max(0, len(text) - width), len(text)):
        if cell_len(text[begin:]) <= width:
            return text[begin:]
    return ""


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most that many cells, broken between words; a longer word is broken anywhere.

    A number and its unit are one word.
    """
    line = ""
    for word in WORD.findall(text):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        *whole, line = _folded(word, width)
        yield from whole
    if line:
        yield line


def _folded(word: str, width: int) -> Iterator[str]:
    while cell_len(word) > width:
        kept = max(1, _characters_within(word, width))
        yield word[:kept]
        word = word[kept:]
    yield word


def _characters_within(word: str, width: int) -> int:
    """How many characters fit; found by halving, since a word may have thousands."""
    low, high = 0, min(len(word), 4 * width)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cell_len(word[:middle]) <= width else (low, middle - 1)
    return low
