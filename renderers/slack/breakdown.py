"""Where the time of one trace went: what would help, the waterfall, who held the critical path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import count_text, duration_text, or_no_name, share_text
from renderers.slack.actions import ERRORS, WHY
from renderers.slack.dates import date_markup
from renderers.slack.glance import backend_markup, joined, trace_markup
from renderers.slack.page import Button, Page, Point
from renderers.slack.waterfall import waterfall_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.report import Breakdown, Saving, SpanError, Unusual
    from renderers.slack.message import SlackView

MOST_ADVICE = 2
MOST_SERVICES = 5
LEAST_SAVED_SHARE = 0.05
"""Of the trace's duration; a smaller gain is no advice."""


def breakdown_page(report: Breakdown, view: SlackView) -> Page:
    """What to do first, then the picture."""
    return Page(
        headline=report.headline,
        points=tuple(_points(report)),
        tables=waterfall_table(report, view.offset),
        context=(_origin(report, view),),
        notes=report.notes,
        buttons=_buttons(report),
        answers=report.span_count > 0,
    )


def _points(report: Breakdown) -> Iterator[Point]:
    yield from _would_help(report)
    yield from (_unusual(report))
    yield from _errors(report)
    yield from _by_service(report)


def _would_help(report: Breakdown) -> Iterator[Point]:
    """A pattern, since it says what to do; else what is gained where an operation takes no time."""
    for pattern in report.patterns[:MOST_ADVICE]:
        yield Point("Would help:", pattern.detail)
    if report.patterns:
        return
    for saving in report.savings[:1]:
        if saving.saved_ns >= LEAST_SAVED_SHARE * report.duration_ns:
            saved = f"it would end {duration_text(saving.saved_ns)} sooner"
            itself = " itself" if saving.is_root else ""
            yield Point("Would help:", f"without {_name(saving)}{itself} {saved}")


def _unusual(report: Breakdown) -> Iterator[Point]:
    for one in report.unusual[:1]:
        usual = f"usually {duration_text(one.usual_ns.p50)} to {duration_text(one.usual_ns.p95)}"
        yield Point("Unusual:", f"{_name(one)} {duration_text(one.duration_ns)}, {usual}")


def _errors(report: Breakdown) -> Iterator[Point]:
    origins = [error for error in report.errors if error.role == "origin"]
    others = f" (and {len(origins) - 1:,} more)" if len(origins) > 1 else ""
    for error in origins[:1]:
        yield Point("Failed:", f"{_name(error)}{_said(error)}{others}")


def _name(place: Saving | SpanError | Unusual) -> str:
    return f"{place.service} {or_no_name(place.operation)}"


def _said(error: SpanError) -> str:
    said = ": ".join(part for part in (error.type, error.message) if part)
    return f": {said}" if said else ""


def _by_service(report: Breakdown) -> Iterator[Point]:
    """What each service holds of the critical path, and the ways between them together."""
    wire_ns = sum(part.critical_ns for part in report.wire)
    held = [*((one.critical_ns, one.service) for one in report.services), (wire_ns, "the wire")]
    ranked = sorted((part for part in held if part[0]), key=lambda part: (-part[0], part[1]))
    if len(ranked) > 1:
        whole_ns = max(report.duration_ns, 1)
        shares = [f"{name} {share_text(part_ns / whole_ns)}" for part_ns, name in ranked[:MOST_SERVICES]]
        rest = [f"{len(ranked) - MOST_SERVICES} more"] if len(ranked) > MOST_SERVICES else []
        yield Point("By service:", ", ".join([*shares, *rest]))


def _origin(report: Breakdown, view: SlackView) -> str:
    """Which trace, when, how much of it is there, and from where."""
    parts = [f"trace {trace_markup(report.trace_id, view)}"] if report.trace_id else []
    if report.started_at:
        parts.append(date_markup(report.started_at, view.zone))
    if report.span_count:
        parts.append(count_text(report.span_count, "span"))
    if report.backend:
        parts.append(backend_markup(report.backend))
    return joined(parts) or "no trace"


def _buttons(report: Breakdown) -> tuple[Button, ...]:
    if report.root is None:
        return ()
    return (Button("Why", WHY), Button("Errors around it", ERRORS))
