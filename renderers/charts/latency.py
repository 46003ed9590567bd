"""The slowest traces in time: when each began, how long it took, and how much of that its main place holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from analyzers.wording import duration_text
from renderers.charts.canvas import SMALL_PT, TITLE_PT, WIDTH_IN, bare_axes, drawn, wrapped, write
from renderers.charts.palette import palette

if TYPE_CHECKING:
    from datetime import tzinfo

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analyzers.report import Slowest, TraceSummary
    from renderers.charts.palette import Palette

MOST_TRACES = 30
PLOT_IN, LINE_IN, MARGIN_IN, LEFT_IN, TICK_IN, LEGEND_IN = 2.0, 0.2, 0.2, 0.7, 0.3, 0.3
MOST_TITLE_LINES = 3
BAR_SHARE = 1 / 60
"""Of the width: how wide a bar is."""


def render_latency_png(report: Slowest, *, dark: bool, zone: tzinfo = UTC) -> bytes | None:
    """A bar for each trace at the time it began; the full part is the place that held most of it.

    None where there are no traces, or none whose time can be read.
    """
    points = _points(report)
    if not points:
        return None
    colours = palette(dark=dark)
    title = wrapped(report.headline, TITLE_PT, WIDTH_IN - 2 * MARGIN_IN, MOST_TITLE_LINES, bold=True)
    top_in = MARGIN_IN + len(title) * LINE_IN + 0.25
    bottom_in = MARGIN_IN + LEGEND_IN + TICK_IN
    height_in = top_in + PLOT_IN + bottom_in

    def draw(figure: Figure) -> None:
        for number, line in enumerate(title):
            write(figure, MARGIN_IN, height_in - MARGIN_IN - (number + 0.4) * LINE_IN, line, colours.ink, size_pt=TITLE_PT, bold=True)  # fmt: skip
        axes = bare_axes(figure, height_in, LEFT_IN, MARGIN_IN, top_in, bottom_in)
        _scale(axes, points, report)
        _bars(axes, points, colours)
        _labels(figure, axes, points, bottom_in, zone, colours)
        write(figure, MARGIN_IN, MARGIN_IN, "full: the place that held most of it   ·   pale: the rest of the trace", colours.faint, size_pt=SMALL_PT)  # fmt: skip

    return drawn(height_in, colours, draw)


def latency_alt_text(report: Slowest) -> str:
    """What the picture shows, for those who do not see it."""
    took = ", ".join(duration_text(trace.duration_ns) for trace in report.traces[:10])
    return f"Bars of the slowest traces by the time they began. {report.headline} They took {took}."[:2_000]


def _points(report: Slowest) -> list[tuple[float, TraceSummary]]:
    """Each trace with when it began, epoch seconds."""
    return [
        (began_s, trace)
        for trace in report.traces[:MOST_TRACES]
        if (began_s := _epoch_s(trace.start)) is not None
    ]


def _epoch_s(instant: str) -> float | None:
    try:
        return datetime.fromisoformat(instant).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _scale(axes: Axes, points: list[tuple[float, TraceSummary]], report: Slowest) -> None:
    """The period asked about, as far as it is known, else that of the traces."""
    times_s = [began_s for began_s, _ in points]
    if report.window:
        ends_s = (_epoch_s(report.window.start), _epoch_s(report.window.end))
        times_s += [end_s for end_s in ends_s if end_s is not None]
    axes.set_xlim(min(times_s), max(*times_s, min(times_s) + 1))
    axes.set_ylim(0, max(*(trace.duration_ns for _, trace in points), 1) * 1.12)


def _bars(axes: Axes, points: list[tuple[float, TraceSummary]], colours: Palette) -> None:
    low, high = axes.get_xlim()
    width_s = (high - low) * BAR_SHARE * 0.6
    axes.axhline(0, color=colours.faint, linewidth=0.8)
    for began_s, trace in points:
        share = trace.bottleneck.share if trace.bottleneck else 0.0
        axes.bar(began_s, trace.duration_ns, width_s, color=colours.beside, edgecolor=colours.ground, linewidth=0.5, clip_on=False)  # fmt: skip
        axes.bar(began_s, trace.duration_ns * share, width_s, color=colours.slowest, clip_on=False)


def _labels(
    figure: Figure,
    axes: Axes,
    points: list[tuple[float, TraceSummary]],
    bottom_in: float,
    zone: tzinfo,
    colours: Palette,
) -> None:
    """How long the longest took, on the left; when the picture begins and ends, beneath; a number above the first three."""
    (low_s, high_s), top_ns = axes.get_xlim(), axes.get_ylim()[1]
    width_in = WIDTH_IN - LEFT_IN - MARGIN_IN
    longest_ns = max(trace.duration_ns for _, trace in points)
    write(figure, LEFT_IN - 0.08, bottom_in, "0", colours.faint, size_pt=SMALL_PT, align="right")
    at_in = bottom_in + PLOT_IN * longest_ns / top_ns
    write(figure, LEFT_IN - 0.08, at_in, duration_text(longest_ns), colours.faint, size_pt=SMALL_PT, align="right")  # fmt: skip
    for number, (began_s, trace) in enumerate(points[:3], start=1):
        x_in = LEFT_IN + width_in * (began_s - low_s) / (high_s - low_s)
        y_in = bottom_in + PLOT_IN * trace.duration_ns / top_ns + 0.09
        write(figure, x_in, y_in, str(number), colours.ink, size_pt=SMALL_PT, bold=True, align="center")
    write(figure, LEFT_IN, bottom_in - TICK_IN / 2, _time(low_s, zone), colours.faint, size_pt=SMALL_PT)
    write(figure, WIDTH_IN - MARGIN_IN, bottom_in - TICK_IN / 2, _time(high_s, zone), colours.faint, size_pt=SMALL_PT, align="right")  # fmt: skip


def _time(epoch_s: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(epoch_s, zone):%Y-%m-%d %H:%M %Z}".rstrip()
