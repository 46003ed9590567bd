"""Much time in a span with nothing recorded beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.patterns.context import Claim
from analyzers.self_time import self_time_ns
from analyzers.table import Kind
from analyzers.wording import duration_text, name_text, share_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.patterns.context import TraceContext

BIG_SHARE = 0.2
"""Of the trace; every span works a little by itself."""


def unexplained_self_time(trace: TraceContext) -> list[Claim]:
    """Spans that hold a fifth of the critical path or more while none of their children runs.

    Not queries, whose statement explains them, nor the caller's side of a recorded call, whose own time is the way there
    and back.
    """
    unexplained_ns = np.minimum(trace.path.own_ns, self_time_ns(trace.spans))
    big = np.flatnonzero(unexplained_ns >= BIG_SHARE * trace.duration_ns).tolist()
    return [
        Claim(
            row=row,
            rows=(row,),
            mended=np.array([row], dtype=np.int64),
            count=1,
            tell=_tell(trace, row, int(unexplained_ns[row])),
            at_most_ns=int(unexplained_ns[row]),
        )
        for row in big
        if trace.has_sound_children(row)
        and not (trace.is_recorded_call(row) or trace.is_query(row) or trace.waits_for_pool(row))
    ]


def _tell(trace: TraceContext, row: int, own_ns: int) -> Callable[[int], str]:
    share = share_text(trace.share(own_ns))
    where = _where(trace, row)
    return lambda saved_ns: (
        f"{duration_text(own_ns)} ({share} of the trace) is {trace.name(row)} itself, {where}: a profile or more spans would "
        f"explain it; at most {duration_text(saved_ns)} to save"
    )


def _where(trace: TraceContext, row: int) -> str:
    """Where in the span the time lies."""
    if row not in trace.children:
        calls = trace.spans.kind[row] == Kind.CLIENT
        return "and the other side records nothing" if calls else "with no span beneath it"
    longest_ns, before, after = _longest_gap(trace, row)
    names = trace.spans.operation_name
    for child in (before, after):
        if child is not None and 2 * trace.surely_ns(longest_ns, row, child) < longest_ns:
            return f"before or after {name_text(names(child))}: clocks do not tell which"
    begins = f"after {name_text(names(before))}" if before is not None else "after its start"
    ends = f"before {name_text(names(after))}" if after is not None else "before its end"
    return f"{duration_text(longest_ns)} of it {begins} and {ends}"


def _longest_gap(trace: TraceContext, row: int) -> tuple[int, int | None, int | None]:
    """The longest stretch without a child, and the children on either side of it."""
    best: tuple[int, int | None, int | None] = (0, None, None)
    until_ns, last = trace.start_ns[row], None
    for child in trace.children[row]:
        if trace.start_ns[child] - until_ns > best[0]:
            best = (trace.start_ns[child] - until_ns, last, child)
        if trace.end_ns[child] > until_ns:
            until_ns, last = trace.end_ns[child], child
    tail_ns = trace.end_ns[row] - until_ns
    return (tail_ns, last, None) if tail_ns > best[0] else best
