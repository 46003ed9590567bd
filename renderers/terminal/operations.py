"""Operations and services as a table of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from analyzers.wording import share_text
from renderers.terminal.answers import draw_answer
from renderers.terminal.columns import Column, draw_table
from renderers.terminal.pen import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

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
NORMAL = (Column("usual p95", right=True), Column("status"))


def draw_operations(report: Operations, pen: Pen) -> Iterator[Text]:
    known = _knows_usual(report)
    rows = [
        (row.service, row.operation or "", row.kind or "", *_figures(row, pen, known=known))
        for row in report.rows[:MOST_ROWS]
    ]
    return draw_answer(report, _table((*NAMES, *_columns(known=known)), rows, report, pen), pen, None)


def draw_services(report: Services, pen: Pen) -> Iterator[Text]:
    known = _knows_usual(report)
    rows = [(row.service, *_figures(row, pen, known=known)) for row in report.rows[:MOST_ROWS]]
    return draw_answer(report, _table((NAMES[0], *_columns(known=known)), rows, report, pen), pen, None)


def _table(
    columns: tuple[Column, ...], rows: list[tuple[str, ...]], report: Operations | Services, pen: Pen
) -> Iterator[Text]:
    if rows:
        yield from draw_table(columns, rows, pen)
    if len(report.rows) > len(rows):
        yield Text(f"{MARGIN}and {len(report.rows) - len(rows):,} more in the JSON", "dim")


def _knows_usual(report: Operations | Services) -> bool:
    """Whether there is anything to say of what is normal; else its columns would be empty."""
    return any(row.usual_p95_ns is not None or row.status != "normal" for row in report.rows)


def _columns(*, known: bool) -> tuple[Column, ...]:
    return (*FIGURES, *NORMAL) if known else FIGURES


def _figures(row: OperationRow, pen: Pen, *, known: bool) -> tuple[str, ...]:
    figures = (
        f"{row.calls:,}",
        share_text(row.error_ratio) if row.error_ratio else "-",
        pen.duration(row.p50_ns),
        pen.duration(row.p95_ns),
        pen.duration(row.p99_ns),
    )
    return (*figures, *_normal(row, pen)) if known else figures


def _normal(row: OperationRow, pen: Pen) -> tuple[str, str]:
    """What is usual, and a word where now is not; a row without either is not known yet."""
    if row.usual_p95_ns is None:
        return "-", row.status if row.status != "normal" else ""
    return pen.duration(row.usual_p95_ns), row.status
