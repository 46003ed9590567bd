"""How long requests spent at the first cause's place, before and now: two shapes over one scale of ratios."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analyzers.wording import count_text, duration_text
from renderers.charts.canvas import BODY_PT, SMALL_PT, WIDTH_IN, bare_axes, fitted, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analyzers.report import Spread
    from renderers.charts.palette import Palette

MARGIN_IN, HEAD_IN, PLOT_IN, TICK_IN, LEGEND_IN = 0.2, 0.35, 1.1, 0.28, 0.3
SPREAD_IN = HEAD_IN + PLOT_IN + TICK_IN + LEGEND_IN
"""Of the whole panel."""
MOST_TICKS = 4


def draw_spread(figure: Figure, spread: Spread, bottom_in: float, colours: Palette) -> None:
    """The panel, its lower edge so far from that of the figure."""
    height_in = float(figure.get_size_inches()[1])
    plot_in = bottom_in + LEGEND_IN + TICK_IN
    axes = bare_axes(figure, height_in, MARGIN_IN, MARGIN_IN, height_in - plot_in - PLOT_IN, plot_in)
    edges = [math.log(edge_ns) for edge_ns in spread.edges_ns]
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(0, max(*spread.baseline, *spread.incident, 1e-9) * 1.05)
    _shapes(axes, spread, edges, colours)
    room_in = WIDTH_IN - 2 * MARGIN_IN
    title = fitted(f"{place_name(spread)}: time that a request spends there", BODY_PT, room_in, bold=True)
    write(figure, MARGIN_IN, plot_in + PLOT_IN + HEAD_IN / 2, title, colours.ink, bold=True)
    _ticks(figure, axes, spread, plot_in - TICK_IN / 2, colours)
    write(figure, MARGIN_IN, bottom_in + LEGEND_IN / 2, _legend(spread), colours.faint, size_pt=SMALL_PT)


def spread_alt_text(spread: Spread) -> str:
    """What the panel shows, for those who do not see it."""
    before, now = (_typical(spread.edges_ns, shares) for shares in (spread.baseline, spread.incident))
    return f"At {place_name(spread)} half of the requests spend more than {before} before, and {now} now."


def place_name(spread: Spread) -> str:
    return f"{spread.caller} → {spread.service}" if spread.caller else f"{spread.service} {spread.operation}"


def _shapes(axes: Axes, spread: Spread, edges: list[float], colours: Palette) -> None:
    axes.axhline(0, color=colours.faint, linewidth=0.8)
    axes.stairs(spread.baseline, edges, fill=True, color=colours.beside)
    axes.stairs(spread.incident, edges, color=colours.slowest, linewidth=1.8, clip_on=False)


def _ticks(figure: Figure, axes: Axes, spread: Spread, y_in: float, colours: Palette) -> None:
    """A few durations beneath, the first and the last among them."""
    last = len(spread.edges_ns) - 1
    count = min(MOST_TICKS, last + 1)
    low, high = axes.get_xlim()
    for number in range(count):
        edge_ns = spread.edges_ns[round(number * last / max(count - 1, 1))]
        share = (math.log(edge_ns) - low) / (high - low)
        align = "left" if number == 0 else "right" if number == count - 1 else "center"
        x_in = MARGIN_IN + share * (WIDTH_IN - 2 * MARGIN_IN)
        write(figure, x_in, y_in, duration_text(edge_ns), colours.faint, size_pt=SMALL_PT, align=align)


def _legend(spread: Spread) -> str:
    before, now = (count_text(count, "request") for count in spread.requests)
    return f"filled: before ({before})   ·   line: now ({now})   ·   each shape holds all of its requests"


def _typical(edges_ns: tuple[int, ...], shares: tuple[float, ...]) -> str:
    """Where the bin that reaches the half begins."""
    reached = 0.0
    for edge_ns, share in zip(edges_ns, shares, strict=False):
        reached += share
        if reached >= sum(shares) / 2:
            return duration_text(edge_ns)
    return duration_text(0)
