"""Slowest and found traces, one a line, and what dominates them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from analyzers.wording import count_text, name_text, place_text
from renderers.terminal.answers import clock_time, draw_answer, place_name, short_id
from renderers.terminal.columns import Column, draw_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.report import Dominator, Find, Slowest, TraceSummary
    from renderers.terminal.pen import Pen

SLOWEST_COLUMNS = (
    Column("", right=True, optional=True),
    Column("took", right=True, style="bold"),
    Column("started", optional=True),
    Column("what dominated it", gives_way=True),
    Column("share", right=True),
    Column("trace", style="cyan"),
)
FOUND_COLUMNS = (
    Column("started"),
    Column("took", right=True, style="bold"),
    Column("what", gives_way=True),
    Column("", style="red"),
    Column("what dominated it", gives_way=True, optional=True),
    Column("trace", style="cyan"),
)


def draw_slowest(report: Slowest, pen: Pen) -> Iterator[Text]:
    return draw_answer(report, _slowest(report, pen), pen, _first(report.traces))


def draw_found(report: Find, pen: Pen) -> Iterator[Text]:
    return draw_answer(report, _found(report, pen), pen, _first(report.traces))


def _first(traces: Sequence[TraceSummary]) -> str | None:
    return traces[0].trace_id if traces else None


def _slowest(report: Slowest, pen: Pen) -> Iterator[Text]:
    if not report.traces:
        return
    longest_ns = report.traces[0].duration_ns
    rows = [
        (
            str(number),
            pen.duration_beside(one.duration_ns, longest_ns),
            clock_time(one.start, pen),
            _main(one, pen),
            pen.share(one.bottleneck.share) if one.bottleneck else "",
            short_id(one.trace_id, pen),
        )
        for number, one in enumerate(report.traces, start=1)
    ]
    yield from draw_table(SLOWEST_COLUMNS, rows, pen)
    yield Text()
    yield from pen.column("together", (Text(_dominator(one, pen)) for one in report.dominated_by))


def _found(report: Find, pen: Pen) -> Iterator[Text]:
    if not report.traces:
        return
    longest_ns = max(one.duration_ns for one in report.traces)
    rows = [
        (
            clock_time(one.start, pen),
            pen.duration_beside(one.duration_ns, longest_ns),
            f"{one.service}  {one.operation}",
            "failed" if one.error else "",
            _main(one, pen),
            short_id(one.trace_id, pen),
        )
        for one in report.traces
    ]
    yield from draw_table(FOUND_COLUMNS, rows, pen)


def _main(one: TraceSummary, pen: Pen) -> str:
    return place_name(one.bottleneck, pen) if one.bottleneck else ""


def _dominator(one: Dominator, pen: Pen) -> str:
    where = (
        f"{name_text(one.wire.caller)} {pen.glyphs.arrow} {name_text(one.wire.callee)}"
        if one.wire
        else place_text(one.service, one.operation)
    )
    of_time = f"{where} {pen.share(one.share)} of the time"
    leads = f", most in {count_text(one.traces, 'trace')}" if one.traces else ""
    return f"{of_time}{leads}" + (f": {one.statement}" if one.statement else "")
