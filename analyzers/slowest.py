"""The slowest traces of a period, and the places that dominate them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.places import PlaceKey  # noqa: TC001 - NamedTuple reads its annotations when it runs
from analyzers.report import Dominator, Slowest
from analyzers.sampling import trace_weights
from analyzers.trace_list import edge_of, list_traces
from analyzers.wording import duration_range_text, name_text, place_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.repair import Repaired
    from analyzers.searched import Searched
    from analyzers.table import SpanTable
    from analyzers.trace_list import ListedTrace

MOST_TRACES = 10
MOST_DOMINATORS = 5
LEAST_SHARE = 0.1
"""Of the critical time of the listed traces; a place that holds less, and most of none of them, dominates nothing."""
STANDS_OUT = 0.3
"""Below this share of a trace no place is said to dominate it."""


class _Group(NamedTuple):
    """A place, told apart by what it asked of a database."""

    key: PlaceKey
    statement: str | None


def find_slowest(repaired: Repaired, searched: Searched, most: int = MOST_TRACES) -> Slowest:
    """The traces with the longest roots, longest first; equal ones by start, then by id."""
    spans = repaired.spans
    asked = searched.asked
    if not spans.trace_ids:
        headline = searched.nothing()
        empty = Slowest(
            question=asked.question, asked_at=asked.asked_at, headline=headline, confidence="none"
        )
        return searched.empty(empty)
    listed = list_traces(spans, _slowest(spans, most))
    total = _total(repaired, searched)
    report = Slowest(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=_headline(listed, searched, total, len(spans.trace_ids)),
        confidence="high",
        traces=tuple(one.summary for one in listed),
        dominated_by=_dominators(listed),
        searched=total,
    )
    return searched.complete(report, repaired)


def _total(repaired: Repaired, searched: Searched) -> int:
    """How many traces these are the slowest of, adjusted; 0 where that is not known."""
    if not (searched.truncated or searched.ranked_by_store):
        return round(float(trace_weights(repaired.spans).sum()))
    weighted = not np.isnan(repaired.spans.adjusted_count).all()
    return 0 if weighted or searched.matching is None else searched.matching


def _slowest(spans: SpanTable, most: int) -> list[int]:
    root = spans.root_row
    order = np.lexsort((np.arange(len(root)), spans.start_ns[root], -spans.duration_ns[root]))
    chosen: list[int] = order[:most].tolist()
    return chosen


def _dominators(listed: Sequence[ListedTrace]) -> tuple[Dominator, ...]:
    """The places that hold most of all these traces together, most first, then by name."""
    held: Counter[_Group] = Counter()
    first_in: Counter[_Group] = Counter()
    for one in listed:
        for position, place in enumerate(one.places):
            group = _Group(place.key._replace(is_root=False), place.statement)
            held[group] += place.critical_ns
            first_in[group] += position == 0
    whole_ns = sum(held.values())
    ranked = sorted(held, key=lambda group: (-held[group], str(group)))
    return tuple(
        Dominator(
            service=group.key.service,
            operation=group.key.operation,
            share=held[group] / whole_ns,
            traces=first_in[group],
            statement=group.statement,
            wire=edge_of(group.key),
        )
        for group in ranked
        if first_in[group] or held[group] >= LEAST_SHARE * whole_ns
    )[:MOST_DOMINATORS]


def _headline(listed: Sequence[ListedTrace], searched: Searched, total: int, n_read: int) -> str:
    took = duration_range_text(listed[-1].summary.duration_ns, listed[0].summary.duration_ns)
    if len(listed) == n_read and total == n_read:
        which = f"The {searched.requests(n_read)}" if n_read > 1 else f"The only {searched.requests(1)[2:]}"
    elif total:
        which = f"The {len(listed)} slowest of {searched.requests(total)}"
    elif searched.truncated:
        which = f"The {len(listed)} slowest of the newest {searched.requests(n_read)}"
    else:
        which = f"The {len(listed)} slowest {searched.requests()}"
    return f"{which} {searched.when} took {took}; {_dominance(listed)}."


def _dominance(listed: Sequence[ListedTrace]) -> str:
    """`payment SELECT cards dominates 8 of them`."""
    found = [one.summary.bottleneck for one in listed]
    names = Counter(
        f"the way from {name_text(place.wire.caller)} to {name_text(place.wire.callee)}"
        if place.wire
        else place_text(place.service, place.operation)
        for place in found
        if place and place.share >= STANDS_OUT
    )
    if not names:
        return "no operation stands out"
    name = min(names, key=lambda one: (-names[one], one))
    if len(listed) == 1:
        return f"{name} dominates it"
    return f"{name} dominates {'all' if names[name] == len(listed) else names[name]} of them"
