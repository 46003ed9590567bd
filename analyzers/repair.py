"""Damaged traces made usable: what was wrong is counted, and nothing is lost silently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.builder import canonical_order, side_of
from analyzers.clocks import with_clock_error
from analyzers.completeness import incomplete_traces, unanswered_calls
from analyzers.durations import impossible_durations, with_possible_durations
from analyzers.kernels import (
    NONE,
    PLAIN_SPANS,
    choose_roots,
    cut_circles,
    index_ids,
    link_parents,
    link_plain,
    parents_first,
)
from analyzers.report_base import TraceHealth
from analyzers.skew import NO_SKEW, Skew, correct_skew
from analyzers.table import NO_PARENT, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.skew import HostOffset
    from analyzers.table import SpanTable


@dataclass(frozen=True)
class Repaired:
    """Linked spans, parents before children, and what had to be done to them."""

    spans: SpanTable
    health: TraceHealth
    incomplete: BoolArray
    """Traces of which spans are missing, as far as can be seen, shape (n_traces,)."""
    skew: Skew = NO_SKEW


def repair(spans: SpanTable, clocks: Sequence[HostOffset] = ()) -> Repaired:
    """The table with its parents linked, duplicates dropped, circles cut, durations and clocks put right.

    Each trace gets one root: its first span without a parent, or, where every span names one, the longest of
    those whose parent is missing. Orphans that began while the root ran hang under it, since that is where they
    ran; other tops stay on their own and are charged to nobody.

    Args:
        spans: as they came.
        clocks: what other traces of the time agree on, as their `Repaired.skew.agreed` has it.
    """
    if len(spans) == 0:
        return Repaired(spans, TraceHealth(), np.zeros(0, dtype=np.bool_))
    timed, negative, absurd = with_possible_durations(spans)
    linked, circles = _rooted(_linked(timed))
    measured = with_clock_error(_parents_first(linked))
    aligned, skew = correct_skew(measured, clocks)
    done = _parents_first(_in_canonical_order(aligned)) if skew.moved_spans else aligned
    unanswered = unanswered_calls(done)
    incomplete = incomplete_traces(done, unanswered)
    health = TraceHealth(
        traces=len(done.trace_ids),
        spans=len(spans),
        orphans=int(np.count_nonzero(done.relation == Relation.ORPHAN)),
        multi_root=_multi_root(done),
        rootless=int(np.count_nonzero(done.relation[done.root_row] != Relation.ROOT)),
        duplicates=len(spans) - len(done),
        cycles=circles,
        negative_durations=negative,
        absurd_durations=absurd,
        doubtful_durations=int(np.count_nonzero(impossible_durations(done)[done.root_row])),
        unanswered_calls=len(unanswered),
        skew_corrected=skew.moved_spans,
        doubtful_clocks=skew.doubtful_traces,
        incomplete=int(np.count_nonzero(incomplete)),
        weighted=not bool(np.isnan(done.adjusted_count).any()),
    )
    return Repaired(done, health, incomplete, skew)


def _linked(spans: SpanTable) -> SpanTable:
    """The table with each span once, and with parents and relations."""
    parent = np.full(len(spans), NO_PARENT, dtype=np.int32)
    relation = np.zeros(len(spans), dtype=np.int8)
    plain = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    slots = np.empty(4 * PLAIN_SPANS, dtype=np.int64)
    begin, ids, parent_ids = spans.trace_begin, spans.span_id.view(np.int64), spans.parent_id.view(np.int64)
    follows = _followed_ids(spans)
    if link_plain(begin, ids, parent_ids, follows, parent, relation, plain, slots):
        by_id, room = np.empty(len(spans), dtype=np.int64), np.empty(len(spans), dtype=np.int64)
        duplicate = np.zeros(len(spans), dtype=np.bool_)
        if index_ids(begin, plain, ids, side_of(spans), spans.duration_ns, by_id, duplicate, room):
            return _linked(spans.take(np.flatnonzero(~duplicate)))
        link_parents(
            begin, plain, by_id, ids, parent_ids, follows, spans.kind, spans.service, parent, relation
        )
    return replace(spans, parent_row=parent, relation=relation)


def _rooted(spans: SpanTable) -> tuple[SpanTable, int]:
    """The table without circles and with its roots; how many circles there were."""
    parent, relation = spans.parent_row.copy(), spans.relation.copy()
    root = np.full(len(spans.trace_ids), NO_PARENT, dtype=np.int32)
    circles = cut_circles(parent, relation, np.full(len(spans), NONE, dtype=np.int64))
    choose_roots(spans.trace_begin, spans.start_ns, spans.end_ns, relation, parent, root)
    return replace(spans, parent_row=parent, relation=relation, root_row=root), int(circles)


def _followed_ids(spans: SpanTable) -> Int64Array:
    """For spans without a parent, the span of their own trace that they link to first; else 0."""
    followed = np.zeros(len(spans), dtype=np.int64)
    for row in spans.details.linked_rows:
        trace_id = spans.trace_ids[int(spans.trace[row])]
        own = [link.span_id for link in spans.details.links(row) if link.trace_id == trace_id]
        if own:
            followed[row] = np.array(own[0], dtype=np.uint64).view(np.int64)
    return followed


def _in_canonical_order(spans: SpanTable) -> SpanTable:
    return spans.take(canonical_order(spans))


def _parents_first(spans: SpanTable) -> SpanTable:
    rows, *room = (np.empty(len(spans), dtype=np.int64) for _ in range(3))
    return spans.take(rows) if parents_first(spans.trace_begin, spans.parent_row, rows, *room) else spans


def _multi_root(spans: SpanTable) -> int:
    roots = np.bincount(spans.trace[spans.relation == Relation.ROOT], minlength=len(spans.trace_ids))
    return int(np.count_nonzero(roots > 1))
