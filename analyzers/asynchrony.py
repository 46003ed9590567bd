"""Which children their parents waited for, and why not the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.table import NO_PARENT, Kind, Relation, Status

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray, Int8Array, Int64Array
    from analyzers.table import SpanTable

EdgeKeys: TypeAlias = frozenset[tuple[str, str, str, str]]
"""(parent service, parent operation, child service, child operation)."""

WAITED = 0
FOLLOWS = 1
CONSUMED = 2
BEGAN_LATER = 3
LEFT_BEHIND = 4
USUALLY_LEFT_BEHIND = 5

WHY = {
    FOLLOWS: "it follows from another span, nobody waited for it",
    CONSUMED: "taken from a queue, nobody waited for it",
    BEGAN_LATER: "began after its parent had ended, nobody waited for it",
    LEFT_BEHIND: "mostly ran after its parent had ended, nobody waited for it",
    USUALLY_LEFT_BEHIND: "its parent usually ends without waiting for it",
}

EDGE_SEEN_AT_LEAST = 30
"""Fewer calls of one operation by another say nothing about habits."""
EDGE_LEFT_BEHIND_RATIO = 0.1
"""From this share on an edge is asynchronous by habit; a server that dies now and then stays below."""


def waited_for(spans: SpanTable, asynchronous: EdgeKeys = frozenset()) -> BoolArray:
    """True where a span's parent could not end before it, shape (n_spans,); True for roots."""
    waited: BoolArray = why_not_waited(spans, asynchronous) == WAITED
    return waited


def why_not_waited(spans: SpanTable, asynchronous: EdgeKeys = frozenset()) -> Int8Array:
    """WAITED, or one of the reasons in `WHY`, for every span, shape (n_spans,).

    A child that outlives its parent was waited for all the same where the parent failed (it gave up waiting), and where
    less than half of the child lies behind the parent's end: servers finish after they have answered.
    `asynchronous` are edges known by habit, see `asynchronous_edges`.
    """
    result = np.zeros(len(spans), dtype=np.int8)
    children = np.flatnonzero(spans.parent_row != NO_PARENT)
    result[children] = _by_time(spans, children)
    if asynchronous:
        result[children[_on_edges(spans, children, asynchronous)]] = USUALLY_LEFT_BEHIND
    parent = spans.parent_row[children]
    consumed = (spans.kind[children] == Kind.CONSUMER) & (spans.kind[parent] != Kind.CONSUMER)
    handed_over = (spans.kind[parent] == Kind.PRODUCER) & (spans.service[children] != spans.service[parent])
    result[children[consumed | handed_over]] = CONSUMED
    result[spans.relation == Relation.FOLLOWS] = FOLLOWS
    return result


def within_answer(spans: SpanTable, waited: BoolArray) -> BoolArray:
    """True where a span and all above it, up to its trace's root, were waited for, shape (n_spans,); rows stand parents first."""
    parents, within = spans.parent_row.tolist(), [False] * len(spans)
    for root in spans.root_row[spans.root_row != NO_PARENT].tolist():
        within[root] = True
    for row in np.flatnonzero(waited & (spans.parent_row != NO_PARENT)).tolist():
        within[row] = within[row] or within[parents[row]]
    return np.array(within, dtype=np.bool_)


def asynchronous_edges(spans: SpanTable) -> EdgeKeys:
    """The edges whose children are left behind by habit, learned from many traces."""
    children = np.flatnonzero(spans.parent_row != NO_PARENT)
    if len(children) < EDGE_SEEN_AT_LEAST:
        return frozenset()
    left = _by_time(spans, children) != WAITED
    edge, first_of_edge = _edge_codes(spans, children)
    seen = np.bincount(edge)
    behind = np.bincount(edge, weights=left)
    habitual = (seen >= EDGE_SEEN_AT_LEAST) & (behind >= EDGE_LEFT_BEHIND_RATIO * seen)
    return frozenset(_edge_key(spans, int(children[first])) for first in first_of_edge[habitual])


def _by_time(spans: SpanTable, children: Int64Array) -> Int8Array:
    """What the times alone say of these children."""
    parent = spans.parent_row[children]
    outlives_ns = spans.end_ns[children] - spans.end_ns[parent]
    parent_gave_up = spans.status[parent] == Status.ERROR
    # Not by clocks alone: a child may seem to begin a granule after its parent has ended.
    outlives = (outlives_ns > spans.clock_error_ns[children]) & ~parent_gave_up
    result = np.where(outlives & (2 * outlives_ns > spans.duration_ns[children]), LEFT_BEHIND, WAITED)
    later = spans.start_ns[children] >= spans.end_ns[parent]
    # A parent of no duration (a broken clock, a marker) says nothing about waiting.
    result[later & outlives & (spans.duration_ns[parent] > 0)] = BEGAN_LATER
    return result.astype(np.int8)


def _edge_codes(spans: SpanTable, children: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Each child's edge as a number from 0, and where each edge occurs first."""
    place = spans.service.astype(np.int64) * len(spans.operations) + spans.operation
    _, places = np.unique(place, return_inverse=True)
    pair = places[spans.parent_row[children]] * (int(places.max()) + 1) + places[children]
    _, first, edge = np.unique(pair, return_index=True, return_inverse=True)
    return edge, first


def _edge_key(spans: SpanTable, child: int) -> tuple[str, str, str, str]:
    parent = int(spans.parent_row[child])
    return (
        spans.service_name(parent),
        spans.operation_name(parent),
        spans.service_name(child),
        spans.operation_name(child),
    )


def _on_edges(spans: SpanTable, children: Int64Array, edges: EdgeKeys) -> BoolArray:
    edge, first = _edge_codes(spans, children)
    known = np.array([_edge_key(spans, int(children[row])) in edges for row in first], dtype=np.bool_)
    return known[edge]
