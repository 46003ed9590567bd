"""What changed, where it comes from, who feels it: an investigation as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import change_text, duration_text, lift_text, share_text
from renderers.slack.actions import ERRORS, EVIDENCE, SHOW_TRACE
from renderers.slack.change import part_tables
from renderers.slack.glance import joined, stands_on, trace_markup
from renderers.slack.page import Button, Page, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.investigation_report import Cause, Change, Investigation, SharedAttribute
    from renderers.slack.message import SlackView

MOST_CAUSES = 2
MOST_ATTRIBUTES = 1
MOST_FEELING = 3
MOST_FEELING_IN_FULL = 8
MOST_EVIDENCE = 2
MOST_EXEMPLARS = 2
CHANGED = frozenset({"slower", "faster"})
"""What is neither has a sum too, of noise: whoever doubts finds it in the evidence."""
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
        tables=part_tables(report, view.offset) if view.offset or report.verdict in CHANGED else (),
        context=(*_exemplars(report, view), *stands_on(report, view, sure=not report.causes)),
        notes=report.notes,
        buttons=_buttons(report),
        answers=report.verdict != "cannot_tell",
    )


def evidence_page(report: Investigation, view: SlackView) -> Page:
    """All causes with all that speaks for them, all that the slow ones share, all who feel it, and the whole sum."""
    return Page(
        headline=f"Evidence: {report.headline}",
        points=tuple(_evidence(report)),
        tables=part_tables(report, view.offset, in_full=True),
        context=(*_exemplars(report, view), *stands_on(report, view, sure=not report.causes)),
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
        why = "; ".join(_said_there(cause, cause.evidence[:MOST_EVIDENCE]))
        yield Point(
            f"{_where(cause)}:",
            f"{_claim(cause, report.change)}: {why}" if why else _claim(cause, report.change),
        )
    for attribute in report.attributes[:MOST_ATTRIBUTES]:
        yield Point("Shared by the slow ones:", _attribute(attribute))
    if report.impact:
        yield Point("Also felt by:", _felt_by(report, MOST_FEELING))


def _evidence(report: Investigation) -> Iterator[Point]:
    for number, cause in enumerate(report.causes, start=1):
        yield Point(f"Cause {number}, {_where(cause)}:", _claim(cause, report.change))
        for one in _said_there(cause, cause.evidence):
            yield Point("", one)
    for attribute in report.attributes:
        yield Point("Shared by the slow ones:", _attribute_in_full(attribute))
    if report.impact:
        yield Point("Also felt by:", _felt_by(report, MOST_FEELING_IN_FULL))


def _felt_by(report: Investigation, most: int) -> str:
    felt = [f"{one.service} {one.operation} {change_text(one.delta_ns)}" for one in report.impact[:most]]
    rest = len(report.impact) - len(felt)
    return ", ".join([*felt, *([f"{rest} more"] if rest else [])])


def _where(cause: Cause) -> str:
    if cause.caller:
        return f"{cause.caller} → {cause.service}"
    return f"{cause.service} {cause.operation or ''}".rstrip()


def _claim(cause: Cause, change: Change | None) -> str:
    """What changed there, and how much that explains: the time itself may be at places beneath it."""
    whole = "" if change is None or change.measure == "mean" else " of what the mean rose"
    share = f"{share_text(cause.share)}{whole}"
    explained = [f"explains {change_text(cause.delta_ns)} ({share})"] if cause.delta_ns else []
    return ", ".join([CHANGES[cause.change], *explained, f"confidence {cause.confidence}"])


def _said_there(cause: Cause, evidence: Sequence[str]) -> list[str]:
    """Without the name of the place, where the line begins with it already."""
    return [one.removeprefix(f"{_where(cause)}: ") for one in evidence]


def _attribute(one: SharedAttribute) -> str:
    coverage = f"{share_text(one.coverage_ratio)} of them, {lift_text(one.lift)} as often as the others"
    return f"{one.where} {one.key} = {one.value} ({coverage})"


def _attribute_in_full(one: SharedAttribute) -> str:
    same = f"; so do {', '.join(one.same_as)}" if one.same_as else ""
    without = f"without them it would be {duration_text(one.incident_without_ns)}"
    return f"{_attribute(one)}; {without}; q = {one.q_value:.2g}{same}"


def _exemplars(report: Investigation, view: SlackView) -> tuple[str, ...]:
    slow = [trace_markup(one, view) for one in report.exemplars.slow[:MOST_EXEMPLARS]]
    normal = [trace_markup(one, view) for one in report.exemplars.normal[:MOST_EXEMPLARS]]
    parts = [f"slow: {' '.join(slow)}"] if slow else []
    if normal:
        parts.append(f"normal: {' '.join(normal)}")
    return (joined(parts),) if parts else ()


def _buttons(report: Investigation) -> tuple[Button, ...]:
    """The first one is what one looks at next, whatever was found."""
    slow = [Button("Show a slow trace", SHOW_TRACE, 0)] if report.exemplars.slow else []
    at = len(report.exemplars.slow)
    normal = [Button("Show a normal trace", SHOW_TRACE, at)] if report.exemplars.normal else []
    evidence = [Button("Evidence", EVIDENCE)] if report.parts or report.causes else []
    errors = [Button("Errors", ERRORS)]
    match report.verdict:
        case "more_errors":
            ordered = (errors, evidence, slow, normal)
        case "not_slower":
            ordered = (evidence, errors, slow, normal)
        case _:
            ordered = (slow, evidence, normal, errors)
    return tuple(button for group in ordered for button in group)
