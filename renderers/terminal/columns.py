"""Rows in columns that fit the page: names give way first, then what can be left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from renderers.fixed_width.cells import padded
from renderers.terminal.pen import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from renderers.terminal.pen import Pen

BETWEEN = "  "
NARROWEST_NAME = 8


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    label: str
    right: bool = False
    gives_way: bool = False
    """Its texts are shortened where the page is narrow."""
    optional: bool = False
    """It is left out where shortening is not enough; of several, the last one first."""
    style: str = ""


def draw_table(columns: Sequence[Column], rows: Sequence[Sequence[str]], pen: Pen) -> Iterator[Text]:
    """A line of labels, then the rows; each row has a text for each column."""
    shown = _shown(columns, rows, pen)
    widths = _widths(columns, rows, shown, pen)
    labels = [column.label for column in columns]
    yield _line(labels, ["dim"] * len(columns), columns, widths, pen)
    for row in rows:
        yield _line(row, [column.style for column in columns], columns, widths, pen)


def _line(
    cells: Sequence[str], styles: Sequence[str], columns: Sequence[Column], widths: dict[int, int], pen: Pen
) -> Text:
    line = Text(MARGIN)
    for number, width in widths.items():
        text = pen.short(cells[number], width)
        missing = " " * (width - cell_len(text))
        aligned = missing + text if columns[number].right else padded(text, width)
        line.append(aligned, styles[number]).append(BETWEEN)
    return line


def _shown(columns: Sequence[Column], rows: Sequence[Sequence[str]], pen: Pen) -> list[int]:
    """The columns for which there is room when names are as short as they may be."""
    shown = list(range(len(columns)))
    least = [_least(columns, rows, number) for number in shown]
    for number in reversed(range(len(columns))):
        if sum(least[one] + len(BETWEEN) for one in shown) + len(MARGIN) <= pen.width:
            break
        if columns[number].optional:
            shown.remove(number)
    return shown


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], shown: Sequence[int], pen: Pen
) -> dict[int, int]:
    """As wide as the texts are, the widest names shortened until all fits."""
    widths = {number: _widest(columns, rows, number) for number in shown}
    room = pen.width - len(MARGIN) - len(BETWEEN) * (len(shown) - 1)
    while sum(widths.values()) > room:
        names = [number for number in shown if columns[number].gives_way and widths[number] > NARROWEST_NAME]
        if not names:
            break
        widths[max(names, key=lambda number: (widths[number], number))] -= 1
    return widths


def _widest(columns: Sequence[Column], rows: Sequence[Sequence[str]], number: int) -> int:
    return max(cell_len(columns[number].label), *(cell_len(row[number]) for row in rows))


def _least(columns: Sequence[Column], rows: Sequence[Sequence[str]], number: int) -> int:
    widest = _widest(columns, rows, number)
    return min(widest, NARROWEST_NAME) if columns[number].gives_way else widest
