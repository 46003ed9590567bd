"""How long requests spent at the first cause's place, before and now: two shapes over one scale of ratios."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analyzers.wording import count_text, duration_text
from renderers.charts.canvas import WIDTH_IN, bare_axes, fitted, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analyzers.investigation_report import Spread
    from renderers.charts.palette import Palette

MARGIN_IN, HEAD_IN, PLOT_IN, TICK_IN, LEGEND_IN = 0.2, 0.4, 1.1, 0.3, 0.32
TEXT_PT, TICK_PT = 12.0, 10.0
SPREAD_IN = HEAD_IN + PLOT_IN + TICK_IN + LEGEND_IN
"""Of the whole panel."""
FEWEST_TICKS, MOST_TICKS = 3, 6


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
    title = fitted(f"{place_name(spread)}: time that a request spends there", TEXT_PT, room_in, bold=True)
    write(figure, MARGIN_IN, plot_in + PLOT_IN + HEAD_IN / 2, title, colours.ink, size_pt=TEXT_PT, bold=True)
    _ticks(figure, axes, spread, plot_in - TICK_IN / 2, colours)
    write(figure, MARGIN_IN, bottom_in + LEGEND_IN / 2, _legend(spread), colours.faint, size_pt=TICK_PT)


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
    """A few durations beneath, round ones where the scale has two of them, each with a mark at its place."""
    low, high = axes.get_xlim()
    for tick_ns in tick_durations_ns(spread.edges_ns[0], spread.edges_ns[-1]):
        share = (math.log(tick_ns) - low) / max(high - low, 1e-9)
        align = "left" if share < 0.05 else "right" if share > 0.95 else "center"
        x_in = MARGIN_IN + share * (WIDTH_IN - 2 * MARGIN_IN)
        axes.plot([math.log(tick_ns)] * 2, [0, axes.get_ylim()[1] * 0.04], color=colours.faint, linewidth=0.8)
        write(figure, x_in, y_in, duration_text(tick_ns), colours.faint, size_pt=TICK_PT, align=align)


def tick_durations_ns(first_ns: int, last_ns: int) -> list[int]:
    """Ascending: powers of ten, else round figures between them, else the ends themselves."""
    for rounds in ((1,), (1, 3), (1, 2, 5)):
        ticks = [
            round_ * 10**power
            for power in range(len(str(last_ns)))
            for round_ in rounds
            if first_ns <= round_ * 10**power <= last_ns
        ]
        if len(ticks) >= FEWEST_TICKS:
            return ticks[:: -(-len(ticks) // MOST_TICKS)]
    return [first_ns, last_ns]


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
