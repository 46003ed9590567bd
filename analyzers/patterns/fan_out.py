"""A span with very many children."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analyzers.patterns.context import Claim
from analyzers.wording import duration_text, place_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.patterns.context import TraceContext

MANY_FROM = 100
"""No screen shows more, and no pool of connections is usually larger."""


def fan_out(trace: TraceContext) -> list[Claim]:
    """Spans that wait for a hundred children or more, alike or not."""
    return [
        Claim(
            row=parent,
            rows=tuple(children),
            mended=trace.subtrees(trace.but_longest(children)),
            count=len(children),
            tell=_tell(trace, parent, children),
        )
        for parent, children in trace.children.items()
        if len(children) >= MANY_FROM
    ]


def _tell(trace: TraceContext, parent: int, children: list[int]) -> Callable[[int], str]:
    codes = Counter((trace.spans.service[row], trace.spans.operation[row]) for row in children)
    (service, operation), most = min(codes.items(), key=lambda item: (-item[1], item[0]))
    usual = f"{most:,} × {place_text(trace.spans.services[service], trace.spans.operations[operation])}"
    which = usual if 2 * most >= len(children) else f"of {len(codes):,} operations"
    return lambda saved_ns: (
        f"{trace.name(parent)} has {len(children):,} children ({which}): fewer, larger ones would save up to "
        f"{duration_text(saved_ns, 2)}"
    )
