"""The waterfall of a breakdown: a label, a bar and the time on the critical path for every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from analyzers.wording import or_no_name
from renderers.fixed_width.bar import FAILED_STYLE, SLOWEST_STYLE, Scale, bar
from renderers.fixed_width.cells import padded
from renderers.fixed_width.stretches import Stretches
from renderers.terminal.pen import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.report import Breakdown, WaterfallRow
    from renderers.terminal.pen import Pen

MOST_ROWS = 60
"""More than any report has; a picture of more is no picture."""
DEEPEST = 12
"""Deeper rows are not indented further."""
TICK_CELLS = 14
HEADING = "on the critical path"
SHORT_HEADING = "critical"
ROOM_FOR_HEADING = 60
SHORTEST_BAR = 12


@dataclass(frozen=True)
class Columns:
    """How many cells each part of a row has; the gaps of two between them not counted."""

    label: int
    bar: int
    time: int
    remark: int


def draw_waterfall(report: Breakdown, pen: Pen) -> Iterator[Text]:
    """The scale, then a line for every row; a remark too long for its column stands on a line of its own."""
    rows = report.waterfall[:MOST_ROWS]
    if not rows:
        return
    columns = _columns(rows, report.duration_ns, pen)
    scale = _scale(report, rows, columns.bar)
    yield _heading(report, columns, scale, pen)
    for row in rows:
        drawn = bar(row, _stretches(row), scale, pen.glyphs)
        yield from _row(row, drawn, _time(row, report.duration_ns, pen), columns, pen)


def _columns(rows: Sequence[WaterfallRow], whole_ns: int, pen: Pen) -> Columns:
    longest = max(cell_len(_label(row, pen, 1_000)) for row in rows)
    label = min(longest, max(32, pen.width * 3 // 10))
    time = max(cell_len(_time(row, whole_ns, pen)) for row in rows)
    remark = max(cell_len(_remark(row, pen)) for row in rows)
    right = max(cell_len(_heading_text(pen)), time + 2 + min(remark, pen.width // 8))
    left = pen.width - len(MARGIN) - label - 2 - 2 - right
    if left < SHORTEST_BAR:
        label = max(8, label - (SHORTEST_BAR - left))
        left = max(4, pen.width - len(MARGIN) - label - 4 - right)
    return Columns(label, left, time, right - time - 2)


def _scale(report: Breakdown, rows: Sequence[WaterfallRow], cells: int) -> Scale:
    """The root's time, with room for what ran before or after it, though not more than the root is worth."""
    room_ns = report.duration_ns // 8
    begin_ns = max(-room_ns, min(0, *(row.offset_ns for row in rows), 0))
    end_ns = max(report.duration_ns, *(row.offset_ns + row.duration_ns for row in rows))
    return Scale(begin_ns, min(end_ns, report.duration_ns + room_ns), cells)


def _stretches(row: WaterfallRow) -> Stretches:
    return Stretches.of((piece.offset_ns, piece.offset_ns + piece.duration_ns) for piece in row.path)


def _heading(report: Breakdown, columns: Columns, scale: Scale, pen: Pen) -> Text:
    line = Text(MARGIN + " " * (columns.label + 2))
    line.append(_ticks(report.duration_ns, scale, pen), "dim")
    return line.append(f"  {_heading_text(pen)}", "dim")


def _heading_text(pen: Pen) -> str:
    return HEADING if pen.width >= ROOM_FOR_HEADING else SHORT_HEADING


def _ticks(duration_ns: int, scale: Scale, pen: Pen) -> str:
    """`0` where the root starts, its duration where it ends, round times between where there is room."""
    end = pen.duration(duration_ns)
    end_at = max(scale.last_cell(duration_ns) - cell_len(end) + 1, 0)
    signs = " " * max(scale.cell(0), 0) + "0"
    for tick_ns in _round_times(duration_ns, scale):
        at, text = scale.cell(tick_ns), pen.duration(tick_ns)
        if at > len(signs) + 1 and at + cell_len(text) + 2 <= end_at:
            signs = signs.ljust(at) + text
    if end_at > len(signs):
        signs = signs.ljust(end_at) + end
    return padded(signs, scale.cells)


def _round_times(duration_ns: int, scale: Scale) -> range:
    """Multiples of 1, 2 or 5 of a unit, not closer than labels allow."""
    least_ns = max(1, (scale.end_ns - scale.begin_ns) * TICK_CELLS // scale.cells)
    power = 10 ** (len(str(least_ns)) - 1)
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least_ns)
    return range(step, max(duration_ns, 1), step)


def _row(row: WaterfallRow, drawn: Text, time: str, columns: Columns, pen: Pen) -> Iterator[Text]:
    line = Text(MARGIN)
    style = "bold" if row.slowest else "dim" if row.what in {"detached", "more"} else ""
    line.append(padded(_label(row, pen, columns.label), columns.label), style)
    line.append("  ").append_text(drawn).append("  ")
    line.append(time.rjust(columns.time), "bold" if row.slowest else "")
    remark = _remark(row, pen)
    remark_style = SLOWEST_STYLE if row.slowest else FAILED_STYLE if row.failed else "dim"
    if cell_len(remark) <= columns.remark:
        yield line.append("  ").append(remark, remark_style)
        return
    if row.slowest:
        line.append(f"  {pen.glyphs.slowest}", SLOWEST_STYLE)
        remark = remark.removeprefix(pen.glyphs.slowest).strip()
    yield line
    yield from pen.paragraph(remark, remark_style, MARGIN + " " * (min(row.depth, DEEPEST) + 2))


def _label(row: WaterfallRow, pen: Pen, width: int) -> str:
    """Indent, then what the row is; long operations lose their middle before services do."""
    indent = " " * min(row.depth, DEEPEST, width // 3)
    room = width - len(indent)
    if row.what == "more":
        return f"{indent}and {row.count:,} more"
    if row.what == "wire":
        arrow = f" {pen.glyphs.arrow} "
        half = (room - len(arrow)) // 2
        caller = pen.short(row.service, max(half, room - len(arrow) - cell_len(row.callee or "")))
        return indent + caller + arrow + pen.short(row.callee or "", room - len(arrow) - cell_len(caller))
    count = f"{row.count:,} {pen.glyphs.times} " if row.count > 1 else ""
    name = or_no_name(row.operation)
    service = pen.short(row.service, max(room * 6 // 10, room - 2 - cell_len(count + name)))
    operation = pen.short(name, max(0, room - cell_len(service + count) - 2))
    return pen.short(f"{indent}{service}  {count}{operation}", width)


def _time(row: WaterfallRow, whole_ns: int, pen: Pen) -> str:
    if row.critical_ns:
        return pen.duration_beside(row.critical_ns, whole_ns)
    return "" if row.what == "detached" else "-"


def _remark(row: WaterfallRow, pen: Pen) -> str:
    parts = [
        pen.glyphs.slowest if row.slowest else "",
        "failed" if row.failed and "failed" not in (row.remark or "") else "",
        "on the wire" if row.what == "wire" else "",
        row.remark or "",
    ]
    return " ".join(part for part in parts if part)
