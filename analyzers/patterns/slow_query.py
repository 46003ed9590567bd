"""A single query that holds much of a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.patterns.context import Claim
from analyzers.wording import duration_text, share_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.patterns.context import TraceContext

BIG_SHARE = 0.2
"""Below, something else decides how long the trace takes."""


def slow_query(trace: TraceContext) -> list[Claim]:
    """Queries that hold a fifth of the critical path or more by themselves."""
    return [
        Claim(row=row, rows=tuple(under), mended=under, count=1, tell=_tell(trace, row))
        for row in np.flatnonzero(np.array(trace.critical_ns) >= BIG_SHARE * trace.duration_ns).tolist()
        if row in trace.calls and trace.calls[row].kind == "query"
        for under in [trace.subtrees([row])]
    ]


def _tell(trace: TraceContext, row: int) -> Callable[[int], str]:
    took_ns = trace.end_ns[row] - trace.start_ns[row]
    share = share_text(trace.share(trace.critical_ns[row]))
    return lambda saved_ns: (
        f"one query took {duration_text(took_ns)}, {share} of the trace ({trace.calls[row].text}): a better plan or index "
        f"would save up to {duration_text(saved_ns, 2)}"
    )
