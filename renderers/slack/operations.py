"""Operations and services as a table of figures, names last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import duration_text, share_text
from renderers.slack.actions import ERRORS, WHY
from renderers.slack.glance import aligned, stands_on
from renderers.slack.page import Button, Page, Table

if TYPE_CHECKING:
    from analyzers.report import OperationRow, Operations, Services
    from renderers.slack.message import SlackView

MOST_ROWS = 15


def operations_page(report: Operations | Services, view: SlackView) -> Page:
    """One line each; what is usual beside it where anything is known of that."""
    usual = any(row.usual_p95_ns is not None for row in report.rows)
    shown = report.rows[view.offset : view.offset + MOST_ROWS]
    head = ("p95", *(("usual",) if usual else ()), "calls", "errors", "")
    label, *lines = aligned([head, *(_cells(row, usual=usual) for row in shown)])
    table = Table((label,), tuple(lines), offset=view.offset, whole=len(report.rows))
    why = (Button("Why", WHY),) if report.rows else ()
    return Page(
        headline=report.headline,
        tables=(table,) if shown else (),
        context=stands_on(report, view),
        notes=report.notes,
        buttons=(Button("Errors", ERRORS), *why),
        answers=bool(report.rows),
    )


def _cells(row: OperationRow, *, usual: bool) -> tuple[str, ...]:
    known = () if not usual else ("-" if row.usual_p95_ns is None else duration_text(row.usual_p95_ns),)
    status = "" if row.status == "normal" else f"{row.status}: "
    name = row.service if row.operation is None else f"{row.service} {row.operation}"
    errors = share_text(row.error_ratio) if row.error_ratio else "-"
    return (duration_text(row.p95_ns), *known, f"{row.calls:,}", errors, status + name)
