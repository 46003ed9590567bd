"""Known ways to lose time, found in one trace, each with what mending it would save.

Every pattern is a function of the trace that makes claims; what a claim is worth is found here, by replaying the trace. A
new pattern is one such function, a line in `PATTERNS` and a heading in docs/reference/patterns.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.patterns.context import TraceContext
from analyzers.patterns.fan_out import fan_out
from analyzers.patterns.n_plus_one import n_plus_one_calls, n_plus_one_queries
from analyzers.patterns.retries import retries
from analyzers.patterns.sequential_calls import sequential_calls
from analyzers.patterns.slow_query import slow_query
from analyzers.patterns.unexplained_self_time import unexplained_self_time
from analyzers.patterns.waits import pool_wait, wait_before_first_child
from analyzers.report import Pattern
from analyzers.table import NO_PARENT

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray
    from analyzers.patterns.context import Claim
    from analyzers.table import SpanTable

PATTERNS = {
    "retries": retries,
    "n_plus_one_queries": n_plus_one_queries,
    "n_plus_one_calls": n_plus_one_calls,
    "slow_query": slow_query,
    "pool_wait": pool_wait,
    "wait_before_first_child": wait_before_first_child,
    "sequential_calls": sequential_calls,
    "fan_out": fan_out,
    "unexplained_self_time": unexplained_self_time,
}
"""The more a pattern explains, the earlier it stands: of two that speak of the same spans the earlier one is told."""

MOST_PATTERNS = 10
MOST_TRIED = 5
"""Claims of one pattern that are replayed, the most promising ones; every replay looks at the whole trace."""


def find_patterns(spans: SpanTable, trace: int = 0, waited: BoolArray | None = None) -> tuple[Pattern, ...]:
    """The patterns of one trace, those that save most first; at most ten, none whose saving is negligible.

    Args:
        spans: a repaired table.
        trace: which of its traces.
        waited: which children were waited for, by default `waited_for(spans)`.
    """
    if len(spans) == 0 or spans.root_row[trace] == NO_PARENT:
        return ()
    context = TraceContext(spans, trace, waited)
    told: list[tuple[Pattern, int]] = []
    spoken_of: set[int] = set()
    for pattern, find_claims in PATTERNS.items():
        for claim in _most_promising(context, _sound(context, find_claims(context))):
            saved_ns = _saved_ns(context, claim)
            if context.is_worth(saved_ns) and 2 * len(spoken_of.intersection(claim.rows)) < len(claim.rows):
                told.append((_pattern(context, pattern, claim, saved_ns), claim.row))
                spoken_of.update(claim.rows)
    ranked = sorted(told, key=lambda one: (-one[0].saved_ns, one[0].pattern, one[1]))
    return tuple(pattern for pattern, _ in ranked[:MOST_PATTERNS])


def _sound(context: TraceContext, claims: list[Claim]) -> list[Claim]:
    """Those that rest on no span whose times cannot be."""
    return [claim for claim in claims if not context.impossible[list(claim.rows)].any()]


def _most_promising(context: TraceContext, claims: list[Claim]) -> list[Claim]:
    """Those that may save most: nothing saves more than it holds of the critical path."""
    held = [(int(context.path.own_ns[claim.mended].sum()), claim) for claim in claims]
    worth = [(held_ns, claim) for held_ns, claim in held if context.is_worth(held_ns)]
    worth.sort(key=lambda one: (-one[0], one[1].row))
    return [claim for _, claim in worth[:MOST_TRIED]]


def _saved_ns(context: TraceContext, claim: Claim) -> int:
    saved_ns = context.replay.saved_ns(claim.mended.tolist())
    # What shortening one span saves grows with it until something else ends later: the part saves all of itself or as much.
    return saved_ns if claim.at_most_ns is None else min(saved_ns, claim.at_most_ns)


def _pattern(context: TraceContext, pattern: str, claim: Claim, saved_ns: int) -> Pattern:
    return Pattern(
        pattern=pattern,
        service=context.spans.service_name(claim.row),
        operation=context.spans.operation_name(claim.row),
        count=claim.count,
        saved_ns=saved_ns,
        detail=claim.tell(saved_ns),
    )
