"""Errors by service: what was said where they began, and who passed them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import count_text
from renderers.slack.actions import SHOW_TRACE, WHY
from renderers.slack.dates import date_markup
from renderers.slack.glance import aligned, joined, stands_on, trace_markup
from renderers.slack.page import Button, Page, Point, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.report import ErrorGroup, Errors
    from renderers.slack.message import SlackView

MOST_SERVICES = 10
MOST_KINDS = 8
MOST_TOLD = 3
UNSAID = "nothing was recorded"


def errors_page(report: Errors, view: SlackView) -> Page:
    """The kinds of errors that came most often in words; then services, and the other kinds, in figures."""
    kinds = kinds_of_error(report)
    told = kinds[:MOST_TOLD]
    return Page(
        headline=report.headline,
        points=tuple(_told(number, *kind) for number, kind in enumerate(told, start=1)),
        tables=(*_services(report, view.offset), *_kinds(kinds, view.offset)),
        next_step=_next_step(kinds, view),
        context=(*_when(told, view), *stands_on(report, view)),
        notes=report.notes,
        buttons=_buttons(kinds),
        answers=bool(report.services),
    )


def kinds_of_error(report: Errors) -> list[tuple[str, ErrorGroup]]:
    """Every kind with the service in which it began, the most frequent first; a button's place is one of these."""
    kinds = [(service.service, group) for service in report.services for group in service.groups]
    return sorted(kinds, key=lambda kind: -kind[1].count)


def _told(number: int, service: str, group: ErrorGroup) -> Point:
    return Point(f"{number}. {count_text(group.count, 'trace')} in {service}:", _said(group))


def _services(report: Errors, offset: int) -> tuple[Table, ...]:
    shown = report.services[offset : offset + MOST_SERVICES]
    if not shown:
        return ()
    rows = [(f"{one.origin:,}", f"{one.propagated:,}", f"{one.handled:,}", one.service) for one in shown]
    head, *lines = aligned([("began", "passed on", "handled", "service"), *rows])
    return (Table((head,), tuple(lines), offset=offset, whole=len(report.services)),)


def _kinds(kinds: list[tuple[str, ErrorGroup]], offset: int) -> tuple[Table, ...]:
    """What was not told in words yet; it goes on where it is asked for."""
    begin = max(offset, MOST_TOLD)
    shown = kinds[begin : begin + MOST_KINDS]
    if not shown:
        return ()
    rows = [(f"{group.count:,}", f"{service}: {_said(group)}") for service, group in shown]
    head, *lines = aligned([("traces", "what"), *rows])
    return (Table((head,), tuple(lines), offset=begin, whole=len(kinds)),)


def _said(group: ErrorGroup) -> str:
    template = f"“{group.template}”" if group.template else ""
    return " ".join(part for part in (group.type, template) if part) or UNSAID


def _when(told: list[tuple[str, ErrorGroup]], view: SlackView) -> tuple[str, ...]:
    """From when to when each of those told came, with a trace to look at."""
    return tuple(joined(_times(number, group, view)) for number, (_, group) in enumerate(told, start=1))


def _times(number: int, group: ErrorGroup, view: SlackView) -> Iterator[str]:
    first = date_markup(group.first, view.zone)
    yield f"{number}. {first}" if group.first == group.last else f"{number}. first {first}"
    if group.first != group.last:
        yield f"last {date_markup(group.last, view.zone)}"
    if group.exemplars:
        yield f"trace {trace_markup(group.exemplars[0], view)}"


def _next_step(kinds: list[tuple[str, ErrorGroup]], view: SlackView) -> str:
    example = next((group.exemplars[0] for _, group in kinds if group.exemplars), None)
    return f"Next: /trace {example}" if example and view.report_id is None else ""


def _buttons(kinds: list[tuple[str, ErrorGroup]]) -> tuple[Button, ...]:
    """A trace of each of the first kinds."""
    show = [
        Button(f"Show trace {place + 1}", SHOW_TRACE, place)
        for place, (_, group) in enumerate(kinds[:MOST_TOLD])
        if group.exemplars
    ]
    why = [Button("Why", WHY)] if kinds else []
    return (*show[:1], *why, *show[1:])
