"""Calls one after the other that might run side by side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analyzers.patterns.context import Claim
from analyzers.wording import duration_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzers.patterns.context import TraceContext

MOST_NAMED = 3
"""Calls named in the sentence; the rest are counted."""


def sequential_calls(trace: TraceContext) -> list[Claim]:
    """Reads of different targets under one span, none of which began before the one before it had ended.

    A trace cannot show whether one call needs another's answer, so the sentence says "if". What certainly
    depends on order is left out: anything that may write (only names and methods that say they read count), a second query
    of the same database (one connection answers one at a time), and failed calls.
    """
    claims = []
    for _, calls in trace.calls_by_parent():
        if len(calls) > 1:
            claims += [_claim(trace, run) for run in _runs(trace, calls) if len(run) > 1]
    return claims


def _runs(trace: TraceContext, rows: list[int]) -> Iterator[list[int]]:
    """Stretches of calls that fit, in a row; whatever does not fit ends one."""
    often = Counter(trace.calls[row].where for row in rows)
    run: list[int] = []
    for row in rows:
        call = trace.calls[row]
        fits = call.reads and not call.failed and often[call.where] == 1 and trace.critical_ns[row] > 0
        if run and (not fits or trace.start_ns[row] < trace.end_ns[run[-1]]):
            yield run
            run = []
        if fits:
            run.append(row)
    if run:
        yield run


def _claim(trace: TraceContext, run: list[int]) -> Claim:
    return Claim(
        row=trace.parent[run[0]],
        rows=tuple(run),
        mended=trace.subtrees(trace.but_longest(run)),
        count=len(run),
        tell=_tell(trace, run),
    )


def _tell(trace: TraceContext, run: list[int]) -> Callable[[int], str]:
    calls = [trace.calls[row] for row in run]
    names = [f"{call.callee} {call.text}".strip() for call in calls[:MOST_NAMED]]
    if len(calls) > MOST_NAMED:
        names.append(f"{len(calls) - MOST_NAMED:,} more")
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return lambda saved_ns: (
        f"{listed} run one after the other: side by side they would save about {duration_text(saved_ns, 2)}, "
        "if none needs another's answer"
    )
