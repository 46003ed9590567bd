"""The waterfall as text for a phone: bar and time first, since they have a fixed width, names last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from analyzers.wording import duration_beside_text, duration_text, or_no_name
from renderers.fixed_width.bar import Scale, bar
from renderers.fixed_width.cells import shortened
from renderers.fixed_width.glyphs import Glyphs
from renderers.fixed_width.stretches import Stretches
from renderers.slack.escaping import isolated
from renderers.slack.glance import WIDTH
from renderers.slack.page import Table

if TYPE_CHECKING:
    from analyzers.report import Breakdown, WaterfallRow

BAR_CELLS = 14
DEEPEST = 8
"""Deeper rows are not indented further."""
MOST_ROWS = 28
"""As many as a report has at most, so that none of a trace needs a second look."""
SIGNS = Glyphs("█", "─", "▒", "·", "►", "◄", "→", "…", "·", "×")
"""Of the old code page 437, which every fixed-width font of a phone has in the right width."""
LEGEND, FAILED_LEGEND = "█ critical path  ─ in between  ◄ most", "  ! failed"


def waterfall_table(report: Breakdown, offset: int) -> tuple[Table, ...]:
    """The rows from `offset` on, with a scale above and a legend beneath them."""
    rows = report.waterfall[offset : offset + MOST_ROWS]
    if not rows:
        return ()
    scale = _scale(report)
    times = [_time(row, report.duration_ns) for row in rows]
    width = max(map(cell_len, times))
    lines = tuple(_line(row, time.rjust(width), scale) for row, time in zip(rows, times, strict=True))
    legend = LEGEND + (FAILED_LEGEND if any(row.failed for row in rows) else "")
    return (Table((_head(report, scale),), lines, (legend,), offset, len(report.waterfall)),)


def _scale(report: Breakdown) -> Scale:
    """The root's time, with a little room for what ran after it."""
    ends_ns = (row.offset_ns + row.duration_ns for row in report.waterfall)
    end_ns = min(max(report.duration_ns, *ends_ns), report.duration_ns + report.duration_ns // 8)
    return Scale(0, max(end_ns, 1), BAR_CELLS)


def _head(report: Breakdown, scale: Scale) -> str:
    """`0        4.12 s`: where the root starts and where it ends."""
    end = duration_text(report.duration_ns)
    return "0" + end.rjust(max(scale.last_cell(report.duration_ns), len(end) + 1))


def _line(row: WaterfallRow, time: str, scale: Scale) -> str:
    stretches = Stretches.of((one.offset_ns, one.offset_ns + one.duration_ns) for one in row.path)
    drawn = bar(row, stretches, scale, SIGNS).plain
    mark = SIGNS.slowest if row.slowest else "!" if row.failed else " "
    lead = f"{drawn} {time} {mark}"
    return f"{lead} {_label(row, WIDTH - cell_len(lead) - 1)}".rstrip()


def _time(row: WaterfallRow, whole_ns: int) -> str:
    if row.critical_ns:
        return duration_beside_text(row.critical_ns, whole_ns)
    return "" if row.what == "detached" else "-"


def _label(row: WaterfallRow, room: int) -> str:
    indent = " " * min(row.depth, DEEPEST)
    return indent + isolated(shortened(_name(row), max(room - len(indent), 8), "…"))


def _name(row: WaterfallRow) -> str:
    if row.what == "more":
        return f"and {row.count:,} more"
    if row.what == "wire":
        return f"{row.service} → {row.callee or ''}"
    count = f"{row.count:,} × " if row.count > 1 else ""
    return f"{row.service} {count}{or_no_name(row.operation)}"
