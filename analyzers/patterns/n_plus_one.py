"""One query or request for each of many things, where one for all of them would do."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from analyzers.patterns.context import Claim
from analyzers.sql import VERBS
from analyzers.table import NO_PARENT
from analyzers.wording import duration_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analyzers.patterns.calls import Call, CallKind
    from analyzers.patterns.context import TraceContext

ALIKE_FROM = 5
"""Fewer like calls under one span are often written out on purpose."""


def n_plus_one_queries(trace: TraceContext) -> list[Claim]:
    """Five or more like statements under one span, or under spans of its own service directly beneath it."""
    return [_claim(trace, rows, _tell_queries) for rows in _alike(trace, "query")]


def n_plus_one_calls(trace: TraceContext) -> list[Claim]:
    """Five or more like requests to another service under one span, or directly beneath its own children."""
    return [_claim(trace, rows, _tell_requests) for rows in _alike(trace, "request")]


def _alike(trace: TraceContext, kind: CallKind) -> list[list[int]]:
    """Rows of like calls. First by parent; what is left over by grandparent, since many a call has a wrapper."""
    rows = [row for row, call in trace.calls.items() if call.kind == kind]
    near = _groups(trace, rows, lambda row: trace.parent[row])
    taken = {row for group in near for row in group}
    far = _groups(trace, [row for row in rows if row not in taken], lambda row: _grandparent(trace, row))
    return near + far


def _groups(trace: TraceContext, rows: Iterable[int], above: Callable[[int], int]) -> list[list[int]]:
    groups: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for row in rows:
        if (parent := above(row)) != NO_PARENT:
            groups.setdefault((parent, trace.calls[row].key), []).append(row)
    return [group for group in groups.values() if len(group) >= ALIKE_FROM]


def _grandparent(trace: TraceContext, row: int) -> int:
    """The span above a wrapper of the same service; NO_PARENT where there is none."""
    parent = trace.parent[row]
    above = trace.parent[parent]
    service = trace.spans.service
    return above if above != NO_PARENT and service[above] == service[parent] else NO_PARENT


def _claim(trace: TraceContext, rows: list[int], tell: Callable[[int, Call], Callable[[int], str]]) -> Claim:
    spared = trace.but_longest(rows)
    pools = _pool_waits(trace, rows)
    spared += trace.but_longest(pools) if pools else []
    # A query's driver spans say the same as the query; what a called service does may be another matter.
    spoken_of = trace.subtrees(rows).tolist() if trace.is_query(rows[0]) else rows
    return Claim(
        row=rows[0],
        rows=(*spoken_of, *pools),
        mended=trace.subtrees(spared),
        count=len(rows),
        tell=tell(len(rows), trace.calls[rows[0]]),
    )


def _pool_waits(trace: TraceContext, rows: list[int]) -> list[int]:
    """The waits for a connection that stand right before one of the queries."""
    wanted = set(rows)
    parents = dict.fromkeys(trace.parent[row] for row in rows)
    return [
        before
        for parent in parents
        for before, row in pairwise(trace.children[parent])
        if row in wanted and before not in wanted and trace.waits_for_pool(before)
    ]


def _tell_queries(count: int, call: Call) -> Callable[[int], str]:
    verb = call.text.split(" ", 1)[0]
    noun = f"{verb}s" if verb in VERBS else "queries"
    remedy = "one query" if call.reads else "one batched statement"
    return lambda saved_ns: (
        f"the {count:,} {noun} are alike ({call.text}): {remedy} would save about {duration_text(saved_ns, 2)}"
    )


def _tell_requests(count: int, call: Call) -> Callable[[int], str]:
    callee = f" to {call.callee}" if call.callee else ""
    return lambda saved_ns: (
        f"the {count:,} calls{callee} are alike ({call.text}): one call for all of them would save about "
        f"{duration_text(saved_ns, 2)}"
    )
