"""The waterfall of a breakdown as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import duration_text, or_no_name
from renderers.charts.canvas import (
    BODY_PT,
    SMALL_PT,
    TITLE_PT,
    WIDTH_IN,
    bare_axes,
    drawn,
    fitted,
    wrapped,
    write,
)
from renderers.charts.palette import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analyzers.report import Breakdown, WaterfallRow
    from renderers.charts.palette import Palette

MOST_ROWS = 30
DEEPEST = 8
ROW_IN, LINE_IN, MARGIN_IN = 0.27, 0.2, 0.2
LABEL_IN, TIME_IN, INDENT_IN = 2.9, 0.75, 0.1
LEGEND_IN, SCALE_IN = 0.35, 0.25
THICK, THIN = 0.62, 0.24
"""Of a row's height: what is on the critical path, and what is not."""
MOST_TITLE_LINES = 3


def render_waterfall_png(report: Breakdown, *, dark: bool) -> bytes:
    """Every row with its bar; thick where the answer waited for it.

    Thickness says what is on the critical path, hatching what is on the wire, an arrow where most of it is: colour only
    repeats it.
    """
    colours = palette(dark=dark)
    rows = report.waterfall[:MOST_ROWS]
    title = wrapped(report.headline, TITLE_PT, WIDTH_IN - 2 * MARGIN_IN, MOST_TITLE_LINES, bold=True)
    top_in = MARGIN_IN + len(title) * LINE_IN + SCALE_IN
    bottom_in = MARGIN_IN + LEGEND_IN
    height_in = top_in + max(len(rows), 1) * ROW_IN + bottom_in

    def draw(figure: Figure) -> None:
        for number, line in enumerate(title):
            write(figure, MARGIN_IN, height_in - MARGIN_IN - (number + 0.4) * LINE_IN, line, colours.ink, size_pt=TITLE_PT, bold=True)  # fmt: skip
        axes = bare_axes(figure, height_in, MARGIN_IN + LABEL_IN, MARGIN_IN + TIME_IN, top_in, bottom_in)
        _scale(axes, report, rows)
        _ticks(figure, axes, report, height_in - top_in + SCALE_IN / 2, colours)
        for number, row in enumerate(rows):
            _bar(axes, row, number, colours)
            _words(figure, row, height_in - top_in - (number + 0.5) * ROW_IN, colours)
        _legend(figure, colours, failed=any(row.failed for row in rows))

    return drawn(height_in, colours, draw)


def waterfall_alt_text(report: Breakdown) -> str:
    """What the picture shows, for those who do not see it."""
    held = sorted((row for row in report.waterfall if row.critical_ns), key=lambda row: -row.critical_ns)[:5]
    places = "; ".join(f"{_name(row)} {duration_text(row.critical_ns)}" for row in held)
    return f"Waterfall of a trace. {report.headline} On the critical path, most first: {places}."[:2_000]


def _scale(axes: Axes, report: Breakdown, rows: tuple[WaterfallRow, ...]) -> None:
    """The root's time, with a little room for what ran after it."""
    ends_ns = [report.duration_ns, *(row.offset_ns + row.duration_ns for row in rows)]
    axes.set_xlim(0, max(min(max(ends_ns), report.duration_ns * 9 // 8), 1))
    axes.set_ylim(max(len(rows), 1), 0)


def _ticks(figure: Figure, axes: Axes, report: Breakdown, y_in: float, colours: Palette) -> None:
    """Where the root starts and ends, each with a faint line down the picture."""
    box = axes.get_position()
    for at_ns, text, align in (
        (0, "0", "left"),
        (report.duration_ns, duration_text(report.duration_ns), "right"),
    ):
        share = at_ns / axes.get_xlim()[1]
        x_in = (box.x0 + box.width * share) * WIDTH_IN
        write(figure, x_in, y_in, text, colours.faint, size_pt=SMALL_PT, align=align)
        axes.axvline(at_ns, color=colours.beside, linewidth=0.6, zorder=0)


def _bar(axes: Axes, row: WaterfallRow, number: int, colours: Palette) -> None:
    middle, limit = number + 0.5, axes.get_xlim()[1]
    begin, end = max(row.offset_ns, 0), min(row.offset_ns + row.duration_ns, limit)
    least = limit / 400  # what is too short to see is drawn three pixels wide
    if row.what == "detached":
        _detached(axes, begin, end, middle, colours)
        return
    axes.barh(middle, max(end - begin, least), THIN, left=begin, color=colours.beside)
    colour = colours.slowest if row.slowest else colours.wire if row.what == "wire" else colours.gating
    hatch = "////" if row.what == "wire" else None
    for piece in row.path:
        width = max(piece.duration_ns, least)
        axes.barh(middle, width, THICK, left=piece.offset_ns, color=colour, hatch=hatch, edgecolor=colours.ground, linewidth=0)  # fmt: skip


def _detached(axes: Axes, begin: float, end: float, middle: float, colours: Palette) -> None:
    """Dots, long enough to be seen as such even where the work lies beyond the picture."""
    limit = axes.get_xlim()[1]
    first = min(begin, limit * 0.96)
    last = max(end, first + limit * 0.04)
    axes.plot([first, last], [middle, middle], color=colours.faint, linewidth=2, linestyle=(0, (1, 1.5)))


def _words(figure: Figure, row: WaterfallRow, y_in: float, colours: Palette) -> None:
    """The name before the bar, the time on the critical path after it."""
    indent_in = min(row.depth, DEEPEST) * INDENT_IN
    quiet = row.what in {"detached", "more"}
    name = fitted(_name(row), BODY_PT, LABEL_IN - indent_in - 0.1, bold=row.slowest)
    write(
        figure, MARGIN_IN + indent_in, y_in, name, colours.faint if quiet else colours.ink, bold=row.slowest
    )
    if row.critical_ns:
        time = duration_text(row.critical_ns)
        write(figure, WIDTH_IN - MARGIN_IN, y_in, f"{time} ◂" if row.slowest else time, colours.ink, bold=row.slowest, align="right")  # fmt: skip
    elif row.what == "detached":
        write(
            figure, WIDTH_IN - MARGIN_IN, y_in, "not waited", colours.faint, size_pt=SMALL_PT, align="right"
        )


def _name(row: WaterfallRow) -> str:
    if row.what == "more":
        return f"and {row.count:,} more"
    if row.what == "wire":
        return f"{row.service} → {row.callee or ''}"
    count = f"{row.count:,} × " if row.count > 1 else ""
    return f"{'✗ ' if row.failed else ''}{row.service}  {count}{or_no_name(row.operation)}"


def _legend(figure: Figure, colours: Palette, *, failed: bool) -> None:
    parts = ["thick: on the critical path", "hatched: on the wire", "◂ most of it"]
    parts += ["✗ failed"] if failed else []
    write(figure, MARGIN_IN, MARGIN_IN, "   ·   ".join(parts), colours.faint, size_pt=SMALL_PT)
