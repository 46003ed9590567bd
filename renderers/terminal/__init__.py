"""Reports on a terminal: one screen, the most important first."""

from __future__ import annotations

from functools import partial
from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from analyzers.investigation_report import Compare, Why
from analyzers.report import Breakdown, Choice, Errors, Failure, Find, Operations, Services, Slowest
from renderers.clean import cleaned
from renderers.fixed_width.glyphs import glyphs_for, spelled
from renderers.terminal.failures import draw_errors
from renderers.terminal.instant import local_time
from renderers.terminal.investigation import draw_investigation
from renderers.terminal.operations import draw_operations, draw_services
from renderers.terminal.pen import MARGIN, Pen
from renderers.terminal.sections import MOST_NOTES, draw_sections
from renderers.terminal.suggestion import command_lines, draw_suggestions
from renderers.terminal.trace_list import draw_found, draw_slowest
from renderers.terminal.waterfall import draw_waterfall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from analyzers.report import AnyReport

NARROWEST = 40
"""Below this nothing can be laid out; a narrower terminal breaks the lines itself."""
MOST_CANDIDATES = 12


def render_terminal(
    report: AnyReport, *, width: int, colour: bool, zone: tzinfo, encoding: str = "utf-8"
) -> str:
    """The report as text for people, no line wider than `width` cells, ending in a newline.

    What `encoding` cannot carry is spelled otherwise. With `colour` the text has SGR sequences, and no other; what
    they say is also said by words or signs.
    """
    pen = Pen(max(width, NARROWEST), zone, encoding, glyphs_for(encoding))
    safe = cleaned(report, partial(spelled, encoding=encoding))
    return _printed(_page(safe, pen), pen.width, colour=colour)


def _page(report: AnyReport, pen: Pen) -> Iterator[Text]:
    match report:
        case Breakdown():
            yield from _breakdown(report, pen)
        case Slowest():
            yield from draw_slowest(report, pen)
        case Errors():
            yield from draw_errors(report, pen)
        case Find():
            yield from draw_found(report, pen)
        case Operations():
            yield from draw_operations(report, pen)
        case Services():
            yield from draw_services(report, pen)
        case Why() | Compare():
            yield from draw_investigation(report, pen)
        case Choice():
            yield from _choice(report, pen)
        case Failure():
            yield from pen.paragraph(report.problem, "bold")
            yield from pen.paragraph(report.advice)


def _breakdown(report: Breakdown, pen: Pen) -> Iterator[Text]:
    yield from pen.paragraph(report.headline, "bold")
    yield from pen.paragraph(pen.spell(_origin(report, pen)), "dim")
    if report.span_count:
        yield Text()
        yield from draw_waterfall(report, pen)
        yield Text()
        yield from draw_sections(report, pen)
        yield Text()
        yield from draw_suggestions(report, pen)
    else:
        for note in report.notes[:MOST_NOTES]:
            yield from pen.paragraph(note)


def _origin(report: Breakdown, pen: Pen) -> str:
    """Which trace, when and from where."""
    parts = [f"trace {report.trace_id}"] if report.trace_id else []
    if report.started_at:
        parts.append(local_time(report.started_at, pen.zone))
    if report.backend:
        parts.append(report.backend)
    return f" {pen.glyphs.dot} ".join(parts)


def _choice(report: Choice, pen: Pen) -> Iterator[Text]:
    yield from pen.paragraph(report.headline, "bold")
    for candidate in report.candidates[:MOST_CANDIDATES]:
        yield Text()
        yield from command_lines(candidate.text, pen, MARGIN)
        yield from pen.paragraph(candidate.why, "dim", MARGIN * 2)
    for note in report.notes[:MOST_NOTES]:
        yield from pen.paragraph(note, "dim")


def _printed(lines: Iterable[Text], width: int, *, colour: bool) -> str:
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    with console.capture() as captured:
        for line in lines:
            console.print(_fitted(line, width), no_wrap=True, overflow="ignore", crop=False)
    return captured.get()


def _fitted(line: Text, width: int) -> Text:
    """The line without spaces at its end, and cut where, against all care, it is too wide."""
    line.rstrip()
    if cell_len(line.plain) > width:
        line.truncate(width, overflow="crop")
    return line
