"""Waiting that nobody recorded as work: before the first child, and for a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.patterns.context import Claim
from analyzers.table import NO_PARENT
from analyzers.wording import count_text, duration_text, name_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.patterns.context import TraceContext

LONG_SHARE = 0.1
"""Of the trace; every span needs some time before it calls."""
OWN_SHARE = 0.5
"""Of the span's own time; where most of it lies elsewhere, the first wait is not what to look at."""


def wait_before_first_child(trace: TraceContext) -> list[Claim]:
    """Spans on the critical path that let a tenth of the trace pass before their first child began."""
    claims = []
    for row, children in trace.children.items():
        first = children[0]
        gap_ns = trace.surely_ns(trace.start_ns[first] - trace.start_ns[row], row, first)
        starts_here = bool(trace.path.on_path[row]) and trace.path.begin_ns[row] == trace.start_ns[row]
        long = trace.share(gap_ns) >= LONG_SHARE and gap_ns >= OWN_SHARE * trace.own_ns[row]
        if starts_here and long and gap_ns <= trace.own_ns[row] and trace.has_sound_children(row):
            claims.append(_claim(trace, row, first, gap_ns))
    return claims


def _claim(trace: TraceContext, row: int, first: int, gap_ns: int) -> Claim:
    return Claim(
        row=row,
        rows=(row,),
        mended=np.array([row], dtype=np.int64),
        count=1,
        tell=_tell_gap(trace, row, first, gap_ns),
        at_most_ns=gap_ns,
    )


def _tell_gap(trace: TraceContext, row: int, first: int, gap_ns: int) -> Callable[[int], str]:
    spans = trace.spans
    gap = duration_text(gap_ns)
    if gap_ns < trace.start_ns[first] - trace.start_ns[row]:
        gap = f"at least {gap}"
    if spans.service[row] != spans.service[first]:
        between = f"{gap} passed between {trace.name(row)} and {trace.name(first)} beginning"
    else:
        between = f"{gap} passed in {trace.name(row)} before its first child, {name_text(spans.operation_name(first))}, began"
    return lambda saved_ns: (
        f"{between}, with no span: a pool, a queue, the network or own work; without it the trace would end "
        f"{duration_text(saved_ns, 2)} sooner"
    )


def pool_wait(trace: TraceContext) -> list[Claim]:
    """Spans named as waiting for a connection (`pool.acquire`, `getConnection`, `connect`), by service and name."""
    groups: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(trace.path.own_ns).tolist():
        if trace.parent[row] != NO_PARENT and trace.waits_for_pool(row):
            place = (int(trace.spans.service[row]), int(trace.spans.operation[row]))
            groups.setdefault(place, []).append(row)
    return [
        Claim(
            row=rows[0],
            rows=tuple(rows),
            mended=np.array(rows, dtype=np.int64),
            count=len(rows),
            tell=_tell_pool(trace, rows),
        )
        for rows in groups.values()
    ]


def _tell_pool(trace: TraceContext, rows: list[int]) -> Callable[[int], str]:
    return lambda saved_ns: (
        f"{trace.spans.service_name(rows[0])} waited for a connection in {count_text(len(rows), 'span')} "
        f"({name_text(trace.spans.operation_name(rows[0]))}): enough open ones would save about {duration_text(saved_ns, 2)}"
    )
