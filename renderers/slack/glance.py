"""What the answers about a period share: figures in columns, names cut to a phone, and what an answer stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from analyzers.report import Slowest
from analyzers.wording import count_text
from renderers.fixed_width.cells import shortened
from renderers.short_ids import short_trace_id
from renderers.slack.dates import period_markup
from renderers.slack.escaping import cut, escaped, isolated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analyzers.report import Dominator, MainPlace
    from analyzers.report_base import Report
    from renderers.slack.message import SlackView

WIDTH = 52
"""Columns of what stands in a fixed width: what a phone held upright shows, give or take one break."""
LONGEST_BACKEND = 80
OWN_STORE = "embedded://"
BETWEEN = "  "


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells in columns, to the right but for the last, which holds names and is cut to what room is left."""
    widths = [max(map(cell_len, column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    lead = sum(width + len(BETWEEN) for width in widths)
    return [_line(row, widths, max(WIDTH - lead, 12)) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int], room: int) -> str:
    figures = (
        " " * (width - cell_len(cell)) + cell + BETWEEN for cell, width in zip(row, widths, strict=False)
    )
    return ("".join(figures) + isolated(shortened(row[-1], room, "…"))).rstrip()


def place_name(place: MainPlace | Dominator) -> str:
    """`payment SELECT cards × 30`, `checkout → payment`."""
    if place.wire:
        return f"{place.wire.caller} → {place.wire.callee}"
    count = getattr(place, "count", 1)
    return f"{place.service} {place.operation}" + (f" × {count:,}" if count > 1 else "")


def trace_markup(trace_id: str, view: SlackView) -> str:
    """The beginning of the id, as a link where traces can be looked at."""
    url = view.links.to_trace(trace_id)
    short = escaped(short_trace_id(trace_id))
    return f"<{url}|{short}>" if url else short


def stands_on(report: Report, view: SlackView, *, sure: bool = True) -> tuple[str, ...]:
    """From how many traces, of when, from where, and how sure if that is not said elsewhere; in markup, one element."""
    traces = report.searched if isinstance(report, Slowest) and report.searched else report.health.traces
    parts = [count_text(traces, "trace")] if traces else []
    if report.window:
        parts.append(period_markup(report.window.start, report.window.end, view.zone))
    if report.backend:
        parts.append(backend_markup(report.backend))
    if sure and report.confidence in {"low", "medium"}:
        parts.append(f"confidence {report.confidence}")
    return (joined(parts),) if parts else ()


def backend_markup(backend: str) -> str:
    return escaped(backend_name(backend))


def backend_name(backend: str) -> str:
    """Where the traces are; of our own store not in which folder, which only helps those at its machine."""
    return "tracewhy's own store" if backend.startswith(OWN_STORE) else cut(backend, LONGEST_BACKEND)


def joined(parts: Iterable[str]) -> str:
    return " · ".join(parts)
