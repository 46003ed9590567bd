"""An investigation as a picture: how what was usual became what is now, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.wording import change_beside_text, change_text, count_text, duration_text
from renderers.charts.canvas import (
    WIDTH_IN,
    bare_axes,
    drawn,
    fitted,
    width_in,
    write,
)
from renderers.charts.palette import palette
from renderers.charts.spread import SPREAD_IN, draw_spread, spread_alt_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analyzers.investigation_report import Change, Investigation, Part
    from renderers.charts.palette import Palette

MOST_PARTS = 6
ROW_IN, LINE_IN, MARGIN_IN, LABEL_IN, LEGEND_IN = 0.36, 0.24, 0.2, 3.0, 0.3
TEXT_PT, HEAD_PT, LEGEND_PT = 12.0, 13.5, 10.0
"""Larger than those of the waterfall: there are few words, and a phone shows the picture a third as wide."""
BAR = 0.62
SMALL_SHARE = 0.01
"""Of the change."""


@dataclass(frozen=True)
class Step:
    """One bar: from where to where it reaches, and what stands before and behind it."""

    label: str
    begin_ns: int
    end_ns: int
    figure: str
    whole: bool = False
    """A duration from nought, not a change of one."""


def render_change_png(report: Investigation, *, dark: bool) -> bytes | None:
    """Bars from the usual duration to that of now, each beginning where the one before it ended; and the culprit before and now.

    None where there is nothing to compare.
    """
    if report.change is None:
        return None
    colours = palette(dark=dark)
    steps = list(_steps(report.change, report.parts))
    title = fitted(_title(report), HEAD_PT, WIDTH_IN - 2 * MARGIN_IN, bold=True)
    top_in = MARGIN_IN + LINE_IN + 0.1
    panel_in = SPREAD_IN if report.spread else 0.0
    bottom_in = MARGIN_IN + panel_in
    height_in = top_in + len(steps) * ROW_IN + bottom_in + LEGEND_IN

    def draw(figure: Figure) -> None:
        write(figure, MARGIN_IN, height_in - MARGIN_IN - 0.4 * LINE_IN, title, colours.ink, size_pt=HEAD_PT, bold=True)  # fmt: skip
        axes = bare_axes(figure, height_in, MARGIN_IN + LABEL_IN, MARGIN_IN, top_in, bottom_in + LEGEND_IN)
        _scale(axes, steps)
        for number, step in enumerate(steps):
            _step(figure, axes, step, number, height_in - top_in - (number + 0.5) * ROW_IN, colours)
        _connect(axes, steps, colours)
        write(figure, MARGIN_IN, bottom_in + LEGEND_IN / 3, "▸ slower   ·   ◂ faster   ·   each bar begins where the one above it ends", colours.faint, size_pt=LEGEND_PT)  # fmt: skip
        if report.spread:
            draw_spread(figure, report.spread, MARGIN_IN / 2, colours)

    return drawn(height_in, colours, draw)


def change_alt_text(report: Investigation) -> str:
    """What the picture shows, for those who do not see it."""
    if report.change is None:
        return report.headline[:2_000]
    steps = "; ".join(f"{step.label} {step.figure}" for step in _steps(report.change, report.parts))
    spread = f" {spread_alt_text(report.spread)}" if report.spread else ""
    return f"Bars from before to now. {report.headline} {steps}.{spread}"[:2_000]


def _title(report: Investigation) -> str:
    """Not the headline once more, which stands right above the picture."""
    delta_ns = report.change.delta_ns if report.change else 0
    of = f" of {report.scope.service}" if report.scope and report.scope.service else ""
    return f"Where the {change_text(delta_ns)}{of} is" if delta_ns else "Before and now"


def _steps(change: Change, parts: tuple[Part, ...]) -> Iterator[Step]:
    yield _whole(f"{change.measure} before", change.baseline_ns)
    reached_ns, shown = change.baseline_ns, _telling(parts, change)
    for part in shown:
        yield Step(_name(part), reached_ns, reached_ns + part.delta_ns, _figure(part.delta_ns, change))
        reached_ns += part.delta_ns
    rest_ns, others = change.incident_ns - reached_ns, len(parts) - len(shown)
    if others > 0 or (parts and rest_ns):
        label = count_text(others, "other place") if others > 0 else "the rest"
        yield Step(label, reached_ns, change.incident_ns, _figure(rest_ns, change))
    yield _whole(f"{change.measure} now", change.incident_ns)


def _telling(parts: tuple[Part, ...], change: Change) -> list[Part]:
    """The first ones, which are the largest; bars that nobody could see are one bar together."""
    small_ns = SMALL_SHARE * abs(change.delta_ns)
    return [part for part in parts[:MOST_PARTS] if abs(part.delta_ns) >= small_ns]


def _whole(label: str, duration_ns: int) -> Step:
    return Step(label, 0, duration_ns, duration_text(duration_ns), whole=True)


def _name(part: Part) -> str:
    return f"{part.caller} → {part.service}" if part.caller else f"{part.service}  {part.operation}"


def _figure(delta_ns: int, change: Change) -> str:
    return change_beside_text(delta_ns, change.delta_ns) if change.delta_ns else change_text(delta_ns)


def _scale(axes: Axes, steps: list[Step]) -> None:
    """From nought, or from what is less, with room for the figure beside the longest bar."""
    reach_ns = [end for step in steps for end in (step.begin_ns, step.end_ns)]
    low, high = min(0, *reach_ns), max(1, *reach_ns)
    axes.set_xlim(low, high + (high - low) * 0.3)
    axes.set_ylim(len(steps), 0)


def _step(figure: Figure, axes: Axes, step: Step, number: int, y_in: float, colours: Palette) -> None:
    left_ns, right_ns = sorted((step.begin_ns, step.end_ns))
    slower = step.end_ns >= step.begin_ns
    colour = colours.beside if step.whole else colours.slowest if slower else colours.better
    low, high = axes.get_xlim()
    axes.barh(number + 0.5, max(right_ns - left_ns, (high - low) / 400), BAR, left=left_ns, color=colour)
    name = fitted(step.label, TEXT_PT, LABEL_IN - 0.15, bold=step.whole)
    write(figure, MARGIN_IN, y_in, name, colours.ink, size_pt=TEXT_PT, bold=step.whole)
    box = axes.get_position()
    x_in = (box.x0 + box.width * (right_ns - low) / (high - low)) * WIDTH_IN + 0.07
    mark = "" if step.whole or step.begin_ns == step.end_ns else " ▸" if slower else " ◂"
    figure_text = step.figure + mark
    x_in = min(x_in, WIDTH_IN - MARGIN_IN - width_in(figure_text, TEXT_PT, bold=step.whole))
    write(figure, x_in, y_in, figure_text, colours.ink, size_pt=TEXT_PT, bold=step.whole)


def _connect(axes: Axes, steps: list[Step], colours: Palette) -> None:
    """A faint line from the end of each bar to the beginning of the next one."""
    for number, step in enumerate(steps[:-1]):
        axes.plot([step.end_ns] * 2, [number + 0.5 - BAR / 2, number + 1.5 + BAR / 2], color=colours.faint, linewidth=0.6, zorder=0)  # fmt: skip
