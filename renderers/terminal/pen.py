"""What a page is written with: its width, its signs, its reader's zone; and the shapes that text takes on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from analyzers.wording import duration_beside_text, duration_text, share_text
from renderers.fixed_width.cells import padded, shortened, wrapped
from renderers.fixed_width.glyphs import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from renderers.fixed_width.glyphs import Glyphs

MARGIN = "  "
LABEL_WIDTH = 13
GAP = "   "


@dataclass(frozen=True)
class Pen:
    """Writes lines that are never wider than `width` cells."""

    width: int
    zone: tzinfo
    encoding: str
    glyphs: Glyphs

    def spell(self, text: str) -> str:
        return spelled(text, self.encoding)

    def duration(self, duration_ns: int) -> str:
        return self.spell(duration_text(duration_ns))

    def duration_beside(self, duration_ns: int, whole_ns: int) -> str:
        return self.spell(duration_beside_text(duration_ns, whole_ns))

    def share(self, share: float) -> str:
        return self.spell(share_text(share))

    def short(self, text: str, width: int) -> str:
        return shortened(text, width, self.glyphs.ellipsis)

    def paragraph(self, text: str, style: str = "", indent: str = "") -> Iterator[Text]:
        """The text over as many lines as it needs."""
        for line in wrapped(text, self.width - len(indent)):
            yield Text(indent).append(line, style)

    def section(self, label: str, items: Iterable[Text]) -> Iterator[Text]:
        """Items side by side after a label, on the next line where one does not fit; nothing without items."""
        head = Text(MARGIN).append(padded(label, LABEL_WIDTH), "dim")
        hanging = " " * cell_len(head.plain)
        line = head
        for item in self._pieces(items, self.width - cell_len(head.plain)):
            gap = "" if line is head and line.plain.endswith(" ") else GAP
            if gap and cell_len(line.plain) + len(gap) + cell_len(item.plain) > self.width:
                yield line
                line, gap = Text(hanging), ""
            line = line.copy().append(gap).append_text(item)
        if line is not head:
            yield line

    def column(self, label: str, items: Iterable[Text]) -> Iterator[Text]:
        """Items below each other after a label, each over as many lines as it needs; nothing without items."""
        for item in items:
            yield from self.section(label, [item])
            label = ""

    def column_lines(self, text: str, most: int) -> list[str]:
        """The text as lines of a column, at most so many; of a longer one the middle of what stands in the last is left out."""
        width = max(self.width - len(MARGIN) - LABEL_WIDTH, 8)
        lines = list(wrapped(text, width))
        return (
            lines
            if len(lines) <= most
            else [*lines[: most - 1], self.short(" ".join(lines[most - 1 :]), width)]
        )

    def _pieces(self, items: Iterable[Text], width: int) -> Iterator[Text]:
        """The items, those that are wider than a line broken between words."""
        for item in items:
            if cell_len(item.plain) <= width:
                yield item
            else:
                style = item.spans[0].style if len(item.spans) == 1 else item.style
                yield from (Text(line, style) for line in wrapped(item.plain, max(width, 8)))
