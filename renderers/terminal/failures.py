"""Errors by service: where they began, and what was said there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from renderers.terminal.answers import clock_time, draw_answer, short_id
from renderers.terminal.columns import Column, draw_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.report import ErrorGroup, Errors
    from renderers.terminal.pen import Pen

MOST_SERVICES = 20
MOST_KINDS = 10
SERVICES = (
    Column("service", gives_way=True, style="bold"),
    Column("began here", right=True, style="red"),
    Column("passed on", right=True),
    Column("handled", right=True),
)
KINDS = (
    Column("where", gives_way=True, style="bold"),
    Column("what", gives_way=True),
    Column("traces", right=True, style="red"),
    Column("first - last", optional=True),
    Column("example", style="cyan"),
)


def draw_errors(report: Errors, pen: Pen) -> Iterator[Text]:
    groups = [group for service in report.services for group in service.groups]
    largest = max(groups, key=lambda group: group.count, default=None)
    example = largest.exemplars[0] if largest and largest.exemplars else None
    return draw_answer(report, _body(report, pen), pen, example)


def _body(report: Errors, pen: Pen) -> Iterator[Text]:
    if not report.services:
        return
    rows = [
        (one.service, f"{one.origin:,}", f"{one.propagated:,}", f"{one.handled:,}")
        for one in report.services[:MOST_SERVICES]
    ]
    yield from draw_table(SERVICES, rows, pen)
    kinds = sorted(
        ((one.service, group) for one in report.services for group in one.groups),
        key=lambda kind: -kind[1].count,
    )
    if kinds:
        yield Text()
        yield from draw_table(KINDS, [_kind(*kind, pen) for kind in kinds[:MOST_KINDS]], pen)


def _kind(service: str, group: ErrorGroup, pen: Pen) -> tuple[str, ...]:
    said = f'"{group.template}"' if group.template else ""
    first, last = clock_time(group.first, pen), clock_time(group.last, pen)
    return (
        service,
        " ".join(part for part in (group.type, said) if part) or "nothing was recorded",
        f"{group.count:,}",
        first if first == last else f"{first} - {last}",
        short_id(group.exemplars[0], pen) if group.exemplars else "",
    )
