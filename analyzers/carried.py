"""What a span carries by key, whether it stands on the span itself, on one of its events or on its resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from analyzers.record import EVENT_NAME_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzers.arrays import BoolArray
    from analyzers.report_base import Condition
    from analyzers.table import SpanTable


class Matches(Protocol):
    """Whether attributes meet a condition."""

    def __call__(self, attributes: Mapping[str, str], condition: Condition) -> bool: ...


def all_attributes(spans: SpanTable, row: int) -> dict[str, str]:
    """What is known of a span by key: of the resource, then of events, then its own, which count most."""
    known = dict(spans.resources[int(spans.resource[row])])
    known["service.name"] = spans.service_name(row)
    for event in spans.details.events(row):
        known.update(event.attributes)
    return known | spans.details.attributes(row)


def meets(spans: SpanTable, row: int, conditions: Iterable[Condition], matches: Matches) -> bool:
    """Whether a span meets every condition, each by an attribute or by the name of an event."""
    attributes = all_attributes(spans, row)
    return all(
        matches(attributes, condition) or _has_event(spans, row, condition, matches)
        for condition in conditions
    )


def matching_traces(
    spans: SpanTable, candidates: BoolArray, conditions: Iterable[Condition], matches: Matches
) -> BoolArray:
    """True for traces in which one of the candidate rows meets every condition, shape (n_traces,)."""
    wanted = tuple(conditions)
    result = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    for row in np.flatnonzero(candidates).tolist():
        trace = int(spans.trace[row])
        if not result[trace]:
            result[trace] = meets(spans, row, wanted, matches)
    return result


def _has_event(spans: SpanTable, row: int, condition: Condition, matches: Matches) -> bool:
    if condition.key not in EVENT_NAME_KEYS:
        return False
    return any(matches({condition.key: event.name}, condition) for event in spans.details.events(row))
