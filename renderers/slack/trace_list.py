"""Slowest and found traces: one or two lines each, and what dominates them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from analyzers.wording import count_text, duration_beside_text, share_text
from renderers.slack.actions import ERRORS, SHOW_TRACE, WHY
from renderers.slack.dates import date_markup
from renderers.slack.escaping import cut
from renderers.slack.glance import aligned, place_name, stands_on, trace_markup
from renderers.slack.page import Button, Page, Point, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analyzers.report import Dominator, Find, Slowest, TraceSummary
    from renderers.slack.message import SlackView

Row: TypeAlias = tuple[str, ...]

HEAD = ("#", "took", "share", "what dominated it")
MOST_ROWS = 10
MOST_DOMINATORS = 3
MOST_STARTED = 3
MOST_TO_SHOW = 4
LONGEST_STATEMENT = 120


def slowest_page(report: Slowest, view: SlackView) -> Page:
    """What dominates them all, then the traces."""
    return Page(
        headline=report.headline,
        points=tuple(_dominator(one) for one in report.dominated_by[:MOST_DOMINATORS]),
        tables=_table(report.traces, view.offset, _slow_row),
        next_step=_next_step(report, view),
        context=(*_started(report.traces, view), *stands_on(report, view)),
        notes=report.notes if report.traces else report.notes[1:],
        buttons=_buttons(report.traces, view),
        answers=bool(report.traces),
    )


def found_page(report: Find, view: SlackView) -> Page:
    """The traces in the order of the report, failed ones marked by a word."""
    return Page(
        headline=report.headline,
        tables=_table(report.traces, view.offset, _found_row),
        next_step=_next_step(report, view),
        context=(*_started(report.traces, view), *stands_on(report, view)),
        notes=report.notes if report.traces else report.notes[1:],
        buttons=_buttons(report.traces, view),
        answers=bool(report.traces),
    )


def _table(
    traces: Sequence[TraceSummary], offset: int, row: Callable[[int, TraceSummary, int], Row]
) -> tuple[Table, ...]:
    shown = list(enumerate(traces, start=1))[offset : offset + MOST_ROWS]
    if not shown:
        return ()
    longest_ns = max(trace.duration_ns for _, trace in shown)
    first, *lines = aligned([HEAD, *(row(number, trace, longest_ns) for number, trace in shown)])
    return (Table((first,), tuple(lines), offset=offset, whole=len(traces)),)


def _slow_row(number: int, trace: TraceSummary, longest_ns: int) -> Row:
    main = trace.bottleneck
    share, name = (share_text(main.share), place_name(main)) if main else ("", "")
    return (str(number), duration_beside_text(trace.duration_ns, longest_ns), share, name)


def _found_row(number: int, trace: TraceSummary, longest_ns: int) -> Row:
    *figures, name = _slow_row(number, trace, longest_ns)
    return (*figures, f"failed: {name}" if trace.error else name)


def _dominator(one: Dominator) -> Point:
    leads = f", most in {count_text(one.traces, 'trace')}" if one.traces else ""
    statement = f": {cut(one.statement, LONGEST_STATEMENT)}" if one.statement else ""
    return Point(f"{place_name(one)}:", f"{share_text(one.share)} of the time{leads}{statement}")


def _started(traces: Sequence[TraceSummary], view: SlackView) -> tuple[str, ...]:
    """When the first few began, each with its id."""
    shown = list(enumerate(traces, start=1))[view.offset : view.offset + MOST_STARTED]
    return tuple(
        f"{number}  {trace_markup(trace.trace_id, view)} {date_markup(trace.start, view.zone)}"
        for number, trace in shown
    )


def _next_step(report: Slowest | Find, view: SlackView) -> str:
    """What to ask next; where nothing was found, what the report itself says about that."""
    traces = report.traces
    if not traces:
        return " ".join(report.notes[:1])
    if view.report_id is None:
        return f"Next: /trace {traces[0].trace_id}"
    in_thread = len(traces) > 1 and not view.ephemeral  # what one person alone sees begins no thread
    return "Next, in this thread: “show the second one”, “and yesterday?”" if in_thread else ""


def _buttons(traces: Sequence[TraceSummary], view: SlackView) -> tuple[Button, ...]:
    """The first trace, then what failed and why, then the next traces."""
    if not traces:
        return ()
    shown = list(enumerate(traces))[view.offset : view.offset + MOST_TO_SHOW]
    show = [Button(f"Show trace {place + 1}", SHOW_TRACE, place) for place, _ in shown]
    return (*show[:1], Button("Why", WHY), Button("Errors", ERRORS), *show[1:])
