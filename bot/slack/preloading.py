"""What answers need, loaded before anybody asks: an import in the middle of an answer would hold up all others."""

from __future__ import annotations

from importlib import import_module

from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.record import SpanRecord
from analyzers.repair import repair
from analyzers.report import Asked

NEEDED = ("bot.questions.free_text", "bot.services.search", "renderers.slack", "sqlglot")
NOBODYS_TRACE = "1" * 32


def preload() -> None:
    """Import what is heavy, and let it compile what it compiles at first use. Takes seconds; for a thread."""
    for name in NEEDED:
        import_module(name)
    span = SpanRecord(
        trace_id=NOBODYS_TRACE,
        span_id=1,
        parent_id=0,
        service="tracewhy",
        operation="preload",
        kind=1,
        status=0,
        start_ns=0,
        duration_ns=1,
    )
    break_down(repair(build_table([span])), NOBODYS_TRACE, Asked(question="", asked_at=""))
