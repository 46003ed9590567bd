"""The traces of one user, order or request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.around import around_remarks, nothing_headline
from analyzers.report import Find
from analyzers.sampling import trace_weights
from analyzers.table import NO_PARENT
from analyzers.trace_list import list_traces
from analyzers.wording import duration_range_text

if TYPE_CHECKING:
    from analyzers.around import Around
    from analyzers.arrays import BoolArray
    from analyzers.repair import Repaired
    from analyzers.searched import Searched
    from analyzers.table import SpanTable

MOST_TRACES = 20


def report_found(repaired: Repaired, searched: Searched, around: Around | None = None) -> Find:
    """The traces of the table as what was found, oldest first; the newest ones where there are too many.

    Args:
        repaired: the traces that match, none else.
        searched: the question.
        around: for an empty answer, what there is instead.
    """
    spans = repaired.spans
    asked = searched.asked
    if not spans.trace_ids:
        empty = Find(
            question=asked.question,
            asked_at=asked.asked_at,
            headline=nothing_headline(searched, around),
            confidence="none",
        )
        return searched.empty(empty, *(around_remarks(searched, around) if around else ()))
    starts = spans.start_ns[spans.root_row]
    newest = np.lexsort((np.arange(len(starts)), starts))[-MOST_TRACES:].tolist()
    report = Find(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=_headline(repaired, searched),
        confidence="high",
        traces=tuple(one.summary for one in list_traces(spans, newest)),
        matched_on=searched.where,
    )
    return searched.complete(report, repaired, *_listed_remarks(len(starts)))


def of_traces(spans: SpanTable, traces: BoolArray) -> SpanTable:
    """A table, not repaired yet, with just these traces."""
    kept = spans.take(np.flatnonzero(traces[spans.trace]))
    numbers = np.cumsum(traces) - 1
    trace_ids = tuple(trace_id for trace_id, wanted in zip(spans.trace_ids, traces, strict=True) if wanted)
    return replace(
        kept,
        trace=numbers[kept.trace].astype(np.int32),
        trace_ids=trace_ids,
        root_row=np.full(len(trace_ids), NO_PARENT, dtype=np.int32),
    )


def _headline(repaired: Repaired, searched: Searched) -> str:
    spans = repaired.spans
    durations_ns = spans.duration_ns[spans.root_row]
    took = duration_range_text(int(durations_ns.min()), int(durations_ns.max()))
    if searched.truncated:
        which = f"More {searched.requests()} were found {searched.when} than were read; the newest"
        return f"{which} {len(durations_ns):,} took {took}."
    total = round(float(trace_weights(spans).sum()))
    return f"{searched.requests(total)} {searched.when} took {took}."


def _listed_remarks(n_found: int) -> tuple[str, ...]:
    if n_found <= MOST_TRACES:
        return ()
    return (f"the newest {MOST_TRACES} of {n_found:,} traces are listed",)
