"""One row of a waterfall as a bar: what gates the answer thick, what does not thin."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.report import WaterfallRow
    from renderers.fixed_width.glyphs import Glyphs
    from renderers.fixed_width.stretches import Stretches

GATING_STYLE, SLOWEST_STYLE, BESIDE_STYLE = "bold cyan", "bold yellow", "dim"
WIRE_STYLE, FAILED_STYLE, DETACHED_STYLE = "bold magenta", "red", "dim"


@dataclass(frozen=True)
class Scale:
    """The time that a picture of `cells` cells shows."""

    begin_ns: int
    end_ns: int
    cells: int

    def cell(self, offset_ns: int) -> int:
        """The cell an instant falls into, which may lie outside the picture."""
        return (offset_ns - self.begin_ns) * self.cells // self._length_ns

    def last_cell(self, end_ns: int) -> int:
        return -((self.begin_ns - end_ns) * self.cells // self._length_ns) - 1

    def cell_begin_ns(self, cell: int) -> int:
        return self.begin_ns + cell * self._length_ns // self.cells

    @property
    def _length_ns(self) -> int:
        return max(1, self.end_ns - self.begin_ns)


def bar(row: WaterfallRow, gating: Stretches, scale: Scale, glyphs: Glyphs) -> Text:
    """The row from the picture's first cell to its last; `gating` are its stretches on the critical path."""
    first = min(max(scale.cell(row.offset_ns), 0), scale.cells - 1)
    end_ns = row.offset_ns + row.duration_ns
    last = min(max(scale.last_cell(end_ns), first), scale.cells - 1)
    thick = _thick_cells(row, gating, scale)
    signs = [" "] * scale.cells
    for cell in range(first, last + 1):
        signs[cell] = _sign(row, cell in thick, glyphs)
    if scale.last_cell(end_ns) >= scale.cells and last > first:
        signs[-1] = glyphs.beyond
    return _styled(row, signs, glyphs)


def _thick_cells(row: WaterfallRow, gating: Stretches, scale: Scale) -> set[int]:
    """Cells at least half of which is on the critical path; the fullest one where no cell is."""
    if not row.critical_ns:
        return set()
    covered_ns = {
        cell: gating.covered_ns(scale.cell_begin_ns(cell), scale.cell_begin_ns(cell + 1))
        for cell in range(scale.cells)
    }
    half_ns = (scale.end_ns - scale.begin_ns) / scale.cells / 2
    thick = {cell for cell, ns in covered_ns.items() if ns >= half_ns}
    fullest = max(covered_ns, key=lambda cell: (covered_ns[cell], -cell))
    return thick or ({fullest} if covered_ns[fullest] else set())


def _sign(row: WaterfallRow, thick: bool, glyphs: Glyphs) -> str:
    if row.what == "detached":
        return glyphs.detached
    if thick:
        return glyphs.wire if row.what == "wire" else glyphs.gating
    return glyphs.beside


def _styled(row: WaterfallRow, signs: Sequence[str], glyphs: Glyphs) -> Text:
    thick_style = SLOWEST_STYLE if row.slowest else GATING_STYLE
    thin_style = FAILED_STYLE if row.failed else BESIDE_STYLE
    styles = {
        " ": "",
        glyphs.gating: thick_style,
        glyphs.beside: thin_style,
        glyphs.beyond: thin_style,
        glyphs.wire: SLOWEST_STYLE if row.slowest else WIRE_STYLE,
        glyphs.detached: DETACHED_STYLE,
    }
    drawn = Text()
    for sign, run in groupby(signs):
        drawn.append("".join(run), styles[sign])
    return drawn
