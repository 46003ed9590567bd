"""Operations and services as a table of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import share_text
from renderers.terminal.answers import draw_answer
from renderers.terminal.columns import Column, draw_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from analyzers.report import OperationRow, Operations, Services
    from renderers.terminal.pen import Pen

MOST_ROWS = 40
NAMES = (
    Column("service", gives_way=True, style="bold"),
    Column("operation", gives_way=True),
    Column("kind", optional=True),
)
FIGURES = (
    Column("calls", right=True),
    Column("errors", right=True),
    Column("p50", right=True, optional=True),
    Column("p95", right=True, style="bold"),
    Column("p99", right=True, optional=True),
)


def draw_operations(report: Operations, pen: Pen) -> Iterator[Text]:
    rows = [
        (row.service, row.operation or "", row.kind or "", *_figures(row, pen))
        for row in report.rows[:MOST_ROWS]
    ]
    return draw_answer(report, draw_table((*NAMES, *FIGURES), rows, pen) if rows else (), pen, None)


def draw_services(report: Services, pen: Pen) -> Iterator[Text]:
    rows = [(row.service, *_figures(row, pen)) for row in report.rows[:MOST_ROWS]]
    return draw_answer(report, draw_table((NAMES[0], *FIGURES), rows, pen) if rows else (), pen, None)


def _figures(row: OperationRow, pen: Pen) -> tuple[str, ...]:
    return (
        f"{row.calls:,}",
        share_text(row.error_ratio) if row.error_ratio else "-",
        pen.duration(row.p50_ns),
        pen.duration(row.p95_ns),
        pen.duration(row.p99_ns),
    )
