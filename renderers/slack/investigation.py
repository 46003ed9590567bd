"""What changed, where it comes from, who feels it: an investigation as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import duration_text, lift_text, share_text
from renderers.slack.actions import ERRORS, EVIDENCE, SHOW_TRACE
from renderers.slack.glance import aligned, joined, stands_on, trace_markup
from renderers.slack.page import Button, Page, Point, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.report import Cause, Change, Investigation, Part, SharedAttribute
    from renderers.slack.message import SlackView

MOST_CAUSES = 2
MOST_ATTRIBUTES = 1
MOST_FEELING = 3
MOST_PARTS = 8
MOST_EXEMPLARS = 2
MOST_EVIDENCE_PARTS = 40
HEAD = ("change", "share", "where")
CHANGES = {
    "self_time": "takes longer itself",
    "wire": "is reached more slowly",
    "queue": "waits longer to begin",
    "errors": "fails",
    "calls": "is called more often",
    "new": "is new",
    "gone": "is gone",
}


def investigation_page(report: Investigation, view: SlackView) -> Page:
    """Causes first, then what the slow ones share, then the sum."""
    return Page(
        headline=report.headline,
        points=tuple(_points(report)),
        tables=_parts(report, view.offset),
        context=(*_exemplars(report, view), *stands_on(report, view)),
        notes=report.notes,
        buttons=_buttons(report),
        answers=report.verdict != "cannot_tell",
    )


def evidence_page(report: Investigation, view: SlackView) -> Page:
    """All causes with all that speaks for them, all that the slow ones share, all who feel it, and the whole sum."""
    return Page(
        headline=f"Evidence: {report.headline}",
        points=tuple(_evidence(report)),
        tables=_parts(report, view.offset, MOST_EVIDENCE_PARTS),
        context=(*_exemplars(report, view), *stands_on(report, view)),
        notes=report.notes,
        buttons=tuple(button for button in _buttons(report) if button.action == SHOW_TRACE),
        dense=True,
        answers=False,
    )


def exemplars_of(report: Investigation) -> tuple[str, ...]:
    """The traces that buttons show: slow ones, then normal ones."""
    return (*report.exemplars.slow, *report.exemplars.normal)


def _points(report: Investigation) -> Iterator[Point]:
    for cause in report.causes[:MOST_CAUSES]:
        yield Point(f"{_where(cause)}:", _cause(cause, report.change))
    for attribute in report.attributes[:MOST_ATTRIBUTES]:
        yield Point("Shared by the slow ones:", _attribute(attribute))
    if report.impact:
        felt = [
            f"{one.service} {one.operation} {signed(one.delta_ns)}" for one in report.impact[:MOST_FEELING]
        ]
        rest = len(report.impact) - len(felt)
        yield Point("Also felt by:", ", ".join([*felt, *([f"{rest} more"] if rest else [])]))


def _evidence(report: Investigation) -> Iterator[Point]:
    for number, cause in enumerate(report.causes, start=1):
        yield Point(f"Cause {number}, {_where(cause)}:", _cause(cause, report.change, len(cause.evidence)))
    for attribute in report.attributes:
        yield Point("Shared by the slow ones:", _attribute_in_full(attribute))
    for one in report.impact:
        yield Point("Also felt by:", f"{one.service} {one.operation} {signed(one.delta_ns)}")


def _where(cause: Cause) -> str:
    if cause.caller:
        return f"{cause.caller} → {cause.service}"
    return f"{cause.service} {cause.operation or ''}".rstrip()


def _cause(cause: Cause, change: Change | None, most: int = 2) -> str:
    whole = "the change" if change is None or change.measure == "mean" else "what the mean rose"
    figures = f"{signed(cause.delta_ns)}, {share_text(cause.share)} of {whole}" if cause.delta_ns else ""
    evidence = "; ".join(cause.evidence[:most])
    sure = f"confidence {cause.confidence}"
    return "; ".join(part for part in (CHANGES[cause.change], figures, evidence, sure) if part)


def _attribute(one: SharedAttribute) -> str:
    coverage = f"{share_text(one.coverage_ratio)} of them, {lift_text(one.lift)} as often as the others"
    return f"{one.where} {one.key} = {one.value} ({coverage})"


def _attribute_in_full(one: SharedAttribute) -> str:
    same = f"; so do {', '.join(one.same_as)}" if one.same_as else ""
    without = f"without them it would be {duration_text(one.incident_without_ns)}"
    return f"{_attribute(one)}; {without}; q = {one.q_value:.2g}{same}"


def _parts(report: Investigation, offset: int, most: int = MOST_PARTS) -> tuple[Table, ...]:
    shown = report.parts[offset : offset + most]
    if not shown or report.change is None:
        return ()
    head, *lines = aligned([HEAD, *(_part(part, report.change) for part in shown)])
    indent = " " * head.index(HEAD[-1])
    rows = tuple(
        f"{line}\n{indent}{how}" if (how := _how(part)) else line
        for part, line in zip(shown, lines, strict=True)
    )
    return (Table((head,), rows, offset=offset, whole=len(report.parts)),)


def _part(part: Part, change: Change) -> tuple[str, ...]:
    share = share_text(part.delta_ns / change.delta_ns) if change.delta_ns else "-"
    where = f"{part.caller} → {part.service}" if part.caller else f"{part.service} {part.operation}"
    return (signed(part.delta_ns), share, where)


def _how(part: Part) -> str:
    """Of what the change is made, where it is not simply that each call takes longer or less long."""
    kinds = {
        "more calls": part.more_calls_ns,
        "each": part.slower_calls_ns,
        "new": part.new_ns,
        "gone": part.gone_ns,
    }
    said = [f"{kind} {signed(delta_ns)}" for kind, delta_ns in kinds.items() if delta_ns]
    return "" if part.delta_ns == part.slower_calls_ns else ", ".join(said)


def signed(delta_ns: int) -> str:
    """`+1.14 s`, `-20 ms`."""
    return ("+" if delta_ns > 0 else "") + duration_text(delta_ns)


def _exemplars(report: Investigation, view: SlackView) -> tuple[str, ...]:
    slow = [trace_markup(one, view) for one in report.exemplars.slow[:MOST_EXEMPLARS]]
    normal = [trace_markup(one, view) for one in report.exemplars.normal[:MOST_EXEMPLARS]]
    parts = [f"slow {' '.join(slow)}"] if slow else []
    if normal:
        parts.append(f"normal {' '.join(normal)}")
    return (joined(parts),) if parts else ()


def _buttons(report: Investigation) -> tuple[Button, ...]:
    slow = [Button("Show a slow trace", SHOW_TRACE, 0)] if report.exemplars.slow else []
    at = len(report.exemplars.slow)
    normal = [Button("Show a normal trace", SHOW_TRACE, at)] if report.exemplars.normal else []
    evidence = [Button("Evidence", EVIDENCE)] if report.parts or report.causes else []
    return (*slow, *evidence, *normal, Button("Errors", ERRORS))
