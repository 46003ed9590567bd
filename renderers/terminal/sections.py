"""What stands beneath the waterfall: time by service, what would help, what is unusual, errors, the trace itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from analyzers.wording import count_text, or_no_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.report import Breakdown, Saving, SpanError
    from analyzers.report_base import TraceHealth
    from renderers.terminal.pen import Pen

MOST_SERVICES = 7
MOST_ADVICE = 3
LEAST_SAVED_SHARE = 0.05
"""Of the trace's duration; a smaller gain is no advice."""
MOST_ERRORS = 3
MOST_UNUSUAL = 3
MOST_NOTES = 6
LONGEST_NAME = 80
LONGEST_MESSAGE = 400
MORE_LINES_OF_ONE, MORE_LINES_OF_SEVERAL = 3, 1
"""For what was said, after those that the place takes: the rest of the page shall stay on the screen."""
MOST_LINES = 6
"""For a place whose names are long, on a narrow terminal."""


def draw_sections(report: Breakdown, pen: Pen) -> Iterator[Text]:
    yield from pen.section("by service", _by_service(report, pen))
    yield from pen.column("would help", _would_help(report, pen))
    yield from pen.column("unusual", _unusual(report, pen))
    yield from pen.column("errors", _errors(report, pen))
    yield from pen.column("the trace", [Text(_the_trace(report))])


def _by_service(report: Breakdown, pen: Pen) -> Iterator[Text]:
    """What each service holds of the critical path, most first, and what the ways between them hold together."""
    wire_ns = sum(part.critical_ns for part in report.wire)
    held = [(service.critical_ns, service.service) for service in report.services]
    ranked = sorted([*held, (wire_ns, "the wire")], key=lambda part: (-part[0], part[1]))
    parts = [(critical_ns, name) for critical_ns, name in ranked if critical_ns]
    for critical_ns, name in parts[:MOST_SERVICES]:
        share = critical_ns / max(report.duration_ns, 1)
        yield (
            Text()
            .append(pen.short(name, 40), "bold")
            .append(f" {pen.duration_beside(critical_ns, report.duration_ns)} {pen.share(share)}")
        )
    if len(parts) > MOST_SERVICES:
        rest_ns = sum(critical_ns for critical_ns, _ in parts[MOST_SERVICES:])
        yield Text(f"{len(parts) - MOST_SERVICES} more {pen.duration_beside(rest_ns, report.duration_ns)}")


def _would_help(report: Breakdown, pen: Pen) -> Iterator[Text]:
    """Patterns first, since they say what to do; then what is gained where an operation takes no time."""
    patterns = report.patterns[:MOST_ADVICE]
    for pattern in patterns:
        yield Text(pattern.detail)
    explained = {(pattern.service, pattern.operation) for pattern in report.patterns}
    savings = [
        saving
        for saving in report.savings
        if (saving.service, saving.operation) not in explained
        and saving.saved_ns >= LEAST_SAVED_SHARE * report.duration_ns
    ]
    for saving in savings[: MOST_ADVICE - len(patterns)]:
        saved = f"{pen.duration(saving.saved_ns)} sooner"
        itself = " itself" if saving.is_root else ""
        yield Text(f"without {_name(saving, pen)}{itself} it would end {saved}")


def _unusual(report: Breakdown, pen: Pen) -> Iterator[Text]:
    for one in report.unusual[:MOST_UNUSUAL]:
        usual = f"{pen.duration(one.usual_ns.p50)} to {pen.duration(one.usual_ns.p95)}"
        yield Text(f"{one.service} {one.operation} {pen.duration(one.duration_ns)}, usually {usual}")


def _errors(report: Breakdown, pen: Pen) -> Iterator[Text]:
    """Where errors began, with what was said there; then who passed them on or dealt with them, by name."""
    if not report.errors:
        yield Text("none")
        return
    failed = sum(error.role != "handled" for error in report.errors)
    least = "at least " if failed < sum(share.errors for share in report.services) else ""
    origins = Counter(
        (_name(error, pen), _said(error, pen)) for error in report.errors if error.role == "origin"
    )
    more_lines = MORE_LINES_OF_ONE if len(origins) == 1 else MORE_LINES_OF_SEVERAL
    for (name, said), times in list(origins.items())[:MOST_ERRORS]:
        often = f"{least}{times:,} times " if times > 1 else ""
        where = f"began {often}in {name}"
        lines = len(pen.column_lines(where, MOST_LINES)) + more_lines
        yield from (Text(line, "red") for line in pen.column_lines(f"{where}{said}", lines))
    if len(origins) > MOST_ERRORS:
        yield Text(f"and {least}{count_text(len(origins) - MOST_ERRORS, 'other')}")
    by_role = (
        ("passed on by", "propagated", False),
        ("callers gave up on", "propagated", True),
        ("handled by", "handled", False),
    )
    for words, role, victim in by_role:
        some = [error for error in report.errors if error.role == role and error.victim == victim]
        yield from _took_part(words, some, pen)


def _said(error: SpanError, pen: Pen) -> str:
    said = ": ".join(part for part in (error.type, error.message) if part)
    return f": {pen.short(said, LONGEST_MESSAGE)}" if said else ""


def _took_part(words: str, errors: Iterable[SpanError], pen: Pen) -> Iterator[Text]:
    names = list(dict.fromkeys(_name(error, pen) for error in errors))
    if names:
        rest = f" and {len(names) - MOST_ERRORS} more" if len(names) > MOST_ERRORS else ""
        yield Text(f"{words} {', '.join(names[:MOST_ERRORS])}{rest}")


def _name(place: SpanError | Saving, pen: Pen) -> str:
    """Service and operation; some instrumentations write a whole statement as the name of an operation."""
    return f"{pen.short(place.service, LONGEST_NAME)} {pen.short(or_no_name(place.operation), LONGEST_NAME)}"


def _the_trace(report: Breakdown) -> str:
    """How many spans, and what was wrong with them. A remark on clocks alone leaves a trace complete."""
    return "; ".join(_facts(report))


def _facts(report: Breakdown) -> Iterable[str]:
    yield count_text(report.span_count, "span") + _completeness(report.health)
    yield from (note.removesuffix(".") for note in report.notes[:MOST_NOTES])
    if len(report.notes) > MOST_NOTES:
        yield f"{count_text(len(report.notes) - MOST_NOTES, 'more remark')} in the JSON"


def _completeness(health: TraceHealth) -> str:
    """One trace alone cannot show that a leaf is gone which nothing names."""
    if _spans_are_missing(health):
        return ""
    if health.compared_with:
        return f", complete by {count_text(health.compared_with, 'other')} like it"
    return ", none seen to be missing"


def _spans_are_missing(health: TraceHealth) -> bool:
    return bool(
        health.incomplete
        or health.absent_calls
        or health.orphans
        or health.rootless
        or health.unreadable
        or health.truncated
    )
