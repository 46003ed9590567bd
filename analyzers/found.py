"""The traces of one user, order or request."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from analyzers.report import Find
from analyzers.sampling import trace_weights
from analyzers.table import NO_PARENT
from analyzers.trace_list import list_traces
from analyzers.wording import count_text, duration_range_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzers.repair import Repaired
    from analyzers.report import Condition
    from analyzers.searched import Searched
    from analyzers.table import BoolArray, SpanTable

MOST_TRACES = 20
MOST_KEYS = 10
MOST_READ_FOR_KEYS = 20_000
"""Spans, evenly over the table, whose keys are counted."""
LONGEST_KEY = 100


class Matches(Protocol):
    """Whether attributes meet a condition."""

    def __call__(self, attributes: Mapping[str, str], condition: Condition) -> bool: ...


@dataclass(frozen=True)
class Around:
    """What else there is in the period, for a search that matched nothing."""

    keys: tuple[str, ...]
    """The most frequent first."""
    n_traces: int


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
            headline=_nothing(searched, around),
            confidence="none",
        )
        return searched.empty(empty, *(_key_remarks(searched, around) if around else ()))
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


def matching_traces(
    spans: SpanTable, candidates: BoolArray, conditions: Iterable[Condition], matches: Matches
) -> BoolArray:
    """True for traces in which one of the candidate rows meets every condition, shape (n_traces,).

    A span meets one by its own attributes, those of its events, or those of its resource.
    """
    wanted = tuple(conditions)
    result = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    for row in np.flatnonzero(candidates).tolist():
        trace = int(spans.trace[row])
        if not result[trace]:
            attributes = all_attributes(spans, row)
            result[trace] = all(matches(attributes, condition) for condition in wanted)
    return result


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


def all_attributes(spans: SpanTable, row: int) -> dict[str, str]:
    """What is known of a span by key: of the resource, then of events, then its own, which count most."""
    known = dict(spans.resources[int(spans.resource[row])])
    known["service.name"] = spans.service_name(row)
    for event in spans.details.events(row):
        known.update(event.attributes)
    return known | spans.details.attributes(row)


def look_around(spans: SpanTable) -> Around:
    """The keys that spans have, the most frequent first."""
    step = max(1, len(spans) // MOST_READ_FOR_KEYS)
    counts: Counter[str] = Counter()
    for row in range(0, len(spans), step):
        counts.update(all_attributes(spans, row).keys())
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    return Around(tuple(keys), len(spans.trace_ids))


def _headline(repaired: Repaired, searched: Searched) -> str:
    spans = repaired.spans
    durations_ns = spans.duration_ns[spans.root_row]
    took = duration_range_text(int(durations_ns.min()), int(durations_ns.max()))
    if searched.truncated:
        which = f"More {searched.requests()} were found {searched.when} than were read; the newest"
        return f"{which} {len(durations_ns):,} took {took}."
    total = round(float(trace_weights(spans).sum()))
    return f"{searched.requests(total)} {searched.when} took {took}."


def _nothing(searched: Searched, around: Around | None) -> str:
    """Says whether there is anything at all, since that is what one would ask next."""
    if around is None or not around.n_traces:
        return searched.nothing()
    missing = [one.key for one in searched.where if one.key not in around.keys]
    if not missing:
        return searched.nothing()
    where = f" in {searched.asked.backend}" if searched.asked.backend else ""
    return f"No {searched.place}span {searched.when}{where} has the attribute {missing[0]}."


def _key_remarks(searched: Searched, around: Around) -> Iterable[str]:
    if not around.n_traces:
        return
    missing = [one.key for one in searched.where if one.key not in around.keys]
    for key in missing:
        similar = difflib.get_close_matches(key, around.keys, n=1, cutoff=0.7)
        if similar:
            yield f"{similar[0]} is there: did you mean that instead of {key}?"
    if missing:
        listed = ", ".join(key[:LONGEST_KEY] for key in around.keys[:MOST_KEYS])
        yield f"the keys that spans have most often: {listed}"
    else:
        traces = count_text(around.n_traces, "trace")
        which = (
            "the key is there, the value is not" if len(searched.where) == 1 else "no span has all of that"
        )
        yield f"{which}, in {traces} of the period"


def _listed_remarks(n_found: int) -> tuple[str, ...]:
    if n_found <= MOST_TRACES:
        return ()
    return (f"the newest {MOST_TRACES} of {n_found:,} traces are listed",)
