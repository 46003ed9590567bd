"""Conditions that another service's spans meet: `slowest checkout where user.tier=gold`, where the frontend knows the user.

What is said of a request stands on one of its spans, seldom on all. Where the spans of the place asked about do not carry a
key at all, any span of the trace may.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.carried import all_attributes, matching_traces, meets
from analyzers.report_base import Condition
from analyzers.wording import name_text
from bot.questions.conditions import least_duration_ns, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray
    from analyzers.table import SpanTable
    from backends.interface import Capabilities, SpanQuery

MOST_READ = 2_000
"""Traces."""
MOST_NAMED = 3


@dataclass(frozen=True)
class Elsewhere:
    """Traces that meet the conditions with the help of spans outside the place asked about."""

    traces: BoolArray
    note: str


def asked_elsewhere(query: SpanQuery, where: Sequence[Condition], can: Capabilities) -> SpanQuery | None:
    """What to ask a store that found nothing; None where the conditions were on all spans already, or there are none.

    One value is looked for in all services. Of several each may stand elsewhere, so that the place is read instead.
    """
    attributes = _on_attributes(where)
    if not attributes or (query.service is None and query.operation is None):
        return None
    wider = replace(query, errors_only=False, limit=max(query.limit, MOST_READ))
    value = query.attributes == tuple((one.key, one.value) for one in attributes) and len(attributes) == 1
    if value and can.search_without_service:
        return replace(wider, service=None, operation=None, min_duration_ns=0)
    return replace(wider, attributes=())


def met_elsewhere(
    spans: SpanTable, inside: BoolArray, query: SpanQuery, where: Sequence[Condition]
) -> Elsewhere | None:
    """The traces with a span inside the place, and for each condition whose key no such span carries one anywhere.

    None where there are none, or where the place's own spans carry all keys: then the values are not there.
    """
    asked = _on_attributes(where)
    own = _keys_of(spans, inside, {one.key for one in asked})
    others = [one for one in asked if one.key not in own]
    if not others or not inside.any():
        return None
    as_asked = {(one.key, one.value) for one in asked if one.op == "="}
    kept = [one for one in asked if one.key in own]
    kept += [
        Condition(key=key, op="=", value=value)
        for key, value in query.attributes
        if (key, value) not in as_asked
    ]
    traces = matching_traces(spans, inside, kept, matches)
    services: set[str] = set()
    for condition in others:
        met = _meeting(spans, traces, condition)
        services |= {spans.service_name(row) for row in met}
        meets = np.zeros(len(traces), dtype=np.bool_)
        meets[spans.trace[met]] = True
        traces = traces & meets
    if not traces.any():
        return None
    return Elsewhere(traces, _note(others, services, query))


def _on_attributes(where: Sequence[Condition]) -> tuple[Condition, ...]:
    return tuple(one for one in where if least_duration_ns(one) is None)


def _keys_of(spans: SpanTable, inside: BoolArray, keys: set[str]) -> set[str]:
    """Those of the keys that spans inside carry."""
    found: set[str] = set()
    for row in np.flatnonzero(inside).tolist():
        found |= keys & all_attributes(spans, row).keys()
        if found == keys:
            break
    return found


def _meeting(spans: SpanTable, traces: BoolArray, condition: Condition) -> list[int]:
    return [
        row
        for row in np.flatnonzero(traces[spans.trace]).tolist()
        if meets(spans, row, (condition,), matches)
    ]


def _note(others: Sequence[Condition], services: set[str], query: SpanQuery) -> str:
    keys = " and ".join(dict.fromkeys(one.key for one in others))
    named = sorted(services)[:MOST_NAMED]
    more = " and others" if len(services) > MOST_NAMED else ""
    place = name_text(query.service or query.operation or "")
    whose = ", ".join(name_text(one) for one in named) + more
    return f"spans of {place} do not carry {keys}: these are requests in whose traces spans of {whose} do"
