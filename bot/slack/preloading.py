"""What answers need, loaded before anybody asks: an import in the middle of an answer would hold up all others."""

from __future__ import annotations

from importlib import import_module

from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.record import SpanRecord
from analyzers.repair import repair
from analyzers.report_base import Asked

NEEDED = ("numba", "bot.questions.free_text", "bot.services.search", "renderers.slack", "sqlglot")
NOBODYS_TRACE = "1" * 32
SPANS = 600
"""Enough that loops are compiled where numba is there already."""
MS = 1_000_000


def preload() -> None:
    """Import what is heavy, and let it compile what it compiles at first use. Takes seconds; for a thread."""
    for name in NEEDED:
        import_module(name)
    spans = build_table([_span(number) for number in range(SPANS)])
    break_down(repair(spans), NOBODYS_TRACE, Asked(question="", asked_at=""))


def _span(number: int) -> SpanRecord:
    """The root, or one of its children."""
    return SpanRecord(
        trace_id=NOBODYS_TRACE,
        span_id=number + 1,
        parent_id=0 if number == 0 else 1,
        service="tracewhy",
        operation="preload",
        kind=1,
        status=0,
        start_ns=number * MS,
        duration_ns=MS if number else SPANS * MS,
    )
