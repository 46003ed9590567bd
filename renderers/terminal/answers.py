"""What the answers about a period share on a page: the headline, what it stands on, remarks, and what to ask next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.text import Text

from analyzers.report import Slowest
from analyzers.wording import count_text
from renderers.short_ids import short_trace_id
from renderers.terminal.instant import local_time
from renderers.terminal.suggestion import command_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.report import MainPlace
    from analyzers.report_base import Report, Window
    from renderers.terminal.pen import Pen

MOST_NOTES = 6
ROOM_FOR_IDS = 110
"""Columns from which on trace ids are shown whole."""


def draw_answer(report: Report, body: Iterable[Text], pen: Pen, trace_id: str | None) -> Iterator[Text]:
    """The page: `body` between the headline and the remarks, at last a trace to look at."""
    yield from pen.paragraph(report.headline, "bold")
    yield from pen.paragraph(pen.spell(_origin(report, pen)), "dim")
    lines = list(body)
    if lines:
        yield Text()
        yield from lines
    notes = list(_notes(report))
    if notes:
        yield Text()
        yield from pen.column("notes", notes)
    if trace_id:
        yield Text()
        yield from command_lines(_command(report, trace_id), pen, "next: ")


def short_id(trace_id: str, pen: Pen) -> str:
    """The id, whole where there is room for it."""
    return trace_id if pen.width >= ROOM_FOR_IDS else short_trace_id(trace_id)


def clock_time(instant: str, pen: Pen) -> str:
    """`15:05:11`, in the reader's zone."""
    return local_time(instant, pen.zone).split(" ")[1] if " " in local_time(instant, pen.zone) else instant


def place_name(place: MainPlace, pen: Pen) -> str:
    """`payment  SELECT cards × 30`, `checkout → payment`."""
    if place.wire:
        return f"{place.wire.caller} {pen.glyphs.arrow} {place.wire.callee}"
    times = f" {pen.glyphs.times} {place.count:,}" if place.count > 1 else ""
    return f"{place.service}  {place.operation}{times}"


def _origin(report: Report, pen: Pen) -> str:
    """From how many traces, of when, from where, how sure."""
    traces = report.searched if isinstance(report, Slowest) and report.searched else report.health.traces
    parts = [count_text(traces, "trace")] if traces else []
    if report.window:
        parts.append(window_text(report.window, pen))
    if report.backend:
        parts.append(report.backend)
    if report.confidence in {"low", "medium"}:
        parts.append(f"confidence {report.confidence}")
    return f" {pen.glyphs.dot} ".join(parts)


def window_text(window: Window, pen: Pen) -> str:
    """`2026-11-22 14:30:00 to 15:30:00 CET`; the day twice where it is another one, the zone where that is."""
    begin, end = (local_time(time, pen.zone) for time in (window.start, window.end))
    (day, _, _), (last_day, _, rest) = begin.partition(" "), end.partition(" ")
    same_zone = begin.split(" ")[2:] == end.split(" ")[2:]
    first = " ".join(begin.split(" ")[:2]) if same_zone else begin
    return f"{first} to {rest if day == last_day and same_zone else end}"


def _notes(report: Report) -> Iterator[Text]:
    yield from (Text(note) for note in report.notes[:MOST_NOTES])
    if len(report.notes) > MOST_NOTES:
        yield Text(f"{count_text(len(report.notes) - MOST_NOTES, 'more remark')} in the JSON")


def _command(report: Report, trace_id: str) -> str:
    words = ["tracewhy", "ask", trace_id]
    return shlex.join([*words, "--backend", report.backend] if report.backend else words)
